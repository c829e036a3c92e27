package import AgentKit
import CEL
import JSON
package import Rules

/// The tables that rule files declare. They begin when a rule set that has them comes into force, and end with the first
/// that does not: what is declared again later begins empty.
extension Machine {
    /// Begins, goes on with and ends tables as a rule set that is coming into force declares them.
    ///
    /// All of it follows from the rule sets and rows of the log, so that replays number tables alike; done a second time it
    /// changes nothing.
    func reshapeTables(for ruleSet: RuleSet) {
        guard !ruleSet.tables.isEmpty || hasRuleTables else { return }
        endTables(but: Set(ruleSet.tables.map(\.name)))
        for table in ruleSet.tables {
            var row = state.ruleTables[table.name] ?? RuleTableRow()
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
            state.ruleTables[table.name] = row
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
            state.ruleTables[name] = row
        }
    }

    /// Gives the tables of a rule set in force their rows.
    func bindTables(of ruleSet: RuleSet) {
        for table in ruleSet.tables { table.rows = state.ruleTables[table.name].map(recordTable) }
    }

    private func recordTable(_ row: RuleTableRow) -> RecordTable {
        RecordTable(
            records, number: row.number,
            indexes: row.indexes.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
    }

    private var ruleTableRows: [(String, RuleTableRow)] {
        var rows: [(String, RuleTableRow)] = []
        state.ruleTables.forEachKey { name in
            if let row = state.ruleTables[name] { rows.append((name, row)) }
            return true
        }
        return rows
    }

    private var hasRuleTables: Bool { !ruleTableRows.isEmpty }
    private var nextTableNumber: Int64 { (ruleTableRows.map(\.1.last).max() ?? 0) + 1 }

    // MARK: Rule sets that follow one another

    /// The tables whose rows a rule set finds that comes into force at `time`, which is not before the clock.
    package func keptTables(at time: Instant) -> [KeptTable] { ruleSet(at: time)?.keptTables ?? [] }

    /// The reason why the rule set that comes into force next after `time` could not use these tables; nil if it can.
    /// - Parameter cancelled: a schedule that is not to count.
    package func problem(
        keeping kept: [KeptTable], after time: Instant, without cancelled: EntrySequence? = nil
    ) -> String? {
        guard let next = state.standingSchedules().first(where: { $0.from > time && $0.activated != cancelled }),
            let problem = ruleSet(at: next.from, without: cancelled)?.problem(keeping: kept)
        else { return nil }
        return "the rule set that comes into force at \(next.from.text) could not follow: \(problem)"
    }
}
