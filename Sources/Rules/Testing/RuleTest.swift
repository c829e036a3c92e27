/// One test: what was, what happens, and the entries that must follow.
package struct RuleTest: Sendable {
    package let name: String
    /// From 1.
    package let line: Int
    package let given: [RuleTestStep]
    package let when: [RuleTestStep]
    package let expect: [ExpectedEntry]
    /// Whether other entries may follow beside those expected.
    package let isPartial: Bool
}
