package import AgentKit

/// The members that make an event one fact in the world, whatever envelope it comes in: `once` of its declaration.
package struct OnceKey: Hashable, Sendable {
    /// Names of members of the data, in the order of the declaration; at least one.
    package let members: [String]

    /// The members' values in an event's data; nil where one of them is absent or null, for such an event has no key.
    package func values(in data: View) -> [View]? {
        var values: [View] = []
        for name in members {
            guard let value = data.member(name), !value.isNull else { return nil }
            values.append(value)
        }
        return values
    }
}

extension OnceKey {
    /// Reads a member's name, or a list of them; nil after noting in `file` what is wrong.
    init?(_ node: YamlNode, of type: String, _ kind: EventKind, _ schema: RecordSchema, in file: SourceFile) {
        guard kind == .trigger else {
            file.error(node.place, "`once` is for triggers, `\(type)` is a \(kind.rawValue)")
            return nil
        }
        var members: [String] = []
        for element in node.elements ?? [node] {
            guard let name = element.text, let index = schema.index(of: name) else {
                let known = schema.members.map(\.name)
                let hint = Spelling.hint(element.text ?? "", among: known)
                file.error(element.place, "`once` names members of `\(type)`, not \(element.described)\(hint)")
                return nil
            }
            if case .personal = schema.members[index].type {
                file.error(element.place, "`\(name)` is personal: it cannot tell one fact from another")
                return nil
            }
            guard !members.contains(name) else {
                file.error(element.place, "`\(name)` is named twice")
                return nil
            }
            members.append(name)
        }
        guard !members.isEmpty else {
            file.error(node.place, "`once` names at least one member")
            return nil
        }
        self.members = members
    }
}
