/// All tables of one ledger, with the one undo list they share.
package final class TableSet {
    package let journal = Journal()
    /// Set by the engine before rules run.
    package let context = RuleContext()
    package private(set) var tables: [AnyTable] = []
    private let store: (any TableStore)?

    /// Without a store everything stays in memory.
    package init(store: (any TableStore)? = nil) { self.store = store }

    /// Adds a table under a name that no other has, as the store keeps its rows under it; a projection can be read by rules
    /// and clients under it too.
    package func table<R: Row>(_ name: String, of row: R.Type = R.self, isProjection: Bool = true) -> Table<R> {
        precondition(named(name) == nil, "two tables of one name")
        let table = Table<R>(name: name, isProjection: isProjection, journal: journal, stored: store?.rows(of: name))
        tables.append(table)
        return table
    }

    package func named(_ name: String) -> AnyTable? { tables.first { $0.name == name } }

    /// The number of rows changed since the last freeze.
    package var changedCount: Int { tables.reduce(0) { $0 + $1.changedCount } }
}
