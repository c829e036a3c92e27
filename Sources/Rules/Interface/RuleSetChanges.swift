/// The differences between two rule sets, in words.
package struct RuleSetChanges: Sendable {
    /// A sentence each, in a fixed order: versions, rules, parameters, event types, settings.
    package let lines: [String]

    package init(from old: RuleSet, to new: RuleSet) {
        lines =
            Self.versions(old, new) + Self.rules(old, new) + Self.parameters(old, new) + Self.types(old, new)
            + Self.tables(old, new) + Self.settings(old, new)
    }

    private static func versions(_ old: RuleSet, _ new: RuleSet) -> [String] {
        compare(old.versions, new.versions, what: "agent", isSame: ==) { name, before, after in
            ["agent `\(name)` goes from version \(before) to \(after)"]
        }
    }

    private static func rules(_ old: RuleSet, _ new: RuleSet) -> [String] {
        compare(byName(old), byName(new), what: "rule", isSame: { $0.parts == $1.parts }) { name, before, after in
            let keys = Set(before.parts.keys).union(after.parts.keys).filter { before.parts[$0] != after.parts[$0] }
            return ["rule `\(name)` has changed: \(sorted(keys).map { "`\($0)`" }.joined(separator: ", "))"]
        }
    }

    private static func parameters(_ old: RuleSet, _ new: RuleSet) -> [String] {
        compare(old.parameters, new.parameters, what: "parameter", isSame: ==) { name, before, after in
            ["parameter `\(name)` was \(text(before)), is \(text(after))"]
        }
    }

    private static func types(_ old: RuleSet, _ new: RuleSet) -> [String] {
        let before = Dictionary(uniqueKeysWithValues: old.types.all.map { ($0.name, $0) })
        let after = Dictionary(uniqueKeysWithValues: new.types.all.map { ($0.name, $0) })
        return compare(
            before, after, what: "event type",
            isSame: { Self.text($0) == Self.text($1) && $0.owner == $1.owner },
            changed: { name, before, after in
                ["event type `\(name)` was \(Self.text(before)), is \(Self.text(after))"]
            })
    }

    private static func tables(_ old: RuleSet, _ new: RuleSet) -> [String] {
        func byName(_ set: RuleSet) -> [String: DeclaredTable] {
            Dictionary(uniqueKeysWithValues: set.tables.map { ($0.name, $0) })
        }
        let tables = compare(
            byName(old), byName(new), what: "table", isSame: { text($0) == text($1) },
            changed: { name, before, after in ["table `\(name)` was \(text(before)), is \(text(after))"] })
        let folds = compare(old.foldTexts, new.foldTexts, what: "fold", isSame: ==) { name, before, after in
            ["fold `\(name)` was \(text(before)), is \(text(after))"]
        }
        return tables + folds
    }

    private static func text(_ table: DeclaredTable) -> String {
        "of `\(table.agent)` by `\(table.shape.key)` \(table.schema.text)"
            + (table.indexes.isEmpty ? "" : " index [\(table.indexes.joined(separator: ", "))]")
    }

    private static func text(_ type: EventType) -> String {
        "\(type.kind) " + (type.once.map { "once \($0.text) " } ?? "") + type.schema.text
    }

    private static func settings(_ old: RuleSet, _ new: RuleSet) -> [String] {
        var lines: [String] = []
        if old.calendar != new.calendar { lines.append("the calendar has changed") }
        if old.currencies != new.currencies { lines.append("the currencies have changed") }
        if old.policy != new.policy { lines.append("the policy has changed") }
        if old.correctable != new.correctable {
            let added = sorted(new.correctable.subtracting(old.correctable)).map { "`\($0)` can now be corrected" }
            let removed = sorted(old.correctable.subtracting(new.correctable)).map {
                "`\($0)` can no longer be corrected"
            }
            lines += added + removed
        }
        return lines
    }

    private static func byName(_ set: RuleSet) -> [String: CompiledRule] {
        Dictionary(uniqueKeysWithValues: set.rules.map { ($0.qualifiedName, $0) })
    }

    private static func compare<V>(
        _ old: [String: V], _ new: [String: V], what: String, isSame: (V, V) -> Bool,
        changed: (String, V, V) -> [String]
    ) -> [String] {
        sorted(Set(old.keys).union(new.keys)).flatMap { name -> [String] in
            switch (old[name], new[name]) {
            case (nil, _): ["\(what) `\(name)` is new"]
            case (_, nil): ["\(what) `\(name)` is gone"]
            case (let before?, let after?): isSame(before, after) ? [] : changed(name, before, after)
            }
        }
    }

    private static func sorted(_ names: Set<String>) -> [String] {
        names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    private static func text(_ json: [UInt8]) -> String { "`\(String(decoding: json, as: UTF8.self))`" }
}
