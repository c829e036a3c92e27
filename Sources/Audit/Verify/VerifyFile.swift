import Glibc

/// Reading whole files.
enum VerifyFile {
    /// The first `most` bytes of a file, or nil where it does not exist.
    static func read(_ path: String, most: Int) throws(VerifyError) -> [UInt8]? {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw .file(operation: "open", path: path, code: errno)
        }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        while bytes.count < most {
            var block = [UInt8](repeating: 0, count: min(1 << 16, most - bytes.count))
            let count = unsafe Glibc.read(descriptor, &block, block.count)
            if count < 0 {
                if errno == EINTR { continue }
                throw .file(operation: "read", path: path, code: errno)
            }
            if count == 0 { break }
            bytes += block[..<count]
        }
        return bytes
    }
}
