extension EventCatalogue {
    /// `rules/EVENTS.md`: every type with its kind, identity, sentence and data.
    package static func page(_ types: EventTypes) -> String {
        var lines = [
            "# Event types", "",
            "Written by `tools/generate` from the declarations in `rules/*.yaml` and in the program; change those.", "",
            "Facts and triggers are what producers send: a fact is folded as it is, on a trigger only rules act. Decisions are what",
            "rules emit. `once` names the members that make an event one fact in the world. In a sentence braces hold CEL of the",
            "members. `money` is an integer of minor units; its currency is the member `currency` beside it, or of what it is part of,",
            "which these declarations do not name where the amount brings it.",
        ]
        var owners: [String] = []
        for type in types.all where !owners.contains(type.owner) { owners.append(type.owner) }
        for owner in owners {
            lines += ["", "## " + title(owner)]
            for kind in EventKind.allCases {
                let own = types.all.filter { $0.owner == owner && $0.kind == kind }
                guard !own.isEmpty else { continue }
                lines += ["", "### " + title(kind), ""]
                for type in own { lines += entry(type) }
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func title(_ owner: String) -> String {
        switch owner {
        case "engine": "The engine"
        case "any": "Any agent"
        case "administrator": "Administrators"
        default: owner.prefix(1).uppercased() + owner.dropFirst()
        }
    }

    private static func title(_ kind: EventKind) -> String {
        switch kind {
        case .fact: "Facts"
        case .trigger: "Triggers"
        case .decision: "Decisions"
        case .engine: "Entries of its own"
        }
    }

    private static func entry(_ type: EventType) -> [String] {
        var head = "- **`\(type.name)`**"
        if type.isRefusal { head += ", a refusal" }
        if type.isCorrectable { head += ", an override may emit it" }
        if let once = type.once { head += ", once " + words(once) }
        if let say = type.say { head += ": " + say.text }
        return [head, "  `\(type.schema.text)`"]
    }

    private static func words(_ once: OnceKey) -> String {
        func list(_ names: [String]) -> String { names.map { "`\($0)`" }.joined(separator: ", ") }
        let notes =
            (once.changes.isEmpty ? [] : ["later ones may change \(list(once.changes))"])
            + (once.ignores.isEmpty ? [] : ["\(list(once.ignores)) of later ones says nothing"])
        return list(once.members) + (notes.isEmpty ? "" : " (" + notes.joined(separator: "; ") + ")")
            + (once.isFreedByRefusal ? " unless refused" : "")
    }
}
