import AgentKit
import JSON
import Rules

extension Explanation {
    /// The largest number of consequences told; the others are counted.
    private static let consequencesToldMax = 40

    /// The explanation for people who are not programmers.
    package var text: String {
        var sections = [heading]
        sections.append(reason)
        if !path.isEmpty { sections.append(["How it came to this"] + history) }
        sections.append(contentsOf: caseSections)
        if let rule { sections.append(contentsOf: ruleSections(rule)) }
        if !others.isEmpty { sections.append([othersTitle] + others.map { line($0) }) }
        sections.append(["What followed"] + followed)
        if !accounts.isEmpty { sections.append(["Accounts before and after"] + balances) }
        if let rule { sections.append([source(of: rule)] + Self.indented(rule.text, by: 2)) }
        sections.append(["Checked", "  " + check])
        return sections.filter { !$0.isEmpty }.map(VisibleText.page).joined(separator: "\n\n") + "\n"
    }

    private static func indented(_ text: String, by blanks: Int) -> [String] {
        text.split(separator: "\n", omittingEmptySubsequences: false)
            .map { $0.isEmpty ? "" : String(repeating: " ", count: blanks) + $0 }
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
        if let headline {
            lines.append("")
            lines.append(headline.line)
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

    private var history: [String] {
        TimelineRow.lines(TimelineBuilder(wording: wording, versions: versions).rows(path + [entry], all: true))
    }

    // MARK: The rule

    private func ruleSections(_ rule: AskedRule) -> [[String]] {
        var sections: [[String]] = []
        if rule.verdict == .failed {
            sections.append(["The rule \(rule.name) \(rule.version) failed", "  " + (rule.failure ?? "")])
        }
        if !rule.conjuncts.isEmpty {
            let title =
                switch rule.verdict {
                case .acted, .refused: "Its conditions all held"
                case .otherwise: "Not all its conditions held, so what it has for that case applies"
                default: "Its conditions"
                }
            sections.append([title] + rule.conjuncts.map { line($0) })
        }
        if !rule.refusals.isEmpty {
            let title = rule.verdict == .refused ? "It refuses, as one of these holds" : "None of these made it refuse"
            sections.append([title] + rule.refusals.map { line($0) })
        }
        if let table = rule.table { sections.append(["Its table"] + lines(of: table)) }
        if !rule.variables.isEmpty {
            let lines = VariableText(formatter: wording.formatter).lines(rule.variables)
            sections.append(["What the rule knew at that moment"] + lines)
        }
        return sections
    }

    private func lines(of table: AskedRule.TableRow) -> [String] {
        let values = VariableText(formatter: wording.formatter)
        var lines = table.inputs.isEmpty ? [] : ["  asked with"] + values.lines(table.inputs).map { "  " + $0 }
        if let index = table.index {
            lines.append("  row \(index + 1) of \(table.count) applies")
            lines += Self.indented(table.text ?? "", by: 4).filter { !$0.isEmpty }
            lines += ["  which gives"] + values.lines(table.outputs).map { "  " + $0 }
        } else {
            lines.append("  none of its \(table.count) rows holds")
        }
        return lines
    }

    private func line(_ conjunct: RuleTrace.Conjunct) -> String {
        let mark =
            switch conjunct.verdict {
            case .held: "yes  "
            case .failed: "no   "
            case .error(let message): "failed (\(message))  "
            }
        return "  " + mark + conjunct.source.singleLine
    }

    private func source(of rule: AskedRule) -> String {
        "The rule as written (\(rule.file), line \(rule.line), version \(rule.version))"
    }

    // MARK: Other rules

    private var othersTitle: String {
        let asked = rule?.asked ?? others[0].asked
        return (rule == nil ? "Rules that were asked about #" : "Other rules that were asked about #") + String(asked)
    }

    private func line(_ other: AskedRule) -> String {
        switch other.verdict {
        case .acted: "  \(other.name) acted" + (other.because.map { ": " + $0 } ?? "")
        case .refused: "  \(other.name) refused" + (other.because.map { ": " + $0 } ?? "")
        case .otherwise:
            "  \(other.name) acted as for the other case: `\((other.firstFailed ?? "").singleLine)` did not hold"
        case .didNotHold: "  \(other.name) did not act: `\((other.firstFailed ?? "").singleLine)` did not hold"
        case .failed: "  \(other.name) failed: \(other.failure ?? "")"
        case .overruled: "  \(other.name) wanted to act, but was overruled by \(other.overruledBy ?? "")"
        case .contradicted: "  \(other.name) wanted to act, but another rule of its class wanted otherwise"
        case .repeated: "  \(other.name) wanted the same, which is done once"
        }
    }

    // MARK: Consequences

    private var followed: [String] {
        guard !consequences.isEmpty else { return ["  nothing"] }
        let story = TimelineBuilder(wording: wording, versions: versions)
        let told = consequences.prefix(Self.consequencesToldMax)
        let rows = zip(story.rows(told.map(\.entry), all: true), told).map { row, consequence in
            var row = row
            row.isNested = consequence.entry.root["agent"] != nil
            return row
        }
        let rest = consequences.count - told.count
        let more = rest > 0 || isCut ? ["  … and \(rest)\(isCut ? " or more" : "") entries"] : []
        return TimelineRow.lines(rows) + more
    }

    private var balances: [String] {
        let width = accounts.map(\.id.count).max() ?? 0
        return accounts.map { change in
            func money(_ line: AccountLine) -> String { wording.formatter.amount(line.balance, line.currency) }
            var text = "  " + change.id.padded(width) + "  " + money(change.before) + " → " + money(change.after)
            if change.before.debitsPending != change.after.debitsPending {
                let formatter = wording.formatter
                text += ", set aside \(formatter.amount(change.before.debitsPending, change.before.currency)) → "
                text += formatter.amount(change.after.debitsPending, change.after.currency)
            }
            return text
        }
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

extension String {
    /// The text on one line, runs of blanks and line breaks reduced to one blank.
    var singleLine: String {
        split(whereSeparator: { $0 == "\n" || $0 == " " }).joined(separator: " ")
    }
}

/// Formats the values of a rule's named expressions, one a line: times in the calendar's zone, amounts with their
/// currency's decimals.
struct VariableText {
    /// The number of characters of a value that are shown.
    private static let valueCharactersMax = 900
    private static let lineCharacters = 84

    let formatter: EntryFormatter

    /// - Parameter amounts: the members that are amounts, for each value that is JSON of a known type.
    func lines(_ variables: [RuleTrace.Variable], amounts: [AmountMembers] = []) -> [String] {
        let width = variables.map(\.name.count).max() ?? 0
        return variables.enumerated().flatMap { index, variable -> [String] in
            let amounts = index < amounts.count ? amounts[index] : .none
            let name = "  " + variable.name.padded(width) + "  "
            let rest = String(repeating: " ", count: name.count)
            return wrapped(text(of: variable, amounts), Self.lineCharacters).enumerated().map { index, line in
                ((index == 0 ? name : rest) + line).trimmedEnd
            }
        }
    }

    private func text(of variable: RuleTrace.Variable, _ amounts: AmountMembers) -> String {
        guard let json = variable.json, let document = try? Document(adopting: Array(json.utf8)) else {
            return "could not be worked out: " + (variable.error ?? "")
        }
        let text = text(of: document.root, amounts, currency: nil)
        return text.count > Self.valueCharactersMax ? text.prefix(Self.valueCharactersMax) + " …" : text
    }

    private func text(of value: View, _ amounts: AmountMembers, currency: String?) -> String {
        switch value.kind {
        case .null: return "nothing"
        case .bool: return value.bool == true ? "yes" : "no"
        case .int:
            let number = value.int ?? 0
            if let currency, let name = value.name, amounts.contains(name) {
                return formatter.amount(number, currency)
            }
            return String(number)
        case .double: return value.double.map { "\($0)" } ?? ""
        case .string:
            let text = value.string ?? ""
            if let instant = Instant(rfc3339: text) { return formatter.longTime(instant) }
            return text.isEmpty ? "\"\"" : text
        case .array:
            if value.count == 0 { return "none" }
            return value.children.map { text(of: $0, amounts, currency: currency) }.joined(separator: ", ")
        case .object:
            if value.count == 0 { return "none" }
            if value["sealed"] != nil, value["commitment"] != nil { return "(personal, sealed)" }
            let own = value["currency"]?.string ?? currency
            if value.count == 2, let units = value["minorUnits"]?.int, let own { return formatter.amount(units, own) }
            return value.children.map { child in
                let name = child.name ?? ""
                let isScalar = child.kind != .object && child.kind != .array
                return name + " " + text(of: child, isScalar ? amounts : amounts.within(name), currency: own)
            }.joined(separator: ", ")
        }
    }
}
