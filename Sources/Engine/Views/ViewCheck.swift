import Dispatch
package import EventLog
import Glibc
package import LMDB
import Sodium
import Synchronization

/// The comparison of everything that the views hold with their seal.
package struct ViewCheck: Sendable {
    /// A difference.
    package enum Finding: Hashable, Sendable {
        /// There is no seal, or it was not made for these views with this key.
        case seal
        /// The position, or the hash of the entry before it, is not the sealed one.
        case position(UInt64, sealed: UInt64)
        /// The log has another entry before the position than the one folded.
        case log(UInt64)
        /// The log has fewer entries than were folded.
        case ahead(UInt64, size: UInt64)
        /// The table's rows are not those that were written.
        case table(String)
    }

    package private(set) var findings: [Finding] = []
    /// The number of rows hashed, those of `admitted` and of the past too.
    package private(set) var rows: UInt64 = 0
    /// The number of entries folded, as the seal says.
    package private(set) var position: UInt64 = 0

    package var isSound: Bool { findings.isEmpty }

    /// The findings but that the log is shorter, which is not for the views to mend.
    var changes: [Finding] {
        findings.filter { if case .ahead = $0 { false } else { true } }
    }

    /// Checks the views of a data directory as they are now, beside a service that writes them.
    /// - Parameter progress: called from time to time with the number of rows hashed, and of all.
    /// - Returns: nil where there are no views of this layout and ledger.
    package static func run(
        _ directory: DataDirectory, _ log: EventLog, _ secret: ViewSecret,
        progress: @Sendable (UInt64, UInt64) -> Void = { _, _ in }
    ) throws(LMDBError) -> ViewCheck? {
        guard directory.hasViews else { return nil }
        let views: ViewTables
        do throws(LMDBError) {
            views = try ViewTables(directory: directory.views, names: Machine.tableNames, mapSize: nil)
        } catch {
            guard error.code == .noTable else { throw error }
            return nil
        }
        let identity = ViewTables.identity(origin: log.origin)
        guard try views.identity(views.environment.read()) == identity else { return nil }
        return try ViewCheck(views, identity: identity, log, secret, tables: views.sealed + views.history, progress)
    }

    /// Hashes every row of some tables, on all cores.
    init(
        _ views: ViewTables, identity: [UInt8], _ log: EventLog, _ secret: ViewSecret, tables: [NamedTable],
        _ progress: @Sendable (UInt64, UInt64) -> Void = { _, _ in }
    ) throws(LMDBError) {
        let snapshots = try views.snapshots(max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))))
        guard let bytes = try snapshots[0].get(views.meta, ViewTables.MetaKey.seal),
            let seal = secret.opened(bytes, identity: identity)
        else {
            findings = [.seal]
            return
        }
        position = seal.mark.position
        let stored = try views.mark(snapshots[0])
        if stored != seal.mark { findings.append(.position(stored.position, sealed: position)) }
        // The service may have gone on since the log was opened.
        try? log.refresh()
        if position > log.size {
            findings.append(.ahead(position, size: log.size))
        } else if !seal.mark.isOf(log) {
            findings.append(.log(position))
        }
        let total = try Self.count(tables, snapshots[0])
        let (hashes, rows) = try Self.hash(tables, snapshots, secret) { progress($0, total) }
        self.rows = rows
        for table in tables where hashes[table.name] != seal[table.name] {
            findings.append(.table(table.shownName))
        }
    }

    // MARK: Hashing

    /// Rows that one thread hashes before the next one's turn.
    private static let turnRows = 256

    private typealias Hashed = (tables: [String: SetHash], rows: UInt64)

    /// Hashes the rows of tables: every thread walks over all of them, which costs little, and hashes those of its turns,
    /// so that the threads end together whatever the sizes of the tables.
    private static func hash(
        _ tables: [NamedTable], _ snapshots: [ReadTransaction], _ secret: ViewSecret,
        _ progress: @Sendable (UInt64) -> Void
    ) throws(LMDBError) -> Hashed {
        let snapshots = EachOfOneThread(snapshots: snapshots)
        let threads = snapshots.snapshots.count
        let parts = Mutex<Result<Hashed, LMDBError>>(.success(([:], 0)))
        DispatchQueue.concurrentPerform(iterations: threads) { thread in
            let part = result { () throws(LMDBError) -> Hashed in
                try hash(tables, snapshots.snapshots[thread], secret, turn: thread, of: threads) { rows in
                    if thread == 0 { progress(rows) }
                }
            }
            parts.withLock { $0 = joined($0, part) }
        }
        return try parts.withLock { $0 }.get()
    }

    /// Snapshots of which every thread takes another one.
    private struct EachOfOneThread: @unchecked Sendable {
        let snapshots: [ReadTransaction]
    }

    private static func result(_ body: () throws(LMDBError) -> Hashed) -> Result<Hashed, LMDBError> {
        do throws(LMDBError) { return .success(try body()) } catch { return .failure(error) }
    }

    private static func joined(
        _ whole: Result<Hashed, LMDBError>, _ part: Result<Hashed, LMDBError>
    ) -> Result<Hashed, LMDBError> {
        guard case .success(var whole) = whole, case .success(let part) = part else {
            if case .failure = whole { return whole }
            return part
        }
        for (name, hash) in part.tables { whole.tables[name, default: SetHash()] += hash }
        whole.rows += part.rows
        return .success(whole)
    }

    private static func count(_ tables: [NamedTable], _ snapshot: ReadTransaction) throws(LMDBError) -> UInt64 {
        var count: UInt64 = 0
        for table in tables { count += UInt64(try snapshot.count(table)) }
        return count
    }

    private static func hash(
        _ tables: [NamedTable], _ snapshot: ReadTransaction, _ secret: ViewSecret, turn: Int, of turns: Int,
        _ progress: (UInt64) -> Void
    ) throws(LMDBError) -> Hashed {
        var whole: Hashed = ([:], 0)
        var walked: UInt64 = 0
        for table in tables {
            let hasher = secret.hasher(of: table.name)
            var hash = SetHash()
            var cursor = try snapshot.cursor(table)
            var item = try cursor.first()
            while let row = item {
                if Int(walked) / turnRows % turns == turn {
                    unsafe hash += hasher.hash(row.key, row.value)
                    whole.rows += 1
                }
                walked += 1
                if walked % (1 << 16) == 0 { progress(walked) }
                item = try cursor.next()
            }
            whole.tables[table.name] = hash
        }
        return whole
    }
}

extension NamedTable {
    /// The name of a table of the views without the mark of rows.
    fileprivate var shownName: String { name.hasPrefix("rows.") ? String(name.dropFirst(5)) : name }
}

extension ViewCheck.Finding: CustomStringConvertible {
    package var description: String {
        switch self {
        case .seal: "their seal is missing, or was not made with this ledger's key"
        case .position(let stored, let sealed):
            "they say that they hold \(stored) entries, and those of \(sealed) were written"
        case .log(let position): "the log has another entry \(position - 1) than the one folded"
        case .ahead(let position, let size): "they hold \(position) entries, and the log has \(size)"
        case .table(let name): "table `\(name)` does not hold the rows that were written"
        }
    }
}
