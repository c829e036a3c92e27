import AgentKit
import Rules

extension Machine {
    /// Whether clients may read a projection of that name.
    package func hasProjection(_ name: String) -> Bool { tables.named(name)?.isProjection ?? false }

    /// The names of all projections, in the order the rooms list them.
    package var projections: [String] { tables.tables.filter(\.isProjection).map(\.name) }

    /// One record of a projection in canonical JSON; nil where there is none.
    package func record(_ projection: String, _ key: String) -> [UInt8]? {
        guard let table = tables.named(projection), table.isProjection else { return nil }
        return table.value(key).flatMap { CanonicalValue.bytes(of: $0) }
    }

    /// The sequence of the newest entry that was folded; nil in an empty ledger.
    package var newest: UInt64? { next.value == 0 ? nil : next.value - 1 }

    /// The roles that the ledger gives to a registered principal.
    package func registeredRoles(of principal: String) -> [String] { state.principals[principal]?.roles ?? [] }
}
