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
    /// The parsed content as canonical JSON, the matter of the digest. Types and expressions are not checked.
    package func content() throws(RuleSetError) -> [UInt8] {
        let file = SourceFile(self)
        let bytes = YamlReader.read(file).map { YamlCanonical.bytes($0, in: file) }
        guard let bytes, file.errors.isEmpty else { throw RuleSetError(file.errors) }
        return bytes
    }
}
