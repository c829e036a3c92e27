import Glibc
import TransparencyLog

/// A run of entries in order.
@safe struct VerifyChunk {
    /// How many entries a chunk has, but for the last: a complete subtree of 2^12 leaves.
    static let entries = 4096
    static let level = 12

    /// The number of the chunk, from 0; its first entry is at place `number` × 4,096.
    let number: UInt64
    /// The entry before the first, where there is one.
    let preceding: UnsafeRawBufferPointer?
    /// The entries' bytes.
    let bytes: UnsafeBufferPointer<UnsafeRawBufferPointer>
    /// For each entry, where the source finds it again.
    let locators: UnsafeBufferPointer<UInt64>

    var first: UInt64 { number * UInt64(Self.entries) }
}

/// Where entries, checkpoints and tiles come from. Each thread that verifies takes chunks with a reader of its own.
protocol VerifySource: Sendable {
    /// The newest checkpoint's note, or nil where there is none.
    func newestCheckpoint() throws(VerifyError) -> [UInt8]?
    /// A reader for one thread.
    func reader() throws(VerifyError) -> any VerifyReader
    /// Whether bytes follow the last full entry; known when every chunk was taken.
    func isTorn() -> Bool
}

/// One thread's way to a source.
protocol VerifyReader: AnyObject {
    /// Whether locators are the keys that entries are stored under.
    var hasKeys: Bool { get }
    /// Takes the next chunk and runs a body on it; false where no entries are left.
    func withNextChunk(_ body: (VerifyChunk) throws(VerifyError) -> Void) throws(VerifyError) -> Bool
    /// An entry again, by its locator.
    func entry(_ locator: UInt64) throws(VerifyError) -> [UInt8]?
    /// The signed notes of commits with a size in a range, where the source keeps them.
    func checkpoints(_ sizes: ClosedRange<UInt64>) throws(VerifyError) -> [(size: UInt64, note: [UInt8])]
    /// The largest commit size not above a size, where the source keeps commits.
    func commit(notAbove size: UInt64) throws(VerifyError) -> UInt64?
    /// The hashes of a stored tile with at least `width` of them; empty where it has none, nil where the source keeps no
    /// tiles.
    func tile(_ level: Int, _ index: UInt64, _ width: Int) throws(VerifyError) -> [Hash256]?
}

/// What is to be verified.
package enum VerifyInput: Hashable, Sendable {
    /// A log's environment.
    case log(directory: String)
    /// An NDJSON export, with its checkpoint in another place than beside it.
    case export(path: String, checkpoint: String?)
    /// A tlog-tiles directory.
    case tiles(directory: String)

    /// What a path is: a data directory or its `log`, a tlog-tiles directory, else an export.
    package static func detect(_ path: String) throws(VerifyError) -> VerifyInput {
        func exists(_ name: String) -> Bool { unsafe access(path + name, F_OK) == 0 }
        guard exists("") else { throw .file(operation: "open", path: path, code: errno) }
        if exists("/log/data.mdb") { return .log(directory: path + "/log") }
        if errno == EACCES { throw .file(operation: "open", path: path + "/log/data.mdb", code: EACCES) }
        if exists("/data.mdb") { return .log(directory: path) }
        if exists("/checkpoint") && exists("/tile") { return .tiles(directory: path) }
        if exists("/.") { throw .notALog(path: path, why: "neither a data directory nor a tlog-tiles directory") }
        return .export(path: path, checkpoint: nil)
    }

    func source() throws(VerifyError) -> any VerifySource {
        switch self {
        case .log(let directory): try VerifyLogSource(directory: directory)
        case .export(let path, let checkpoint): try VerifyExportSource(path: path, checkpoint: checkpoint)
        case .tiles(let directory): try VerifyTilesSource(directory: directory)
        }
    }
}

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
