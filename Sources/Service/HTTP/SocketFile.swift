import Glibc

/// The file of a Unix socket: a stale one is replaced, one that somebody listens on is not, and ours goes when we stop.
struct SocketFile: Sendable {
    let path: String
    /// Where the socket is bound before it has its mode and is renamed to `path`: nobody sees it half made.
    var temporaryPath: String { path + ".new" }

    /// - Throws: where the path is too long, is not a socket, or somebody listens there.
    init(_ path: String) throws(ServiceError) {
        self.path = path
        guard temporaryPath.utf8.count <= ServiceLimits.socketPathBytesMax else {
            throw ServiceError(
                "the socket's path `\(path)` is longer than \(ServiceLimits.socketPathBytesMax - ".new".utf8.count) bytes"
            )
        }
        for path in [path, temporaryPath] {
            guard let status = Self.status(path) else { continue }
            guard status.st_mode & S_IFMT == S_IFSOCK else {
                throw ServiceError("`\(path)` is there and is not a socket")
            }
            guard !Self.isListening(path) else { throw ServiceError("a service listens on `\(path)` already") }
        }
    }

    /// Gives the bound socket its mode, 0660, and its name.
    func publish() throws(ServiceError) {
        guard unsafe chmod(temporaryPath, 0o660) == 0, unsafe rename(temporaryPath, path) == 0 else {
            throw ServiceFiles.failure("make", path)
        }
    }

    /// The file's identity, to remove no other.
    func identity() -> Identity? {
        Self.status(path).map { Identity(device: UInt64($0.st_dev), inode: UInt64($0.st_ino)) }
    }

    struct Identity: Equatable, Sendable {
        let device: UInt64
        let inode: UInt64
    }

    func remove(_ identity: Identity?) {
        guard let identity, identity == self.identity() else { return }
        _ = unsafe unlink(path)
    }

    private static func status(_ path: String) -> stat? {
        var status = stat()
        return unsafe lstat(path, &status) == 0 ? status : nil
    }

    private static func isListening(_ path: String) -> Bool {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { room in
            for (index, byte) in path.utf8.enumerated() where index < room.count - 1 { unsafe room[index] = byte }
        }
        return unsafe withUnsafePointer(to: &address) { address in
            unsafe address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
            }
        }
    }
}
