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
