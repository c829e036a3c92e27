import AgentKit
import JSON
import Rules

/// The tables that rule files declare. They begin when a rule set that has them comes into force, and end with the first
/// that does not: what is declared again later begins empty.
struct DeclaredTables {
    let engine: EngineState
    let records: RecordStore

    /// Begins, goes on with and ends tables as a rule set that is coming into force declares them.
    ///
    /// All of it follows from the rule sets and rows of the log, so that replays number tables alike; done a second time it
    /// changes nothing.
    func reshape(for ruleSet: RuleSet) {
        guard !ruleSet.tables.isEmpty || hasRuleTables else { return }
        endTables(but: Set(ruleSet.tables.map(\.name)))
        for table in ruleSet.tables {
            var row = engine.ruleTables[table.name] ?? RuleTableRow()
            let earlier = row.isKept && table.shape.keeps(row.shape) ? row.shape : nil
            let known = earlier == nil ? [:] : row.indexes
            let isSame = earlier == table.shape && Set(known.keys) == Set(table.indexes)
            guard !isSame else { continue }
            var next = nextTableNumber
            func take() -> Int64 {
                defer { next += 1 }
                return next
            }
            if earlier == nil {
                if row.isKept { recordTable(row).removeAll() }
                row.number = take()
            }
            row.indexes = [:]
            for member in table.indexes { row.indexes[member] = known[member] ?? take() }
            row.last = max(row.last, next - 1)
            (row.isKept, row.key, row.members) = (true, table.shape.key, table.shape.members)
            engine.ruleTables[table.name] = row
            if let earlier { goOn(with: table, row, after: earlier, known) }
        }
    }

    /// Fills what is new in a table that has rows: members, which start empty, and indexes.
    private func goOn(
        with table: DeclaredTable, _ row: RuleTableRow, after earlier: TableShape, _ known: [String: Int64]
    ) {
        let rows = recordTable(row)
        let ended = known.filter { row.indexes[$0.key] == nil }.map { (member: $0.key, number: $0.value) }
        let before = RecordTable(records, number: row.number, indexes: ended.sorted { $0.member < $1.member })
        for index in ended { before.empty(index.member) }
        let added = table.shape.added(to: earlier)
        if !added.isEmpty {
            // The indexes of these members are filled below.
            let plain = RecordTable(records, number: row.number, indexes: [])
            for key in plain.keys {
                if let before = plain.row(key) { plain.set(table.completed(before.document, added), at: key) }
            }
        }
        for member in table.indexes where known[member] == nil { rows.fill(member) }
    }

    private func endTables(but declared: Set<String>) {
        for (name, var row) in ruleTableRows where row.isKept && !declared.contains(name) {
            recordTable(row).removeAll()
            row.isKept = false
            engine.ruleTables[name] = row
        }
    }

    /// Gives the tables of a rule set in force their rows.
    func bind(_ ruleSet: RuleSet) {
        for table in ruleSet.tables { table.rows = engine.ruleTables[table.name].map(recordTable) }
    }

    private func recordTable(_ row: RuleTableRow) -> RecordTable {
        RecordTable(
            records, number: row.number,
            indexes: row.indexes.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
    }

    private var ruleTableRows: [(String, RuleTableRow)] {
        var rows: [(String, RuleTableRow)] = []
        engine.ruleTables.forEachKey { name in
            if let row = engine.ruleTables[name] { rows.append((name, row)) }
            return true
        }
        return rows
    }

    private var hasRuleTables: Bool { !ruleTableRows.isEmpty }
    private var nextTableNumber: Int64 { (ruleTableRows.map(\.1.last).max() ?? 0) + 1 }
}
