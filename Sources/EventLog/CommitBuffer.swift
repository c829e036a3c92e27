package import TransparencyLog

/// The entries of one commit: their bytes in a row and the leaf hash of each.
///
/// It is filled and handed over by one thread at a time, and used again after `removeAll`.
package final class CommitBuffer: @unchecked Sendable {
    /// The entries' bytes, one after another.
    package private(set) var bytes: [UInt8] = []
    private var ends: [Int] = []
    private var hashes: [Hash256] = []

    /// An empty buffer.
    package init() {}

    /// How many entries it holds.
    package var count: Int { ends.count }
    /// How many bytes the entries have together.
    package var bytesCount: Int { bytes.count }

    /// Appends an entry of at most 65,535 bytes and its leaf hash.
    package func append(_ entry: UnsafeRawBufferPointer, _ leafHash: Hash256) {
        precondition(entry.count <= LogFormat.entryBytesMax, "an entry has at most 65,535 bytes")
        unsafe bytes.append(contentsOf: entry)
        ends.append(bytes.count)
        hashes.append(leafHash)
    }

    /// Appends an entry of at most 65,535 bytes and its leaf hash.
    package func append(_ entry: [UInt8], _ leafHash: Hash256) {
        unsafe entry.withUnsafeBytes { unsafe append($0, leafHash) }
    }

    /// The leaf hash of entry `i`.
    package func leafHash(_ i: Int) -> Hash256 { hashes[i] }

    /// The bytes of entry `i`, in place.
    package func withEntry<R>(_ i: Int, _ body: (UnsafeRawBufferPointer) -> R) -> R {
        let start = i == 0 ? 0 : ends[i - 1]
        return unsafe bytes.withUnsafeBytes { unsafe body(UnsafeRawBufferPointer(rebasing: $0[start..<ends[i]])) }
    }

    /// Takes back the entries from number `count` on, as when a cascade is refused.
    package func truncate(to count: Int) {
        guard count < ends.count else { return }
        bytes.removeLast(bytes.count - (count == 0 ? 0 : ends[count - 1]))
        ends.removeLast(ends.count - count)
        hashes.removeLast(hashes.count - count)
    }

    /// Empties the buffer and keeps its memory.
    package func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
        hashes.removeAll(keepingCapacity: true)
    }
}
