import AgentKit
import Engine
import EventLog
package import JSON
import Rules

/// A record that an entry made, changed or removed, as canonical JSON before and after; nil where there was or is none.
package struct RecordChange: Sendable, Hashable {
    package let projection: String
    package let key: String
    package let before: [UInt8]?
    package let after: [UInt8]?
}

extension Replay {
    /// Folds the entries before `end`, which must not be behind the replay, and calls `body` with each and the records
    /// that it changed, in the order of the tables, until `body` returns false. The replay must have begun at the log's
    /// first entry.
    /// - Parameter isWanted: selects projections by their names.
    /// - Throws: `ReplayError` if an entry cannot be read or folded.
    package func fold(
        until end: UInt64, changesOf isWanted: @escaping (String) -> Bool,
        body: (Document, [RecordChange]) -> Bool
    ) throws(ReplayError) {
        var failure: ReplayError?
        var watch = RecordWatch(self, isWanted)
        try reading { () throws(EventLogError) in
            unsafe try log.scan(from: position, to: end) { sequence, bytes in
                _ = machine.tables.journal.mark()
                defer { machine.tables.journal.commit() }
                let folded = unsafe fold(sequence, bytes)
                failure = folded.failure
                guard let entry = folded.entry else { return false }
                return body(entry, watch.changes())
            }
        }
        if let failure { throw failure }
    }
}

/// The projections whose records are watched while a log is folded.
private struct RecordWatch {
    /// The table of the store in which the records of all tables of rule files lie, behind the numbers of these.
    private static let declaredRows = "declaredRows"

    private struct Watched {
        let table: AnyTable
        let fields: [FieldName]
        var changeNumber: UInt64
    }

    private let replay: Replay
    private let isWanted: (String) -> Bool
    private var watched: [Watched] = []
    private var ruleSet: String?
    /// The names of tables of rule files by what their records' keys begin with.
    private var declared: [String: String] = [:]

    init(_ replay: Replay, _ isWanted: @escaping (String) -> Bool) {
        self.replay = replay
        self.isWanted = isWanted
        for table in replay.machine.tables.tables
        where table.isProjection && isWanted(table.name) || table.name == Self.declaredRows {
            let fields = (table.recordTypes.first?.fields ?? []).map { FieldName($0.name) }
            watched.append(
                Watched(
                    table: table, fields: fields.sorted { JCS.precedes($0.text, $1.text) },
                    changeNumber: table.changeNumber))
        }
    }

    /// The changes of the entry that was folded last.
    mutating func changes() -> [RecordChange] {
        if replay.ruleSet?.digest != ruleSet { learnDeclared() }
        var changes: [RecordChange] = []
        for index in watched.indices where watched[index].table.changeNumber != watched[index].changeNumber {
            watched[index].changeNumber = watched[index].table.changeNumber
            let isDeclared = watched[index].table.name == Self.declaredRows
            for change in watched[index].table.recordedChanges {
                guard let name = isDeclared ? declaredName(change.key) : (watched[index].table.name, change.key)
                else { continue }
                let before = change.before.map { json($0, watched[index].fields, isDeclared) }
                let after = change.after.map { json($0, watched[index].fields, isDeclared) }
                guard before != after else { continue }
                changes.append(RecordChange(projection: name.0, key: name.1, before: before, after: after))
            }
        }
        return changes
    }

    private mutating func learnDeclared() {
        ruleSet = replay.ruleSet?.digest
        guard let numbers = replay.machine.tables.named("ruleTables") else { return }
        let number = FieldName("number")
        for table in replay.ruleSet?.tables ?? [] where isWanted(table.name) {
            guard case .host(let host, let node) = numbers.value(table.name),
                let value = host.member(node, number)?.intValue
            else { continue }
            declared[value.zeroPadded(to: 10)] = table.name
        }
    }

    private func declaredName(_ key: String) -> (String, String)? {
        guard let slash = key.utf8.firstIndex(of: UInt8(ascii: "/")), let name = declared[String(key[..<slash])]
        else { return nil }
        return (name, String(key[key.utf8.index(after: slash)...]))
    }

    private static let content = FieldName("content")

    private func json(_ row: Value, _ fields: [FieldName], _ isDeclared: Bool) -> [UInt8] {
        var writer = CanonicalWriter(capacity: 512)
        if isDeclared, case .host(let host, let node) = row, let content = host.member(node, Self.content) {
            replay.write(content, [], to: &writer)
        } else {
            replay.write(row, fields, to: &writer)
        }
        return writer.bytes
    }
}
