import Glibc
import TransparencyLog

/// Files that are read and replaced as a whole.
enum SmallFile {
    private static let bytesMax = SignedNote.bytesMax + 1

    /// The bytes of a file; nil if there is none. Of a longer file than a note only that it is longer shows.
    static func read(_ path: String) throws(EventLogError) -> [UInt8]? {
        let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw .file(operation: "open", path: path, code: errno)
        }
        defer { close(file) }
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 1 << 16)
        while bytes.count < bytesMax {
            let count = retryingInterrupted { unsafe Glibc.read(file, &block, block.count) }
            guard count >= 0 else { throw .file(operation: "read", path: path, code: errno) }
            if count == 0 { break }
            bytes += block[..<count]
        }
        return bytes
    }

    /// Replaces a file: the bytes are on the disk under its name when this returns, and before that the old ones.
    static func write(_ bytes: [UInt8], to path: String) throws(EventLogError) {
        let file = try FileWriter(replacing: path, mode: 0o600)
        file.write(bytes)
        try file.finish()
    }

    /// The number of names in a folder, `.` and `..` included.
    static func count(in folder: String) -> Int {
        guard let directory = unsafe opendir(folder) else { return 0 }
        defer { unsafe closedir(directory) }
        var count = 0
        while unsafe readdir(directory) != nil { count += 1 }
        return count
    }
}
