import LMDB
import TransparencyLog

extension EventLog {
    /// Writes the entries up to the newest checkpoint, one a line, to `path` and the checkpoint to `path.checkpoint`.
    ///
    /// Both are written under other names, synced and renamed, the entries first: a crash in between leaves the old
    /// checkpoint beside the new entries, which a verifier reports as incomplete. Gives the number of entries.
    @discardableResult
    package func exportNDJSON(to path: String) throws(EventLogError) -> UInt64 {
        let transaction = try storage { () throws(LMDBError) in try store.environment.read() }
        guard let newest = try storage({ () throws(LMDBError) in try store.newest(transaction) }) else { throw .empty }
        let file = try FileWriter(replacing: path, mode: 0o644)
        unsafe try scanHashed(transaction, 0..<newest.size, size: newest.size) { _, bytes in
            unsafe file.write(bytes)
            file.write(UInt8(ascii: "\n"))
            return !file.hasFailed
        }
        let checkpoint = try FileWriter(replacing: path + ".checkpoint", mode: 0o644)
        checkpoint.write(newest.note)
        try file.sync()
        try checkpoint.sync()
        try file.finish()
        try checkpoint.finish()
        return newest.size
    }
}
