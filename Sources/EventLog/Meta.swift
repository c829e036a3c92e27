import LMDB
import TransparencyLog

/// What the `meta` table says of a log.
struct Meta {
    let origin: String
    let verifierKey: VerifierKey

    /// Reads the table and refuses a format that this program does not know.
    static func read(_ store: LogStore, path: String) throws(EventLogError) -> Meta {
        let (format, origin, key) = try storage { () throws(LMDBError) -> ([UInt8]?, [UInt8]?, [UInt8]?) in
            let transaction = try store.environment.read()
            return (
                try transaction.get(store.meta, LogFormat.formatName),
                try transaction.get(store.meta, LogFormat.originName),
                try transaction.get(store.meta, LogFormat.keyName)
            )
        }
        guard let format else { throw .notALog(path: path, why: "it has no format version") }
        guard format.elementsEqual(LogFormat.version.utf8) else {
            throw .formatVersion(path: path, found: String(decoding: format, as: UTF8.self))
        }
        guard let origin, let key, let text = String(validating: origin, as: UTF8.self) else {
            throw .damaged(path, "it has no origin or verifier key")
        }
        do throws(NoteError) {
            let key = try VerifierKey(String(decoding: key, as: UTF8.self))
            guard key.name.utf8.elementsEqual(text.utf8) else {
                throw NoteError.otherOrigin(expected: text, found: key.name)
            }
            return Meta(origin: text, verifierKey: key)
        } catch {
            throw .damaged(path, "its origin or verifier key: \(error)")
        }
    }
}

/// Runs storage calls and gives their errors as the log's.
func storage<R: ~Copyable>(_ body: () throws(LMDBError) -> R) throws(EventLogError) -> R {
    do throws(LMDBError) { return try body() } catch { throw .storage(error) }
}
