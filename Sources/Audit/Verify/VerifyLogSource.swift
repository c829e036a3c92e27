import Glibc
import LMDB
import Synchronization
import TransparencyLog

/// A log's environment, opened for reading beside a running writer.
///
/// It reads the tables by the format page, not through the writer's module.
final class VerifyLogSource: VerifySource {
    let environment: Environment
    let entries: NamedTable
    let tiles: NamedTable
    let commits: NamedTable
    private let format: [UInt8]?
    /// How many entries there are.
    let count: UInt64
    /// The key of each chunk's first entry, where keys are missing; empty where the keys are 0, 1, 2 and so on.
    private let starts: [UInt64]
    private let next = Atomic<UInt64>(0)

    init(directory: String) throws(VerifyError) {
        guard unsafe access(directory + "/data.mdb", F_OK) == 0 else {
            guard errno == ENOENT || errno == ENOTDIR else {
                throw .file(operation: "open", path: directory + "/data.mdb", code: errno)
            }
            throw .notALog(path: directory, why: "it has no `data.mdb`")
        }
        var options = Environment.Options()
        options.isReadOnly = true
        options.mapSize = 0
        do throws(LMDBError) {
            environment = try Environment(path: directory, options: options)
            try environment.checkPages()
            let meta = try environment.table("meta")
            entries = try environment.table("entries", keys: .integer)
            tiles = try environment.table("tiles")
            commits = try environment.table("commits", keys: .integer)
            let transaction = try environment.read()
            format = try transaction.get(meta, Array("format".utf8))
            count = UInt64(try transaction.count(entries))
            var cursor = try transaction.cursor(entries)
            let last = try cursor.last()?.integerKey
            starts = last == nil || last == count &- 1 ? [] : try Self.starts(transaction, entries)
        } catch {
            switch error.code {
            case .noTable where Self.isLog(directory, options):
                throw .damaged(
                    "\(LMDBError.damaged(directory + "/data.mdb", "it has no table `\(error.table ?? "")`"))")
            case .noTable: throw .notALog(path: directory, why: "\(error)")
            case .noPermission: throw .file(operation: "open", path: directory + "/data.mdb", code: error.raw)
            default: throw VerifyError(error)
            }
        }
        guard format == Array("1".utf8) else {
            let found = format.map { String(decoding: $0, as: UTF8.self) } ?? "none"
            throw .notALog(path: directory, why: "log format `\(found)`, not `1`")
        }
    }

    /// Whether an environment that lacks a table has entries or signed checkpoints all the same.
    private static func isLog(_ directory: String, _ options: Environment.Options) -> Bool {
        guard let environment = try? Environment(path: directory, options: options) else { return false }
        return ["entries", "commits", "tiles"].contains { name in
            guard let table = try? environment.table(name, keys: name == "tiles" ? .bytes : .integer) else {
                return false
            }
            return (try? environment.read().count(table)).map { $0 > 0 } ?? false
        }
    }

    private static func starts(_ transaction: ReadTransaction, _ table: NamedTable) throws(LMDBError) -> [UInt64] {
        var starts: [UInt64] = []
        var cursor = try transaction.cursor(table)
        var item = try cursor.first()
        var i = 0
        while let found = item {
            if i % VerifyChunk.entries == 0 { starts.append(found.integerKey) }
            i += 1
            item = try cursor.next()
        }
        return starts
    }

    func newestCheckpoint() throws(VerifyError) -> [UInt8]? {
        try storage { () throws(LMDBError) in
            let transaction = try environment.read()
            var cursor = try transaction.cursor(commits)
            return try cursor.last().map { unsafe [UInt8]($0.value) }
        }
    }

    func reader() throws(VerifyError) -> any VerifyReader {
        let transaction = try storage { () throws(LMDBError) in try environment.read() }
        return VerifyLogReader(self, transaction)
    }

    func isTorn() -> Bool { false }

    /// The number of the next chunk and the key it starts at; nil where none is left.
    func takeChunk() -> (number: UInt64, key: UInt64)? {
        let number = next.wrappingAdd(1, ordering: .relaxed).oldValue
        let first = number * UInt64(VerifyChunk.entries)
        guard first < count else { return nil }
        return (number, starts.isEmpty ? first : starts[Int(number)])
    }

    func storage<R>(_ body: () throws(LMDBError) -> R) throws(VerifyError) -> R {
        do throws(LMDBError) { return try body() } catch { throw VerifyError(error) }
    }
}
