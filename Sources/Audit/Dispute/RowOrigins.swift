import AgentKit
import Engine
import EventLog
import JSON
import Rules

/// The entries from which rows were last folded, as of some places in a log.
///
/// The log is folded once more from its start, and after each entry it is asked which of the rows are other objects than
/// before: a row is never changed, only replaced.
struct RowOrigins {
    private struct Watched {
        let name: RowName
        var row: AnyObject?
        var last: UInt64?
    }

    /// The rows of one table.
    private struct WatchedTable {
        let table: AnyTable
        var changeNumber: UInt64
        var rows: [Watched] = []
    }

    /// By the place, the last entry before it that set or removed each row; a row that none ever touched is left out.
    private(set) var entries: [UInt64: [RowName: UInt64]] = [:]

    /// - Parameter reads: the rows that are asked about, by the place.
    /// - Throws: `ReplayError` if the log cannot be read or folded.
    init(
        of reads: [UInt64: [RowName]], in log: EventLog, isAbandoned: () -> Bool
    ) throws(ReplayError) {
        let machine = Machine(
            settings: try Replay.settings(of: log), history: CommittedHistory(log), chain: log.nextChain)
        var tables = Self.tables(Set(reads.values.joined()), machine)
        let places = reads.keys.sorted()
        var (next, failure) = (0, ReplayError?.none)
        var entries: [UInt64: [RowName: UInt64]] = [:]
        try reading { () throws(EventLogError) in
            unsafe try log.scan(from: 0, to: places.last ?? 0) { sequence, bytes in
                if next < places.count, places[next] == sequence {
                    entries[sequence] = Self.known(tables)
                    next += 1
                }
                failure = unsafe Self.fold(bytes, sequence, machine)
                if sequence % 4096 == 0, failure == nil, isAbandoned() {
                    failure = ReplayError(.abandoned, "nobody waits for it any more")
                }
                for index in tables.indices where tables[index].table.changeNumber != tables[index].changeNumber {
                    Self.note(sequence, &tables[index])
                }
                return failure == nil
            }
        }
        if let failure { throw failure }
        if next < places.count { entries[places[next]] = Self.known(tables) }
        self.entries = entries.reduce(into: [:]) { all, place in
            all[place.key] = place.value.filter { Set(reads[place.key] ?? []).contains($0.key) }
        }
    }

    private static func tables(_ names: Set<RowName>, _ machine: Machine) -> [WatchedTable] {
        var tables: [WatchedTable] = []
        for name in names.sorted() {
            guard let table = machine.tables.named(name.table) else { continue }
            if tables.last?.table !== table {
                tables.append(WatchedTable(table: table, changeNumber: table.changeNumber))
            }
            tables[tables.count - 1].rows.append(Watched(name: name))
        }
        return tables
    }

    private static func fold(
        _ bytes: UnsafeRawBufferPointer, _ sequence: UInt64, _ machine: Machine
    ) -> ReplayError? {
        guard let document = try? unsafe Document(canonical: bytes) else {
            return ReplayError(.damaged, sequence: sequence, "cannot be read")
        }
        do throws(RuleSetError) { try machine.replay(document, isForAppending: false) } catch {
            return ReplayError(error, at: sequence)
        }
        return nil
    }

    private static func note(_ sequence: UInt64, _ table: inout WatchedTable) {
        table.changeNumber = table.table.changeNumber
        for index in table.rows.indices {
            let row: AnyObject? =
                if case .host(let host, _) = table.table.value(table.rows[index].name.key) { host } else { nil }
            guard row !== table.rows[index].row else { continue }
            table.rows[index].row = row
            table.rows[index].last = sequence
        }
    }

    private static func known(_ tables: [WatchedTable]) -> [RowName: UInt64] {
        var known: [RowName: UInt64] = [:]
        for row in tables.lazy.flatMap(\.rows) { if let last = row.last { known[row.name] = last } }
        return known
    }
}
