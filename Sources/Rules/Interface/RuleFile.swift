import AgentKit

/// One file of a rule set as it was written.
package struct RuleFile: Sendable, Hashable {
    /// The file's name without a folder: `complaint.yaml`.
    package let name: String
    package let text: [UInt8]

    package init(name: String, text: [UInt8]) {
        self.name = name
        self.text = text
    }

    package init(name: String, text: String) { self.init(name: name, text: Array(text.utf8)) }
}

extension RuleFile {
    /// The parsed content as canonical JSON, of which the digest is made. Types and expressions are not checked.
    /// - Throws: `RuleSetError` where the file is not YAML, or holds a number that JSON cannot carry.
    package func content() throws(RuleSetError) -> [UInt8] {
        let file = SourceFile(self)
        let bytes = YamlReader.read(file).map { YamlCanonical.bytes($0, in: file) }
        guard let bytes, file.errors.isEmpty else { throw RuleSetError(file.errors) }
        return bytes
    }
}

/// One thing wrong, or doubtful, in a file of a rule set.
package struct RuleDiagnostic: Sendable, Hashable {
    package let file: String
    /// The line, from 1.
    package let line: Int
    /// The column, from 1 in code points.
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

/// A rule set that cannot be used: everything found wrong with it, by file and position.
package struct RuleSetError: Error, Sendable {
    package let diagnostics: [RuleDiagnostic]

    package init(_ diagnostics: [RuleDiagnostic]) { self.diagnostics = diagnostics }
}

extension RuleSetError: CustomStringConvertible {
    package var description: String { diagnostics.map(\.description).joined(separator: "\n") }
}
