import TransparencyLog

/// The entries of the commit in the making, each linked to the one before: pure memory, usable without a log.
///
/// One thread fills it; once it is handed over nothing changes it any more and any thread may read it.
package final class EntryChain: @unchecked Sendable {
    /// The sequence of its first entry.
    package let base: UInt64
    /// What `EventLog.commit` takes.
    package let batch = CommitBuffer()
    private let link: Hash256

    private init(base: UInt64, link: Hash256) {
        self.base = base
        self.link = link
    }

    /// An empty chain at the start of the log of that name.
    package static func genesis(origin: String) -> EntryChain {
        EntryChain(base: 0, link: genesisHash(origin: origin))
    }

    /// An empty chain behind an entry given by its bytes.
    package static func behind(_ entry: [UInt8], at sequence: UInt64) -> EntryChain {
        EntryChain(base: sequence + 1, link: leafHash(entry))
    }

    /// The number of entries.
    package var count: Int { batch.count }

    private var head: Hash256 { batch.count == 0 ? link : batch.leafHash(batch.count - 1) }

    /// Writes the 44 base64 characters that the next entry carries as `previoushash`.
    package func writeHead(into buffer: UnsafeMutableRawBufferPointer) { unsafe head.writeBase64(into: buffer) }

    /// Appends an entry of at most 65,535 bytes.
    package func append(_ entry: UnsafeRawBufferPointer) { unsafe batch.append(entry, leafHash(entry)) }

    /// Takes back the entries from number `count` on.
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

    /// An empty chain behind this one.
    package func successor() -> EntryChain { EntryChain(base: base + UInt64(count), link: head) }

    /// SHA-256 in lower-case hex, as rule files and rule sets are named.
    package static func digest(_ bytes: [UInt8]) -> String { sha256(bytes).hex }

    fileprivate static func at(_ size: UInt64, _ head: Hash256) -> EntryChain { EntryChain(base: size, link: head) }
}

extension EventLog {
    /// An empty chain at the head of the log.
    package var nextChain: EntryChain { EntryChain.at(size, headHash) }

    /// Lets another writer in; this one must not commit any more. Reading goes on.
    package func endWriting() { lock?.release() }
}
