package import AgentKit
package import CEL
package import Rules

/// A projection that rules and clients read: a table of an agent module, or one that a rule file declares.
package enum Projection {
    case agentModule(AnyTable)
    case declared(DeclaredTable)

    /// The names of the members of its records.
    package var members: [String] {
        switch self {
        case .agentModule(let table): (table.recordTypes.first?.fields ?? []).map(\.name)
        case .declared(let table): table.members
        }
    }

    /// The amounts in its records.
    package var amounts: AmountMembers {
        switch self {
        case .agentModule(let table): table.amounts
        case .declared(let table): table.amounts
        }
    }

    /// The record of a key as rules see it.
    package func value(_ key: String) -> Value? {
        switch self {
        case .agentModule(let table): table.value(key)
        case .declared(let table): table.rows?.row(key).map { .host($0, 0) }
        }
    }

    /// Every key in byte order, from the first one not before `from`, until `body` says false.
    package func forEachKey(from: String = "", _ body: (String) -> Bool) {
        switch self {
        case .agentModule(let table): table.forEachKey(from: from, body)
        case .declared(let table): table.rows?.forEachKey(from: from, body)
        }
    }
}

/// The projections of a ledger by their names.
struct Projections {
    let tables: TableSet
    let ruleSets: RuleSets

    /// The projection of that name; a table that the rule set in force declares goes before one of the program.
    func named(_ name: String) -> Projection? {
        if let table = ruleSets.inForce?.table(named: name) { return .declared(table) }
        return tables.named(name).flatMap { $0.isProjection ? .agentModule($0) : nil }
    }

    /// The names of all projections, in the order the agent modules list them, and then those that the rules in force
    /// declare.
    var names: [String] {
        let programmed = tables.tables.filter(\.isProjection).map(\.name)
        return programmed + (ruleSets.inForce?.tables.map(\.name) ?? []).filter { !programmed.contains($0) }
    }

    /// One record of a projection in canonical JSON; nil where there is none.
    func record(_ projection: String, _ key: String) -> [UInt8]? {
        named(projection)?.value(key).flatMap { CanonicalValue.bytes(of: $0) }
    }
}
