import AgentKit
import Rules

/// Tells what a rule asked and knew, and what other rules said: in words for people, and with conditions as they are written
/// for engineers.
struct RuleText {
    let formatter: EntryFormatter
    let isVerbose: Bool
    /// The currency of amounts whose record names none.
    let currency: String?

    private var values: VariableText {
        VariableText(formatter: formatter, isPlain: !isVerbose, currency: currency)
    }

    /// Sections on one rule.
    /// - Parameter because: the reason that is told already.
    func sections(_ rule: AskedRule, because: String?) -> [[String]] {
        var sections: [[String]] = []
        if rule.verdict == .failed {
            sections.append(["The rule \(rule.name) \(rule.version) failed", "  " + failure(of: rule)])
        }
        sections.append(conditions(rule))
        sections.append(refusals(rule, because: because))
        if let table = rule.table { sections.append(lines(of: table)) }
        sections.append(limits(rule))
        sections.append(known(rule))
        return sections.filter { $0.count > 1 || rule.verdict == .otherwise && !$0.isEmpty }
    }

    /// The reason why a rule failed, for people without the log's code before it.
    private func failure(of rule: AskedRule) -> String {
        let text = rule.failure ?? ""
        guard !isVerbose, let colon = text.firstRange(of: ": ") else { return text }
        return String(text[colon.upperBound...])
    }

    // MARK: Conditions

    private func conditions(_ rule: AskedRule) -> [String] {
        guard !rule.conjuncts.isEmpty else { return [] }
        let otherwise = "Not all its conditions held, so what it has for that case applies"
        guard isVerbose else { return rule.verdict == .otherwise ? [otherwise] + decisive(rule) : [] }
        let title =
            switch rule.verdict {
            case .acted, .refused: "Its conditions all held"
            case .otherwise: otherwise
            default: "Its conditions"
            }
        return [title] + rule.conjuncts.flatMap(written)
    }

    /// The values that the first condition read which did not hold.
    private func decisive(_ rule: AskedRule) -> [String] {
        values.lines(rule.decisive.map { item($0, of: rule) })
    }

    /// A condition as it is written, and in words below it where it has any.
    private func written(_ conjunct: RuleTrace.Conjunct) -> [String] {
        let mark =
            switch conjunct.verdict {
            case .held: "yes  "
            case .failed: "no   "
            case .error(let message): "failed (\(message))  "
            }
        let words = conjunct.because ?? conjunct.reason.map(SentenceText.words)
        return ["  " + mark + conjunct.source.singleLine] + (words.map { ["         “\($0)”"] } ?? [])
    }

    private func refusals(_ rule: AskedRule, because: String?) -> [String] {
        guard !rule.refusals.isEmpty else { return [] }
        if isVerbose {
            let title = rule.verdict == .refused ? "It refuses, as one of these holds" : "None of these made it refuse"
            return [title] + rule.refusals.flatMap(written)
        }
        let passed = rule.refusals.filter { $0.verdict == .failed }
        var told: [String] = []
        for refusal in passed {
            guard let text = refusal.because ?? refusal.reason.map(SentenceText.words) else { continue }
            if !told.contains(text) { told.append(text) }
        }
        var lines = told.flatMap { text in
            wrapped(text, 92).enumerated().map { ($0 == 0 ? "  - " : "    ") + $1 }
        }
        let silent = passed.count(where: { $0.because == nil && $0.reason == nil })
        if silent > 0, !told.isEmpty {
            lines.append("  - and \(SentenceText.plural(Int64(silent), "more reason")), not in words")
        }
        let title =
            rule.verdict == .refused
            ? "Looked at before, and not so" : "It would have been refused for any of these, none of which was so"
        return lines.isEmpty ? [] : [title] + lines
    }

    // MARK: Tables

    private func lines(of table: AskedRule.TableRow) -> [String] {
        guard isVerbose else {
            let lines = values.lines((table.inputs + table.outputs).map { VariableText.Item(variable: $0) })
            let cases = SentenceText.plural(Int64(table.count), "case")
            guard let index = table.index else { return ["Of the \(cases) that it tells apart, none is so"] + lines }
            return ["Of the \(cases) that it tells apart, the \(SentenceText.ordinal(Int64(index + 1))) is so"] + lines
        }
        let inputs = values.lines(table.inputs.map { VariableText.Item(variable: $0) })
        let outputs = values.lines(table.outputs.map { VariableText.Item(variable: $0) })
        var lines = ["Its table"]
        if !inputs.isEmpty { lines += ["  asked with"] + inputs.map { "  " + $0 } }
        if let index = table.index {
            lines.append("  row \(index + 1) of \(table.count) applies")
            lines += Self.indented(table.text ?? "", by: 4).filter { !$0.isEmpty }
            lines += ["  which gives"] + outputs.map { "  " + $0 }
        } else {
            lines.append("  none of its \(table.count) rows holds")
        }
        return lines
    }

