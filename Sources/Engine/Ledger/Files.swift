import Glibc

/// Small files, read and written whole.
enum Files {
    static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

    static func read(_ path: String) throws(DataDirectoryError) -> [UInt8] {
        let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw failure("read", path) }
        defer { close(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = unsafe chunk.withUnsafeMutableBytes { unsafe Glibc.read(file, $0.baseAddress, $0.count) }
            guard count >= 0 else { throw failure("read", path) }
            if count == 0 { return bytes }
            bytes.append(contentsOf: chunk[..<count])
        }
    }

    /// Writes under a temporary name, syncs and renames. If the process dies before the rename, the old file stands.
    static func write(_ bytes: [UInt8], to path: String, mode: mode_t) throws(DataDirectoryError) {
        let temporary = path + ".new"
        let file = unsafe open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
        guard file >= 0 else { throw failure("write", path) }
        var written = 0
        while written < bytes.count {
            let count = unsafe bytes.withUnsafeBytes {
                unsafe Glibc.write(file, $0.baseAddress! + written, $0.count - written)
            }
            guard count > 0 else {
                close(file)
                throw failure("write", path)
            }
            written += count
        }
        let isSynced = fsync(file) == 0
        close(file)
        guard isSynced, unsafe rename(temporary, path) == 0 else { throw failure("write", path) }
    }

    /// The names in a folder, in byte order.
    static func names(in folder: String) throws(DataDirectoryError) -> [String] {
        guard let directory = unsafe opendir(folder) else { throw failure("read", folder) }
        defer { unsafe closedir(directory) }
        var names: [String] = []
        while let entry = unsafe readdir(directory) {
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    private static func failure(_ operation: String, _ path: String) -> DataDirectoryError {
        DataDirectoryError("cannot \(operation) `\(path)`: \(unsafe String(cString: strerror(errno)))")
    }
}
