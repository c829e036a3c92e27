/// The members of a record that are amounts in minor units, and those of records in it, by the names of what holds them: what
/// shows a record to people goes by it.
package struct AmountMembers: Hashable, Sendable {
    private let names: Set<String>
    private let inner: [String: AmountMembers]

    package init(_ names: some Sequence<String>, inner: [String: AmountMembers] = [:]) {
        self.names = Set(names)
        self.inner = inner.filter { !$0.value.isEmpty }
    }

    package static let none = AmountMembers([])

    package var isEmpty: Bool { names.isEmpty && inner.isEmpty }

    package func contains(_ name: String) -> Bool { names.contains(name) }

    /// The amounts in a member that is a record, or a list or map of them.
    package func within(_ name: String) -> AmountMembers { inner[name] ?? .none }
}
