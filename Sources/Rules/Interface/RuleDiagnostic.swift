import AgentKit

/// One thing wrong, or doubtful, in a file of a rule set.
package struct RuleDiagnostic: Sendable, Hashable {
    package let file: String
    /// From 1.
    package let line: Int
    /// From 1, in code points.
    package let column: Int
    /// Lower case, input in backticks, no full stop.
    package let message: String
    /// The line of the file, and under it a caret; empty where there is no line to show.
    package let excerpt: String

    package init(file: String, line: Int, column: Int, message: String, excerpt: String = "") {
        self.file = file
        self.line = line
        self.column = column
        self.message = message
        self.excerpt = excerpt
    }
}

extension RuleDiagnostic: CustomStringConvertible {
    /// `complaint.yaml:12:7: message` on one line, then the excerpt; the message alone where it is about no file.
    package var description: String {
        let head = VisibleText.line(file.isEmpty ? message : "\(file):\(line):\(column): \(message)")
        return excerpt.isEmpty ? head : head + "\n" + excerpt
    }
}

extension RuleDiagnostic: Comparable {
    package static func < (a: RuleDiagnostic, b: RuleDiagnostic) -> Bool {
        if a.file != b.file { return a.file.utf8.lexicographicallyPrecedes(b.file.utf8) }
        return (a.line, a.column) < (b.line, b.column)
    }
}
