/// Everything found wrong with an expression, in the order of its text.
package struct CompileError: Error, Sendable {
    package let diagnostics: [Diagnostic]

    package init(_ diagnostics: [Diagnostic]) { self.diagnostics = diagnostics }
}

extension CompileError: CustomStringConvertible {
    package var description: String {
        diagnostics.map { "\($0.line):\($0.column): \($0.message)" }.joined(separator: "\n")
    }
}
