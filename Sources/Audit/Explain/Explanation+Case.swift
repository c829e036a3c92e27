import AgentKit
import JSON
import Rules

extension Explanation {
    /// Sections on what the entry belongs to besides its causes: its vote, the corrected entry, the retried event, and
    /// the rules in conflict.
    var caseSections: [[String]] {
        var sections: [[String]] = []
        if let ballot { sections.append(contentsOf: self.sections(ballot)) }
        if let override { sections.append(correction(override)) }
        if !retried.isEmpty {
            let rows = TimelineBuilder(wording: wording, versions: versions).rows(retried, all: true)
            sections.append(["What was tried again"] + TimelineRow.lines(rows))
        }
        let claim = DecisionOverruled(of: entry.root)?.claim ?? ConflictRaised(of: entry.root)?.claim
        if let claim {
            sections.append(["What the rules wanted of \(claim)"] + conflictingDecisions)
        }
        return sections
    }

    /// Decisions by type and subject, with their members.
    private func lines(_ effects: [AskedRule.Effect]) -> [String] {
        let named = effects.map { effect in
            RuleTrace.Variable(name: effect.type + (effect.subject.map { " of " + $0 } ?? ""), json: effect.data)
        }
        return VariableText(formatter: wording.formatter).lines(
            named, amounts: effects.map { wording.formatter.amounts(of: $0.type) })
    }

    // MARK: Votes

    private func sections(_ ballot: Ballot) -> [[String]] {
        guard let opened = ProposalOpened(of: ballot.proposal.root) else { return [] }
        let until = wording.formatter.longTime(opened.until)
        var lines = [
            "  put to the vote by \(opened.rule) in #\(ballot.proposal.root.sequence)"
                + (ballot.proposal.root["because"]?.string.map { ": " + $0 } ?? ""),
            "  \(opened.need) of \(opened.of.joined(separator: ", ")) must be for it until \(until)",
        ]
        lines += ballot.votes.map { line($0, ballot) }
        lines.append("  " + outcome(of: ballot))
        let held = opened.emit.map { AskedRule.Effect(held: $0) }
        return [
            ["The vote on \(opened.reference)"] + lines,
            ["What the vote is about"] + self.lines(held),
        ]
    }

    private func line(_ vote: Document, _ ballot: Ballot) -> String {
        let cast = VoteCast(of: vote.root)
        let word = cast?.approve == true ? "for it" : "against it"
        let note = ballot.counts(vote) ? "" : ", which does not count"
        let because = vote.root["because"]?.string.map { ": " + $0 } ?? ""
        return "  \(cast?.agent ?? "") \(word) in #\(vote.root.sequence)\(note)\(because)"
    }

    private func outcome(of ballot: Ballot) -> String {
        guard let end = ballot.end else { return "still open" }
        return wording.sentence(end.root) + " in #\(end.root.sequence)"
    }

    // MARK: Corrections

    private func correction(_ asked: Document) -> [String] {
        let override = AdminOverride(of: asked.root)
        var lines: [String] = []
        if let corrected {
            lines.append("  #\(corrected.root.sequence)  \(wording.sentence(corrected.root))")
        } else {
            lines.append("  \(override?.corrects ?? ""), which is no entry before it")
        }
        let sender = asked.root.text("authid")
        lines.append("  reason given by \(sender) in #\(asked.root.sequence): \(override?.because ?? "")")
        if trigger.root.sequence != asked.root.sequence {
            lines.append("  approval sent by \(trigger.root.text("authid")) in #\(trigger.root.sequence)")
        }
        return ["What the administrator corrects"] + lines
    }

    /// Indicates that the entry is the event that an administrator's correction carries.
    var isCarried: Bool {
        guard let override, !isTrigger, entry.root["rule"] == nil else { return false }
        return entry.root.text("causationid") == trigger.root.text("sequence")
            && AdminOverride(of: override.root)?.emit.contains { $0.type == entry.root.text("type") } ?? false
    }

    // MARK: Conflicts

    private var conflictingDecisions: [String] {
        let winner = DecisionOverruled(of: entry.root)?.by
        let involved: [AskedRule] = others.filter {
            $0.name == winner || $0.verdict == .overruled || $0.verdict == .contradicted
        }
        var lines: [String] = []
        for rule in involved {
            lines.append("  " + rule.name + (rule.because.map { ": " + $0 } ?? ""))
            lines.append(contentsOf: self.lines(rule.effects).map { "  " + $0 })
        }
        return lines
    }
}

extension AskedRule.Effect {
    /// A decision that a proposal holds as `{type, subject, data}`.
    fileprivate init(held item: ProposalOpened.Emit) {
        type = item.type
        subject = item.subject?.isEmpty == true ? nil : item.subject
        data = unsafe item.data?.withCanonicalBytes { unsafe String(decoding: $0, as: UTF8.self) } ?? "{}"
    }
}
