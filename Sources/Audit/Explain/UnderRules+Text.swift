import AgentKit
import JSON
import Rules

extension UnderRules {
    /// Sections that set what was decided beside what the other rules decide.
    func sections(_ rules: RuleText, _ wording: Wording) -> [[String]] {
        let name = isInForce ? "today's rules" : "the rules asked for"
        let title = "As decided then, and under \(name) (\(EntryFormatter.shortened(hash: digest)))"
        guard isDecided else {
            return [[title, "  these rules decide nothing on it: they do not know such an event"]]
        }
        if decisions.isEmpty { return [[title, "  nothing is decided on it either way"]] }
        let others = Wording(formatter, present: wording.present)
        let counts = [Outcome.same, .changed, .lost, .gained].map { outcome in
            (outcome, decisions.count(where: { $0.outcome == outcome }))
        }
        let summary = counts.filter { $0.1 > 0 }.map { Self.counted($0, $1) }.joined(separator: ", ")
        var sections = [[title, "  " + summary]]
        for decision in decisions where decision.outcome != .same {
            sections.append(lines(decision, rules, then: wording, now: others))
        }
        return sections
    }

    private static func counted(_ outcome: Outcome, _ count: Int) -> String {
        let decisions = SentenceText.plural(Int64(count), "decision")
        return switch outcome {
        case .same: "\(decisions) the same"
        case .changed: "\(decisions) otherwise"
        case .lost: "\(decisions) no longer made"
        case .gained: "\(decisions) new"
        }
    }

    private func lines(_ decision: Decision, _ rules: RuleText, then: Wording, now: Wording) -> [String] {
        let place = decision.then.map { "#\($0.root.sequence)  \(then.sentence($0.root))" } ?? ""
        switch decision.outcome {
        case .same: return []
        case .changed:
            var lines = ["Otherwise than " + place]
            lines += side("then", decision.then, then)
            lines += side("now", decision.now, now)
            return lines + differing(decision)
        case .lost:
            let answer = decision.rule.map { rules.answer(of: $0) }
            let gone = decision.then?.root["rule"]?.string.map { "\($0) is not asked about it" }
            return ["No longer made: " + place] + side("then", decision.then, then)
                + Self.labelled("now", answer ?? gone ?? "nothing leads to it")
        case .gained:
            guard let made = decision.now else { return [] }
            let because = made.root["because"]?.string.map { ": " + $0 } ?? ""
            return ["New: " + now.sentence(made.root)]
                + Self.labelled("now", (versions.rule(of: made.root) ?? "the ledger") + because)
        }
    }

    /// What one side decided, by which rule, and why.
    private func side(_ label: String, _ entry: Document?, _ wording: Wording) -> [String] {
        guard let root = entry?.root else { return [] }
        let because = root["because"]?.string.map { ", because " + $0 } ?? ""
        let rule = root["rule"]?.string.map { " (\($0))" } ?? ""
        return Self.labelled(label, wording.sentence(root) + rule + because)
    }

    private static func labelled(_ label: String, _ text: String) -> [String] {
        let start = "  " + label.padded(6)
        return wrapped(text, 88).enumerated().map { ($0 == 0 ? start : String(repeating: " ", count: 10)) + $1 }
    }

    /// The members in which both differ, with both values.
    private func differing(_ decision: Decision) -> [String] {
        guard let then = decision.then?.root["data"], let now = decision.now?.root["data"] else { return [] }
        let type = decision.then?.root.text("type") ?? ""
        let names = Set([then, now].flatMap { $0.children.compactMap(\.name) }).sorted()
        func value(_ data: View, _ name: String) -> String {
            guard let value = data.member(name) else { return "nothing" }
            let isAmount = formatter.amounts(of: type).contains(name)
            if isAmount, let units = value.int, let currency = data["currency"]?.string {
                return formatter.amount(units, currency)
            }
            let json = unsafe value.withCanonicalBytes { unsafe String(decoding: $0, as: UTF8.self) }
            return VariableText(formatter: formatter, isPlain: true)
                .phrase(RuleTrace.Variable(name: name, json: json))
        }
        let texts = VariableText(formatter: formatter, isPlain: true)
        return names.compactMap { name in
            let (one, other) = (value(then, name), value(now, name))
            return one == other ? nil : "    \(texts.name(name)): \(one) then, \(other) now"
        }
    }

    /// `{decided, decisions: [{now?, outcome, then?}], digest, inForce, same}`; `then` is the recorded entry, `now` what
    /// the other rules give in its place.
    func write(to writer: inout CanonicalWriter) {
        writer.beginObject()
        writer.key("decided")
        writer.bool(isDecided)
        writer.key("decisions")
        writer.list(decisions) { decision, writer in
            writer.beginObject()
            if let now = decision.now {
                writer.key("now")
                writer.value(now.root)
            }
            writer.key("outcome")
            writer.string(decision.outcome.rawValue)
            if let rule = decision.rule {
                writer.key("rule")
                rule.write(to: &writer)
            }
            if let then = decision.then {
                writer.key("then")
                writer.value(then.root)
            }
            writer.endObject()
        }
        writer.key("digest")
        writer.string(digest)
        writer.key("inForce")
        writer.bool(isInForce)
        writer.key("same")
        writer.bool(isSame)
        writer.endObject()
    }
}
