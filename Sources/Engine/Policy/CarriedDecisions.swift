import JSON
import Rules

/// Check of what an administrator's correction carries: transfers, and the types that rule files list as correctable.
enum CarriedDecisions {
    /// Refuses the first item of `emit` that may not be carried, or whose data does not fit its type.
    static func check(
        _ items: View?, _ types: EventTypes, _ correctable: Set<String>, _ hints: inout SpellingHints
    ) throws(Problem) {
        guard let items else { return }
        for index in 0..<items.count {
            let item = items.element(index)
            let pointer = "/data/emit/\(index)"
            let name = item["type"]?.string ?? ""
            guard name == "transfer.requested" || correctable.contains(name), let type = types[name] else {
                throw Problem(
                    .invalidEvent, "an override may not emit `\(Shown.text(name))`", pointer: pointer + "/type")
            }
            let data = item["data"] ?? Document.emptyObject.root
            if let violation = type.violationAsRecorded(data, hints: &hints) {
                throw Problem(.invalidEvent, violation.message, pointer: pointer + "/data" + violation.pointer)
            }
        }
    }

    /// The same under another rule set than the one by which the ingress checked it.
    static func check(_ items: View?, under ruleSet: RuleSet) throws(Problem) {
        var hints = SpellingHints()
        try check(items, ruleSet.types, ruleSet.correctable, &hints)
    }
}
