/// One test: what was, what happens, and every entry that must follow.
package struct RuleTest: Sendable {
    package let name: String
    /// From 1.
    package let line: Int
    package let given: [RuleTestStep]
    package let when: [RuleTestStep]
    package let expect: [ExpectedEntry]
}
