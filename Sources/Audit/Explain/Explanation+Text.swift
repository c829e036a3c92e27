import AgentKit
import JSON
import Rules

extension Explanation {
    /// The largest number of consequences told; the others are counted.
    private static let consequencesToldMax = 40

    /// The explanation for people who are not programmers.
    package var text: String { text(verbose: false) }

    /// The explanation as text.
    /// - Parameter isVerbose: adds for engineers what the rules say as they are written: conditions, every value, and the
    ///   rules whose conditions do not concern the entry.
    package func text(verbose isVerbose: Bool) -> String {
        let rules = RuleText(formatter: wording.formatter, isVerbose: isVerbose, currency: currency)
        var sections = [heading]
        sections.append(reason)
        if !path.isEmpty { sections.append(["How it came to this"] + history) }
        sections.append(contentsOf: caseSections(rules))
        if let rule { sections.append(contentsOf: rules.sections(rule, because: entry.root["because"]?.string)) }
        if !others.isEmpty {
            sections.append(rules.others(others, about: rule?.asked ?? others[0].asked, beside: rule))
        }
        sections.append(["What followed"] + followed)
        sections.append(contentsOf: shares)
        if !accounts.isEmpty { sections.append(["Accounts before and after"] + balances) }
        if let underRules { sections.append(contentsOf: underRules.sections(rules, wording)) }
        if isVerbose, let rule { sections.append(rules.source(of: rule)) }
        sections.append(["Checked", "  " + check])
        if !isVerbose { sections.append(["The rules as they are written, with every condition and value: --verbose"]) }
        return sections.filter { !$0.isEmpty }.map(VisibleText.page).joined(separator: "\n\n") + "\n"
    }

    /// The one currency of what the rule and the entry are about; nil where there are several.
    private var currency: String? {
        var found: Set<String> = []
        for data in [entry, trigger].compactMap({ $0.root["data"] }) {
            if let currency = data["currency"]?.string { found.insert(currency) }
        }
        for variable in rule?.variables ?? [] {
            let root = variable.json.flatMap { try? Document(adopting: Array($0.utf8)) }?.root
            if root?.kind == .object, let currency = root?["currency"]?.string { found.insert(currency) }
        }
        return found.count == 1 ? found.first : nil
    }

    // MARK: Heading

    private var heading: [String] {
        let root = entry.root
        let time = root.instant("recordedtime").map(wording.formatter.longTime) ?? ""
        var lines = ["#\(sequence)  \(wording.sentence(root))", "     \(time)"]
        var what = root.text("type")
        if let subject = root["subject"]?.string { what += " of " + subject }
        if let decider = versions.rule(of: root) {
            what += ", decided by the rule " + decider
        } else if isCarried {
            what += ", carried by an administrator's correction"
        } else if !isTrigger {
            what += ", decided by the ledger itself"
        } else {
            what += ", " + origin(root)
        }
        lines.append("     " + what)
        if let headline, !headline.what.hasSuffix(wording.sentence(root)) || !headline.state.isEmpty {
            lines.append("")
            lines += headline.lines
        }
        return lines
    }

    private func origin(_ root: View) -> String {
        switch root.text("authid") {
        case "clock": "from the ledger's clock"
        case "ledger": "from the beginning of the ledger"
        case let principal: "sent by \(principal) from \(root.text("source"))"
        }
    }

    private var reason: [String] {
        guard let because = entry.root["because"]?.string else { return [] }
        return ["Reason"] + wrapped(because, 96).map { "  " + $0 }
    }

    private var builder: TimelineBuilder {
        TimelineBuilder(wording: wording, versions: versions, reasons: related.reasons)
    }

    private var history: [String] { TimelineRow.lines(builder.rows(path + [entry], all: true)) }

    // MARK: Consequences

    private var followed: [String] {
        guard !consequences.isEmpty else { return ["  nothing"] }
        let told = consequences.prefix(Self.consequencesToldMax)
        let rows = zip(builder.rows(told.map(\.entry), all: true), told).map { row, consequence in
            var row = row
            row.isNested = consequence.entry.root["agent"] != nil
            return row
        }
        let rest = consequences.count - told.count
        let more = rest > 0 || isCut ? ["  … and \(rest)\(isCut ? " or more" : "") entries"] : []
        return TimelineRow.lines(rows) + more
    }

    private var check: String {
        let first = trigger.root.sequence
        guard let recomputation else { return "this cannot be derived again from the entries before it" }
        if let place = recomputation.firstDifference {
            return "NOT what the rules give: asked again about #\(first), they differ from the log at #\(place)"
        }
        if trigger.root["source"]?.isString("/engine") == true {
            return "made again from the rule set that the ledger began with, it is the same byte for byte"
        }
        let count = recomputation.entries == 1 ? "the same entry" : "the same \(recomputation.entries) entries"
        return "asked again about #\(first) on the state before it, the rules gave \(count), byte for byte"
    }
}

extension Headline {
    /// The headline, its state on the same line where there is room for it.
    fileprivate var lines: [String] {
        let hasRoom = state.isEmpty || what.count <= 72 && state.count <= 50
        return hasRoom ? [line] : [what] + wrapped(state, 94).map { "  " + $0 }
    }
}

extension String {
    /// The text on one line, runs of blanks and line breaks reduced to one blank.
    var singleLine: String {
        split(whereSeparator: { $0 == "\n" || $0 == " " }).joined(separator: " ")
    }
}
