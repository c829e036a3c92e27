import Glibc
import LMDB
package import TransparencyLog

/// A log that is built of entries which somebody else signed, in a directory of its own. It has one commit, that of the
/// given checkpoint; without a signing key nobody appends to it.
///
/// The entries are compared with nothing but the checkpoint's root: whoever builds it verifies the rest before or after.
/// A process that dies before `finish` leaves a log without a checkpoint, which is empty to every reader.
package final class LogImport {
    private let store: LogStore
    private let lock: WriterLock
    private let checkpoint: Checkpoint
    private let note: [UInt8]
    private let batch = CommitBuffer()
    private var tree = TreeAppender()
    private var base: UInt64 = 0

    /// Creates the log.
    /// - Parameters:
    ///   - note: the signed checkpoint of all entries that will be appended.
    ///   - key: the key that must have signed it.
    /// - Throws: `tampered` for a note that the key did not sign, otherwise as `EventLog.create`.
    package init(directory: String, note: [UInt8], key: VerifierKey) throws(EventLogError) {
        do throws(NoteError) { checkpoint = try Checkpoint.open(note, key: key) } catch {
            throw .tampered(
                sequence: 0, what: "checkpoint", expected: "one signed by `\(key.name)`", found: "\(error)")
        }
        self.note = note
        try EventLog.create(directory: directory, origin: checkpoint.origin, verifierKey: key)
        lock = try WriterLock(directory: directory)
        var options = Environment.Options()
        options.mapSize = LogFormat.mapBytesDefault
        options.maxTables = 4
        let chosen = options
        store = try storage { () throws(LMDBError) in
            try LogStore(Environment(path: directory, options: chosen), create: false)
        }
    }

    /// The number of entries appended.
    package var count: UInt64 { base + UInt64(batch.count) }

    /// Appends an entry.
    /// - Throws: `tampered` for an entry that is too long, `storage` where it cannot be written.
    package func append(_ entry: [UInt8]) throws(EventLogError) {
        guard entry.count <= LogFormat.entryBytesMax else {
            throw .tampered(
                sequence: count, what: "entry", expected: "at most \(LogFormat.entryBytesMax) bytes",
                found: "\(entry.count)")
        }
        batch.append(entry, leafHash(entry))
        if batch.bytesCount >= LogFormat.commitBytesMax { try flush(isLast: false) }
    }

    /// Writes what is left and the checkpoint, if the entries are those that it signs. From then on the log is whole.
    /// - Throws: `tampered` if they are not; `storage` where it cannot be written.
    package func finish() throws(EventLogError) {
        guard count == checkpoint.size else {
            throw .tampered(
                sequence: min(count, checkpoint.size), what: "entries", expected: "\(checkpoint.size)",
                found: "\(count)")
        }
        try flush(isLast: true)
        lock.release()
    }

    private func flush(isLast: Bool) throws(EventLogError) {
        let transaction = try storage { () throws(LMDBError) in try store.environment.write() }
        try storage { () throws(LMDBError) in
            try store.append(batch, to: transaction, from: base, &tree)
        }
        if isLast {
            let root = tree.root()
            guard root == checkpoint.root else {
                throw .tampered(
                    sequence: 0, what: "root of the entries", expected: checkpoint.root.base64, found: root.base64)
            }
            try storage { () throws(LMDBError) in try store.put(note, at: tree.size, in: transaction) }
        }
        do throws(LMDBError) { try transaction.commit() } catch { throw .storage(error) }
        base += UInt64(batch.count)
        batch.removeAll()
    }
}
