package import TransparencyLog

/// The entries of the commit being assembled, each carrying the hash of the one before: held in memory, usable without
/// a log.
///
/// One thread fills it; once handed over it no longer changes and any thread may read it.
package final class EntryChain: @unchecked Sendable {
    /// The sequence of its first entry.
    package let base: UInt64
    /// The buffer for `EventLog.commit`.
    package let batch = CommitBuffer()
    private let link: Hash256
    private let isHashed: Bool

    private init(base: UInt64, link: Hash256, isHashed: Bool = true) {
        self.base = base
        self.link = link
        self.isHashed = isHashed
    }

    /// An empty chain at the start of the log of that name.
    package static func genesis(origin: String) -> EntryChain {
        EntryChain(base: 0, link: genesisHash(origin: origin))
    }

    /// An empty chain after an entry given by its bytes.
    package static func behind(_ entry: [UInt8], at sequence: UInt64) -> EntryChain {
        EntryChain(base: sequence + 1, link: leafHash(entry))
    }

    /// An empty chain whose entries carry no true hash of the one before: of a world that is only tried.
    package static func unhashed(from base: UInt64) -> EntryChain {
        EntryChain(base: base, link: Hash256(), isHashed: false)
    }

    /// The number of entries.
    package var count: Int { batch.count }

    private var head: Hash256 { batch.count == 0 ? link : batch.leafHash(batch.count - 1) }

    /// Writes the 44 base64 characters that the next entry carries as `previoushash`.
    package func writeHead(into buffer: UnsafeMutableRawBufferPointer) { unsafe head.writeBase64(into: buffer) }

    /// The hash that the next entry carries as `previoushash`, in base64.
    package var headText: String { head.base64 }

    /// Appends an entry of at most 65,535 bytes.
    package func append(_ entry: UnsafeRawBufferPointer) {
        unsafe batch.append(entry, isHashed ? leafHash(entry) : link)
    }

    /// Removes the entries from number `count` on.
    package func truncate(to count: Int) { batch.truncate(to: count) }

    /// The bytes of entry `index`, in place.
    package func withEntry<R>(_ index: Int, _ body: (UnsafeRawBufferPointer) -> R) -> R {
        unsafe batch.withEntry(index) { unsafe body($0) }
    }

    /// The leaf hash of entry `index` in base64.
    package func hashText(_ index: Int) -> String { batch.leafHash(index).base64 }

    /// Writes the 44 base64 characters of the leaf hash of entry `index`.
    package func writeHash(_ index: Int, into buffer: UnsafeMutableRawBufferPointer) {
        unsafe batch.leafHash(index).writeBase64(into: buffer)
    }

    /// The leaf hash of an entry in base64.
    package static func hashText(of entry: [UInt8]) -> String { leafHash(entry).base64 }

    /// An empty chain after this one.
    package func successor() -> EntryChain {
        EntryChain(base: base + UInt64(count), link: head, isHashed: isHashed)
    }

    /// SHA-256 in lower-case hex, the name of rule files and rule sets.
    package static func digest(_ bytes: [UInt8]) -> String { sha256(bytes).hex }

    fileprivate static func at(_ size: UInt64, _ head: Hash256) -> EntryChain { EntryChain(base: size, link: head) }
}

extension EventLog {
    /// An empty chain at the head of the log.
    package var nextChain: EntryChain { EntryChain.at(size, headHash) }

    /// Lets another writer in; this one must not commit any more. Reading goes on.
    package func endWriting() { lock?.release() }
}

/// The entries of one commit: their concatenated bytes and the leaf hash of each.
///
/// One thread at a time fills it and hands it over; it is reused after `removeAll`.
package final class CommitBuffer: @unchecked Sendable {
    /// The entries' bytes, one after another.
    package private(set) var bytes: [UInt8] = []
    private var ends: [Int] = []
    private var hashes: [Hash256] = []

    /// An empty buffer.
    package init() {}

    /// The number of entries.
    package var count: Int { ends.count }
    /// The total number of bytes of the entries.
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

    /// Removes the entries from number `count` on, as when a cascade is refused.
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