    // MARK: Values

    private func limits(_ rule: AskedRule) -> [String] {
        ["Settings of the rules that it went by"]
            + values.lines(rule.parameters.map { item($0, of: rule) })
    }

    private func item(_ variable: RuleTrace.Variable, of rule: AskedRule) -> VariableText.Item {
        VariableText.Item(variable: variable, isShare: rule.shares.contains(variable.name))
    }

    private func known(_ rule: AskedRule) -> [String] {
        let items = rule.variables.map { variable in
            VariableText.Item(
                variable: variable, amounts: rule.amounts[variable.name] ?? .none,
                members: isVerbose ? nil : rule.members[variable.name],
                isAmount: !isVerbose && rule.amountVariables.contains(variable.name),
                isShare: rule.shares.contains(variable.name))
        }
        return [isVerbose ? "What the rule knew at that moment" : "What it looked at"] + values.lines(items)
    }

    /// Decisions with their members, each under its sentence.
    func lines(_ effects: [AskedRule.Effect]) -> [String] {
        effects.flatMap { effect -> [String] in
            let sentence = "  " + formatter.sentence(effect)
            guard isVerbose else { return [sentence] }
            let name = effect.type + (effect.subject.map { " of " + $0 } ?? "")
            let item = VariableText.Item(
                variable: RuleTrace.Variable(name: name, json: effect.data), amounts: formatter.amounts(of: effect.type)
            )
            return [sentence] + values.lines([item]).map { "  " + $0 }
        }
    }

    // MARK: Other rules

    /// - Parameter rule: the rule that is explained, which is none of the others.
    func others(_ others: [AskedRule], about asked: UInt64, beside rule: AskedRule?) -> [String] {
        let told = isVerbose ? others : others.filter(\.concerns)
        let rest = others.count - told.count
        var lines = ["\(rule == nil ? "Rules" : "Other rules") that were asked about #\(asked)"]
        for other in told { lines += wrapped(line(other), 96).enumerated().map { ($0 == 0 ? "  " : "    ") + $1 } }
        if rest > 0 {
            let rules = SentenceText.plural(Int64(rest), told.isEmpty ? "rule" : "other rule")
            lines.append(
                "  \(told.isEmpty ? "" : "and ")\(rules), whose conditions do not concern it; --verbose lists them")
        }
        return lines
    }

    /// How another rule turned out, in one sentence.
    func answer(of other: AskedRule) -> String { line(other) }

    private func line(_ other: AskedRule) -> String {
        let because = other.because.map { ": " + $0 } ?? ""
        return switch other.verdict {
        case .acted: "\(other.name) acted" + because
        case .refused: "\(other.name) refused" + because
        case .otherwise: "\(other.name) acted as for the other case" + why(other)
        case .didNotHold: "\(other.name) did not act" + why(other)
        case .failed: "\(other.name) failed: " + failure(of: other)
        case .overruled: "\(other.name) wanted to act, but was overruled by \(other.overruledBy ?? "")" + because
        case .contradicted: "\(other.name) wanted to act, but another rule of its class wanted otherwise"
        case .repeated: "\(other.name) wanted the same, which is done once"
        }
    }

    /// The condition that did not hold, as it is written or by the values that it read.
    private func why(_ other: AskedRule) -> String {
        if isVerbose { return ": `\((other.firstFailed ?? "").singleLine)` did not hold" }
        let read = other.decisive.map { value in
            values.name(value.name) + ": " + values.phrase(value, isShare: other.shares.contains(value.name))
        }.filter { $0.count <= 60 }
        return read.isEmpty ? "" : " (" + read.joined(separator: "; ") + ")"
    }

    // MARK: The rule as written

    func source(of rule: AskedRule) -> [String] {
        ["The rule as written (\(rule.file), line \(rule.line), version \(rule.version))"]
            + Self.indented(rule.text, by: 2)
    }

    private static func indented(_ text: String, by blanks: Int) -> [String] {
        text.split(separator: "\n", omittingEmptySubsequences: false)
            .map { $0.isEmpty ? "" : String(repeating: " ", count: blanks) + $0 }
    }
}

extension EntryFormatter {
    /// One sentence about a decision that a rule made or wanted.
    func sentence(_ effect: AskedRule.Effect) -> String {
        let json = #"{"data":"# + effect.data + #","type":""# + effect.type + #""}"#
        guard let entry = try? Document(adopting: Array(json.utf8)) else { return effect.type }
        let sentence = sentences.text(entry.root)
        let isSaid = sentence != effect.type.replacing(".", with: " ")
        return isSaid ? sentence : sentence + (effect.subject.map { " of " + $0 } ?? "")
    }
}
