package import AgentKit

/// The members that make an event one fact in the world, whatever envelope it comes in: `once` of its declaration.
package struct OnceKey: Hashable, Sendable {
    /// Names of members of the data, in the order of the declaration; at least one.
    package let members: [String]
    /// Members that a later event of the fact may change; none of the key.
    package let changes: [String]
    /// Members that are never compared: a later event of the fact says nothing by them; none of the key or of
    /// `changes`.
    package let ignores: [String]
    /// Indicates that an event refused by its own rules neither takes the key nor changes anything.
    package let isFreedByRefusal: Bool

    /// Indicates that more than the entry which holds the key has to be remembered of a fact.
    package var isRevocable: Bool { isFreedByRefusal || !changes.isEmpty }

    /// The members' values in an event's data; nil where one of them is absent or null, for such an event has no key.
    package func values(in data: View) -> [View]? {
        var values: [View] = []
        for name in members {
            guard let value = data.member(name), !value.isNull else { return nil }
            values.append(value)
        }
        return values
    }

    /// The declaration in YAML.
    package var text: String {
        let key = "[" + members.joined(separator: ", ") + "]"
        guard isRevocable || !ignores.isEmpty else { return key }
        func list(_ what: String, _ names: [String]) -> String {
            names.isEmpty ? "" : ", " + what + ": [" + names.joined(separator: ", ") + "]"
        }
        return "{key: " + key + list("changes", changes) + list("ignores", ignores)
            + (isFreedByRefusal ? ", unless: refused}" : "}")
    }
}

extension OnceKey {
    /// Reads a member's name, a list of them, or a mapping with `key`; nil after noting the errors in `file`.
    init?(_ node: YamlNode, of type: String, _ kind: EventKind, _ schema: RecordSchema, in file: SourceFile) {
        guard kind == .trigger else {
            file.error(node.place, "`once` is for triggers, `\(type)` is a \(kind.rawValue)")
            return nil
        }
        let names = MemberNames(type: type, schema: schema, file: file)
        guard node.entries != nil else {
            guard let members = names.read(node, "once") else { return nil }
            self.init(members: names.withCurrency(members), changes: [], ignores: [], isFreedByRefusal: false)
            return
        }
        guard let reader = MappingReader(node, in: file, .once), let key = reader["key"],
            let members = names.read(key, "key")
        else { return nil }
        guard
            let changes = names.read(
                reader["changes"], "changes", but: members, "of the key, and a key does not change"),
            let ignores = names.read(
                reader["ignores"], "ignores", but: members + changes, "of the key or of `changes`, which are compared")
        else { return nil }
        if let unless = reader["unless"], unless.text != "refused" {
            file.error(unless.place, "`unless` is `refused` or left out, not \(unless.described)")
            return nil
        }
        let isCurrencyOptional = schema.currency == .optional
        self.init(
            members: names.withCurrency(members), changes: isCurrencyOptional ? names.withCurrency(changes) : changes,
            ignores: ignores, isFreedByRefusal: reader["unless"] != nil)
    }

    /// Reads names of members that may tell one fact from another.
    private struct MemberNames {
        let type: String
        let schema: RecordSchema
        let file: SourceFile

        /// An amount is one value with its currency, which the declaration puts beside it.
        func withCurrency(_ members: [String]) -> [String] {
            let isBrought = schema.currency == .required || schema.currency == .optional
            let hasAmount = members.contains(where: schema.amounts.contains)
            return isBrought && hasAmount && !members.contains("currency") ? members + ["currency"] : members
        }

        /// Reads names that may be left out; `why` says of one of `others` that it is none of them.
        func read(_ node: YamlNode?, _ what: String, but others: [String], _ why: String) -> [String]? {
            guard let node else { return [] }
            guard let names = read(node, what) else { return nil }
            if let name = names.first(where: others.contains) {
                file.error(node.place, "`\(name)` is \(why)")
                return nil
            }
            return names
        }

        func read(_ node: YamlNode, _ what: String) -> [String]? {
            var members: [String] = []
            for element in node.elements ?? [node] {
                guard let name = element.text, let index = schema.index(of: name) else {
                    let hint = Spelling.hint(element.text ?? "", among: schema.members.map(\.name))
                    file.error(element.place, "`\(what)` names members of `\(type)`, not \(element.described)\(hint)")
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
                file.error(node.place, "`\(what)` names at least one member")
                return nil
            }
            return members
        }
    }
}
