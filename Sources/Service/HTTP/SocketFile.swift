import Glibc
import NIOCore

/// The file of a Unix socket. A stale one is replaced, one in use is not, and the service's own is removed when it
/// stops.
struct SocketFile: Sendable {
    private static let privateSuffix = ".n"
    private static let temporarySuffix = privateSuffix + "/s"

    let path: String
    /// A folder that only this user can enter: the socket is bound in it, whatever mode the system gives it.
    private var privateFolder: String { path + Self.privateSuffix }
    /// Path at which the socket is bound until it has its mode and is renamed to `path`: nobody sees it half made.
    var temporaryPath: String { path + Self.temporarySuffix }
    /// The folder that the socket is in.
    private var folder: String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// - Throws: where the path is too long, its folder is missing or may not be written, it is not a socket, or
    ///   somebody listens there.
    init(_ path: String) throws(ServiceError) {
        self.path = path
        guard temporaryPath.utf8.count <= ServiceLimits.socketPathBytesMax else {
            let most = ServiceLimits.socketPathBytesMax - Self.temporarySuffix.utf8.count
            throw ServiceError(
                "the socket's path `\(path)` has \(path.utf8.count) bytes, more than the \(most) that the system takes: "
                    + "name a shorter one with `--socket`")
        }
        guard unsafe access(folder + "/.", W_OK | X_OK) == 0 else {
            let reason = unsafe String(cString: strerror(errno))
            throw ServiceError("cannot make the socket `\(path)` in the folder `\(folder)`: \(reason)")
        }
        guard let status = Self.status(path) else { return }
        guard status.st_mode & S_IFMT == S_IFSOCK else {
            throw ServiceError("`\(path)` is there and is not a socket")
        }
        guard !Self.isListening(path) else { throw ServiceError("a service listens on `\(path)` already") }
    }

    /// Makes the folder that the socket is bound in, or takes the one that a crash left.
    func prepare() throws(ServiceError) {
        if unsafe mkdir(privateFolder, 0o700) != 0 {
            guard errno == EEXIST else { throw ServiceFiles.failure("make", privateFolder) }
            guard let status = Self.status(privateFolder), status.st_mode & S_IFMT == S_IFDIR,
                status.st_uid == geteuid(), status.st_mode & 0o077 == 0
            else { throw ServiceError("`\(privateFolder)` is there and is not a folder of this user alone: remove it") }
        }
        guard unsafe unlink(temporaryPath) == 0 || errno == ENOENT else {
            throw ServiceFiles.failure("remove", temporaryPath)
        }
    }

    /// Gives the bound socket its mode, 0660, and its name.
    func publish() throws(ServiceError) {
        guard unsafe chmod(temporaryPath, 0o660) == 0, unsafe rename(temporaryPath, path) == 0 else {
            throw ServiceFiles.failure("make", path)
        }
        _ = unsafe rmdir(privateFolder)
    }

    /// The file's identity, to remove no other.
    func identity() -> Identity? {
        Self.status(path).map { Identity(device: UInt64($0.st_dev), inode: UInt64($0.st_ino)) }
    }

    struct Identity: Equatable, Sendable {
        let device: UInt64
        let inode: UInt64
    }

    /// Removes the socket, or what was made of it before it had its name.
    func remove(_ identity: Identity?) {
        guard let identity else {
            _ = unsafe unlink(temporaryPath)
            _ = unsafe rmdir(privateFolder)
            return
        }
        guard identity == self.identity() else { return }
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
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { bytes in
            for (index, byte) in path.utf8.enumerated() where index < bytes.count - 1 { unsafe bytes[index] = byte }
        }
        return unsafe withUnsafePointer(to: &address) { address in
            unsafe address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
            }
        }
    }
}

/// Watches over the listening socket: it accepts no more connections than there are files for, and pauses where the
/// system has none left. Further clients wait in the socket's backlog until a connection ends.
final class AcceptGuard: ChannelDuplexHandler {
    typealias InboundIn = any Channel
    typealias InboundOut = any Channel
    typealias OutboundIn = Never
    typealias OutboundOut = Never

    private let connectionsMax: Int
    private var connections = 0
    private var isPaused = false
    private var isResting = false

    init(connectionsMax: Int) { self.connectionsMax = connectionsMax }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        connections += 1
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        unwrapInboundIn(data).closeFuture.hop(to: context.eventLoop).whenComplete { _ in
            let (guarding, context) = bound.value
            guarding.connections -= 1
            guarding.update(context)
        }
        update(context)
        context.fireChannelRead(data)
    }

    func read(context: ChannelHandlerContext) { if !isPaused { context.read() } }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let error = error as? IOError, [EMFILE, ENFILE, ENOBUFS, ENOMEM].contains(error.errnoCode) else {
            return context.fireErrorCaught(error)
        }
        // The connection still waits, so the socket stays readable: asking again at once would never end.
        guard !isResting else { return }
        isResting = true
        update(context)
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        context.eventLoop.scheduleTask(in: .milliseconds(ServiceLimits.acceptRestMilliseconds)) {
            let (guarding, context) = bound.value
            guarding.isResting = false
            guarding.update(context)
        }
    }

    private func update(_ context: ChannelHandlerContext) {
        let pauses = isResting || connections >= connectionsMax
        guard pauses != isPaused else { return }
        isPaused = pauses
        context.channel.setOption(.autoRead, value: !pauses).whenFailure { _ in }
    }
}
