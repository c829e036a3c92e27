import Glibc
import LMDB
import Synchronization
import TransparencyLog

/// A log's LMDB environment, opened for reading beside a running writer.
///
/// Reads the tables as the format page describes them, not through the writer's module.
final class VerifyLogSource: VerifySource {
    let environment: Environment
    let entries: NamedTable
    let tiles: NamedTable
    let commits: NamedTable
    let meta: NamedTable
    /// The entries, read from the pages that LMDB keeps them in.
    let leaves: PageLeaves
    private let format: [UInt8]?
    /// The number of entries.
    let count: UInt64
    /// The key of each chunk's first entry if keys are missing; empty if the keys are 0, 1, 2 and so on.
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
            leaves = try PageLeaves(environment, table: "entries")
            meta = try environment.table("meta")
            entries = try environment.table("entries", keys: .integer)
            tiles = try environment.table("tiles")
            commits = try environment.table("commits", keys: .integer)
            let transaction = try environment.read()
            for table in [entries, tiles, commits, meta] where try !transaction.isInOrder(table) {
                throw LMDBError.damaged(directory + "/data.mdb", "table `\(table.name)` is of another kind")
            }
            format = try transaction.get(meta, Array("format".utf8))
            count = leaves.count
            var cursor = leaves.cursor()
            let last = unsafe try cursor.last(notAbove: .max)?.key
            starts = last == nil || last == count &- 1 ? [] : try Self.starts(leaves)
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

    /// Indicates that an environment without some table has entries, commits or tiles all the same, so it once was a
    /// log.
    private static func isLog(_ directory: String, _ options: Environment.Options) -> Bool {
        guard let environment = try? Environment(path: directory, options: options) else { return false }
        return ["entries", "commits", "tiles"].contains { name in
            guard let table = try? environment.table(name, keys: name == "tiles" ? .bytes : .integer) else {
                return false
            }
            return (try? environment.read().count(table)).map { $0 > 0 } ?? false
        }
    }

    private static func starts(_ leaves: PageLeaves) throws(LMDBError) -> [UInt64] {
        var starts: [UInt64] = []
        var cursor = leaves.cursor()
        var i = 0
        unsafe try cursor.read(from: 0, counts: false) { key, _ in
            if i % VerifyChunk.entries == 0 { starts.append(key) }
            i += 1
            return true
        }
        return starts
    }

    /// The newest commit's note. A note that names another size than it is stored under is passed over: it is no
    /// commit, and is refused on its own.
    func newestCheckpoint() throws(VerifyError) -> [UInt8]? {
        try storage { () throws(LMDBError) in
            let transaction = try environment.read()
            var cursor = try transaction.cursor(commits)
            var item = try cursor.last()
            let last = item.map { unsafe [UInt8]($0.value) }
            while let found = item {
                let note = unsafe [UInt8](found.value)
                if VerifyCommit.sizeNamed(by: note) == found.integerKey { return note }
                item = try cursor.previous()
            }
            return last
        }
    }

    func reader() throws(VerifyError) -> any VerifyReader {
        let transaction = try storage { () throws(LMDBError) in try environment.read() }
        return VerifyLogReader(self, transaction)
    }

    func isTorn() -> Bool { false }
    var entriesExpected: UInt64? { count }

    /// The number of the next chunk and the key of its first entry; nil if none is left.
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

/// One thread's reader, on a snapshot of the log.
@safe final class VerifyLogReader: VerifyReader {
    private let source: VerifyLogSource
    private let transaction: ReadTransaction
    private var cursor: PageCursor
    private var bytes: [UnsafeRawBufferPointer] = unsafe []
    private var keys: [UInt64] = []

    init(_ source: VerifyLogSource, _ transaction: ReadTransaction) {
        self.source = source
        self.transaction = transaction
        cursor = source.leaves.cursor()
        unsafe bytes.reserveCapacity(VerifyChunk.entries)
        keys.reserveCapacity(VerifyChunk.entries)
    }

    let hasKeys = true
    let growingTilesMayLag = true

    func withNextChunk(_ body: (VerifyChunk) throws(VerifyError) -> Void) throws(VerifyError) -> Bool {
        guard let (number, key) = source.takeChunk() else {
            try source.storage { () throws(LMDBError) in try source.leaves.finish(cursor) }
            return false
        }
        unsafe bytes.removeAll(keepingCapacity: true)
        keys.removeAll(keepingCapacity: true)
        let left = source.count - number * UInt64(VerifyChunk.entries)
        let count = min(left, UInt64(VerifyChunk.entries))
        let preceding = unsafe try read(from: key, count: Int(count), isLast: count == left)
        unsafe try bytes.withUnsafeBufferPointer { bytes throws(VerifyError) in
            unsafe try keys.withUnsafeBufferPointer { keys throws(VerifyError) in
                unsafe try body(VerifyChunk(number: number, preceding: preceding, bytes: bytes, locators: keys))
            }
        }
        return true
    }

    private func read(
        from key: UInt64, count: Int, isLast: Bool
    ) throws(VerifyError) -> UnsafeRawBufferPointer? {
        unsafe try source.storage { () throws(LMDBError) -> UnsafeRawBufferPointer? in
            let preceding = unsafe key > 0 ? try cursor.last(notAbove: key - 1)?.value : nil
            var isMore = false
            unsafe try cursor.read(from: key) { key, value in
                isMore = keys.count == count
                guard !isMore else { return false }
                unsafe bytes.append(value)
                keys.append(key)
                return isLast || keys.count < count
            }
            guard keys.count == count, !isMore else {
                throw .damaged(
                    source.environment.path + "/data.mdb",
                    "table `entries` has \(isMore ? "more" : "fewer") entries than it says")
            }
            return unsafe preceding
        }
    }

    func entry(_ locator: UInt64) throws(VerifyError) -> [UInt8]? {
        try source.storage { () throws(LMDBError) in
            unsafe try transaction.get(source.entries, locator).map { unsafe [UInt8]($0) }
        }
    }

    func checkpoints(
        _ sizes: ClosedRange<UInt64>, most: Int
    ) throws(VerifyError) -> [(size: UInt64, note: [UInt8])] {
        try source.storage { () throws(LMDBError) in
            var notes: [(size: UInt64, note: [UInt8])] = []
            var cursor = try transaction.cursor(source.commits)
            var item = try cursor.seek(sizes.lowerBound)
            while let found = item, found.integerKey <= sizes.upperBound, notes.count < most {
                unsafe notes.append((found.integerKey, [UInt8](found.value)))
                item = try cursor.next()
            }
            return notes
        }
    }

    func commit(notAbove size: UInt64) throws(VerifyError) -> UInt64? {
        try source.storage { () throws(LMDBError) in
            var cursor = try transaction.cursor(source.commits)
            if let found = try cursor.seek(size)?.integerKey {
                return found == size ? found : try cursor.previous()?.integerKey
            }
            return try cursor.last()?.integerKey
        }
    }

    func tile(_ level: Int, _ index: UInt64, _ width: Int) throws(VerifyError) -> [Hash256]? {
        let key =
            [UInt8(level)]
            + stride(from: 56, through: 0, by: -8).map {
                UInt8(truncatingIfNeeded: index >> UInt64($0))
            }
        let bytes = try source.storage { () throws(LMDBError) in try transaction.get(source.tiles, key) } ?? []
        return VerifyTilesSource.hashes(bytes)
    }

    func strays(size: UInt64, key: VerifierKey) throws(VerifyError) -> [VerifyFinding] {
        try source.storage { () throws(LMDBError) in
            try VerifyTables(source: source, transaction: transaction, size: size, key: key).findings()
        }
    }
}
