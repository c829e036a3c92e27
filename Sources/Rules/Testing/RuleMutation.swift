import AgentKit

/// One small change of a rule file by which its tests are tried: where none of them notices it, it is not tested.
package struct RuleMutation: Sendable {
    /// One step down the tree of a YAML document.
    enum Step: Sendable, Equatable {
        /// The value of an entry of a mapping, by its place.
        case entry(Int)
        case element(Int)
    }

    enum Edit: Sendable, Equatable {
        case removed
        case text(String)
    }

    /// `agent/id`, or `agent` where the change is outside its rules.
    package let subject: String
    package let agent: String
    package let file: String
    /// Where what is changed stands.
    package let line: Int
    /// What is different: `` without its timer `deadline` ``.
    package let change: String

    let path: [Step]
    let edit: Edit

    /// Whether it changes one rule, and nothing that others read.
    package var isInRule: Bool { subject != agent }

    /// Every change of every rule file, in the order of the files and of their lines.
    package static func all(in files: [RuleFile]) -> [RuleMutation] {
        files.flatMap { file -> [RuleMutation] in
            guard let root = YamlReader.read(SourceFile(file)),
                let agent = root.entries?.first(where: { $0.key == "agent" })?.value.text
            else { return [] }
            var finder = RuleMutationFinder(file: file.name, agent: agent)
            finder.visit(root)
            return finder.found
        }
    }

    /// The document with the change.
    func applied(to root: YamlNode) -> YamlNode { Self.edited(root, path[...], edit) ?? root }

    /// Nil where the node itself is removed.
    private static func edited(_ node: YamlNode, _ path: ArraySlice<Step>, _ edit: Edit) -> YamlNode? {
        guard let step = path.first else {
            guard case .text(let text) = edit, case .scalar(_, let style) = node.content else { return nil }
            return YamlNode(content: .scalar(text, style), place: node.place)
        }
        switch (step, node.content) {
        case (.entry(let index), .mapping(var entries)):
            let entry = entries[index]
            if let value = edited(entry.value, path.dropFirst(), edit) {
                entries[index] = YamlNode.Entry(key: entry.key, keyPlace: entry.keyPlace, value: value)
            } else {
                entries.remove(at: index)
            }
            return YamlNode(content: .mapping(entries), place: node.place)
        case (.element(let index), .sequence(var elements)):
            if let value = edited(elements[index], path.dropFirst(), edit) {
                elements[index] = value
            } else {
                elements.remove(at: index)
            }
            return YamlNode(content: .sequence(elements), place: node.place)
        default: return node
        }
    }
}
