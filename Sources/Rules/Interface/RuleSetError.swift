/// A rule set that cannot be used: everything found wrong with it, by file and position.
package struct RuleSetError: Error, Sendable {
    package let diagnostics: [RuleDiagnostic]

    package init(_ diagnostics: [RuleDiagnostic]) { self.diagnostics = diagnostics }
}

extension RuleSetError: CustomStringConvertible {
    package var description: String { diagnostics.map(\.description).joined(separator: "\n") }
}
