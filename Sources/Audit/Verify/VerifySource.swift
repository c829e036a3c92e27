import Glibc
import TransparencyLog

/// A run of consecutive entries.
@safe struct VerifyChunk {
    /// The number of entries in every chunk but the last: a complete subtree of 2^12 leaves.
    static let entries = 4096
    static let level = 12

    /// The chunk's number, from 0; its first entry has position `number` × 4,096.
    let number: UInt64
    /// The entry before the first, if there is one.
    let preceding: UnsafeRawBufferPointer?
    /// The entries' bytes.
    let bytes: UnsafeBufferPointer<UnsafeRawBufferPointer>
    /// For each entry the key or offset at which the source finds it again.
    let locators: UnsafeBufferPointer<UInt64>

    var first: UInt64 { number * UInt64(Self.entries) }
}

/// A source of entries, checkpoints and tiles. Each verifying thread takes chunks through a reader of its own.
protocol VerifySource: Sendable {
    /// The newest checkpoint's note; nil if there is none.
    func newestCheckpoint() throws(VerifyError) -> [UInt8]?
    /// A reader for one thread.
    func reader() throws(VerifyError) -> any VerifyReader
    /// Indicates that bytes follow the last full entry; valid once every chunk was taken.
    func isTorn() -> Bool
    /// The number of entries, for telling the time left; nil if it is not known before they are read.
    var entriesExpected: UInt64? { get }
}

/// One thread's reader of a source. Every method throws `VerifyError` if the source cannot be read.
protocol VerifyReader: AnyObject {
    /// Indicates that locators are the keys under which entries are stored.
    var hasKeys: Bool { get }
    /// Indicates that a level's last tile, which still grows, may lack hashes.
    var growingTilesMayLag: Bool { get }
    /// Takes the next chunk and calls `body` with it; returns false if no entries are left.
    func withNextChunk(_ body: (VerifyChunk) throws(VerifyError) -> Void) throws(VerifyError) -> Bool
    /// Reads an entry again by its locator.
    func entry(_ locator: UInt64) throws(VerifyError) -> [UInt8]?
    /// The signed notes of the first commits whose size is in a range; empty if the source keeps no commits.
    func checkpoints(_ sizes: ClosedRange<UInt64>, most: Int) throws(VerifyError) -> [(size: UInt64, note: [UInt8])]
    /// The largest commit size not above a size; nil if the source keeps no commits.
    func commit(notAbove size: UInt64) throws(VerifyError) -> UInt64?
    /// The hashes of a stored tile, at least `width` of them; empty if there is no such tile, nil if the source keeps
    /// no tiles.
    func tile(_ level: Int, _ index: UInt64, _ width: Int) throws(VerifyError) -> [Hash256]?
    /// Findings for stored things that the format does not name, where `size` entries were read or signed.
    func strays(size: UInt64, key: VerifierKey) throws(VerifyError) -> [VerifyFinding]
}

/// A source that keeps neither keys nor commits, and nothing beside its entries.
extension VerifyReader {
    var hasKeys: Bool { false }
    var growingTilesMayLag: Bool { false }
    func strays(size: UInt64, key: VerifierKey) throws(VerifyError) -> [VerifyFinding] { [] }
    func checkpoints(
        _ sizes: ClosedRange<UInt64>, most: Int
    ) throws(VerifyError) -> [(size: UInt64, note: [UInt8])] { [] }
    func commit(notAbove size: UInt64) throws(VerifyError) -> UInt64? { nil }
}

/// The input of a verification.
package enum VerifyInput: Hashable, Sendable {
    /// A log's LMDB environment.
    case log(directory: String)
    /// An NDJSON export, and its checkpoint if that is not beside it.
    case export(path: String, checkpoint: String?)
    /// A tlog-tiles directory.
    case tiles(directory: String)

    /// Classifies a path: a data directory or its `log`, a tlog-tiles directory, otherwise an export.
    /// - Throws: `VerifyError` if the path cannot be read, or is a directory of another kind.
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

/// Reading of files, with code of the verifier's own.
enum VerifyFile {
    /// The first `most` bytes of a file; nil if it does not exist.
    /// - Throws: `VerifyError.file` if it cannot be read.
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
            let count = try readBlock(descriptor, path, into: &block)
            if count == 0 { break }
            bytes += block[..<count]
        }
        return bytes
    }

    /// Reads the next bytes of a file into a block; returns their number, 0 at the end of the file.
    static func readBlock(
        _ descriptor: Int32, _ path: String, into block: inout [UInt8]
    ) throws(VerifyError) -> Int {
        let count = retrying { unsafe Glibc.read(descriptor, &block, block.count) }
        guard count >= 0 else { throw .file(operation: "read", path: path, code: errno) }
        return count
    }

    /// The result of a system call, which is made again while a signal interrupts it.
    static func retrying(_ call: () -> Int) -> Int {
        while true {
            let result = call()
            if result >= 0 || errno != EINTR { return result }
        }
    }
}
