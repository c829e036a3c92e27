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
