/// Whether something may be done, and what in `policy.yaml` determines it.
package struct PolicyDecision: Sendable, Hashable {
    package let isAllowed: Bool
    /// The role or the prohibition that decided, `default` where none did; for the record of decisions.
    package let rule: String

    package init(isAllowed: Bool, rule: String) {
        self.isAllowed = isAllowed
        self.rule = rule
    }

    static let denied = PolicyDecision(isAllowed: false, rule: "default")
}
