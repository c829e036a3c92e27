import AgentKit
import JSON
import Rules

extension Explanation {
    /// Sections on what the entry belongs to besides its causes: what it goes back to, what came twice, its vote, the
    /// corrected entry, the event that was given up or tried again, and the rules in conflict.
    func caseSections(_ rules: RuleText) -> [[String]] {
        var sections: [[String]] = []
        if !related.origins.isEmpty { sections.append(["What it goes back to"] + rows(related.origins)) }
        if let repetition = related.repetition { sections.append(section(repetition, rules)) }
        if let ballot { sections.append(contentsOf: self.sections(ballot, rules)) }
        if let override { sections.append(correction(override)) }
        if !retried.isEmpty { sections.append(["What was tried again"] + rows(retried)) }
        if let letter = related.deadLetter { sections.append(contentsOf: self.sections(ofDead: letter)) }
        let claim = DecisionOverruled(of: entry.root)?.claim ?? ConflictRaised(of: entry.root)?.claim
        if let claim { sections.append(["What the rules wanted of \(claim)"] + conflictingDecisions(rules)) }
        return sections
    }

    private func rows(_ entries: [Document]) -> [String] {
        let builder = TimelineBuilder(wording: wording, versions: versions, reasons: related.reasons)
        return TimelineRow.lines(builder.rows(entries, all: true))
    }

    // MARK: What came twice

    private func section(_ repetition: RelatedEntries.Repetition, _ rules: RuleText) -> [String] {
        let values = VariableText(formatter: wording.formatter, isPlain: true)
        let (first, again) = (repetition.first.root, repetition.again.root)
        var lines = ["What came twice"] + rows([repetition.first, repetition.again])
        let fact = repetition.key.isEmpty ? "" : " of " + repetition.key.joined(separator: ", ")
        lines.append("  #\(first.sequence) was first; \(again.text("type"))\(fact) counts once")
        guard !repetition.isSame else { return lines + ["  both say the same, so nothing is done a second time"] }
        lines.append("  #\(again.sequence) says something else, so it counts for nothing and an administrator is told")
        for member in differences(first["data"], again["data"]) {
            func value(_ entry: View) -> String {
                let amounts = wording.formatter.amounts(of: entry.text("type"))
                guard let value = entry["data"]?.member(member) else { return "nothing" }
                if amounts.contains(member), let units = value.int, let currency = entry["data"]?["currency"]?.string {
                    return wording.formatter.amount(units, currency)
                }
                let json = unsafe value.withCanonicalBytes { unsafe String(decoding: $0, as: UTF8.self) }
                return values.phrase(RuleTrace.Variable(name: member, json: json))
            }
            lines.append(
                "  \(values.name(member)): \(value(first)) in #\(first.sequence), "
                    + "\(value(again)) in #\(again.sequence)")
        }
        return lines
    }

    /// The members in which two data differ, in the order of the names.
    private func differences(_ first: View?, _ second: View?) -> [String] {
        let names = Set([first, second].compactMap { $0 }.flatMap { $0.children.compactMap(\.name) })
        let differing = names.filter { name in
            guard let one = first?.member(name), let other = second?.member(name) else { return true }
            return !one.isSame(as: other)
        }
        return differing.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    // MARK: Votes

    private func sections(_ ballot: Ballot, _ rules: RuleText) -> [[String]] {
        guard let opened = ProposalOpened(of: ballot.proposal.root) else { return [] }
        let until = wording.formatter.longTime(opened.until)
        let put =
            "put to the vote by \(opened.rule) in #\(ballot.proposal.root.sequence)"
            + (ballot.proposal.root["because"]?.string.map { ": " + $0 } ?? "")
        var lines = wrapped(put, 94).enumerated().map { ($0 == 0 ? "  " : "    ") + $1 }
        lines.append("  \(opened.need) of \(SentenceText.list(opened.of)) must be for it until \(until)")
        lines += ballot.votes.map { line($0, ballot) }
        lines.append("  " + outcome(of: ballot))
        let held = opened.emit.map { AskedRule.Effect(held: $0) }
        return [
            ["The vote on \(opened.reference)"] + lines,
            ["What the vote is about"] + rules.lines(held),
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

    // MARK: Dead letters

    private func sections(ofDead letter: Document) -> [[String]] {
        let dead = DeadletterAdded(of: letter.root)
        let number = trigger.root.sequence
        let why = [
            "  deciding on #\(number) would not have ended well: \(dead?.reason ?? "")",
            "  so all that had been decided on it was taken back, and #\(number) waits for an administrator",
        ]
        guard !related.attempts.isEmpty else {
            return [["Why #\(number) was given up"] + why, ["What was done about it", "  nothing yet"]]
        }
        let attempts = related.attempts.flatMap { [$0.retry] + $0.decisions }
        let hasNone = related.attempts.last?.decisions.isEmpty == true
        let last = hasNone ? ["  this time the rules had nothing to decide"] : []
        return [
            ["Why #\(number) was given up"] + why,
            ["What became of it when it was tried again"] + rows(attempts) + last,
        ]
    }

    // MARK: Conflicts

    private func conflictingDecisions(_ rules: RuleText) -> [String] {
        let winner = DecisionOverruled(of: entry.root)?.by
        let involved: [AskedRule] = others.filter {
            $0.name == winner || $0.verdict == .overruled || $0.verdict == .contradicted
        }
        var lines: [String] = []
        for rule in involved {
            lines.append("  " + rule.name + (rule.because.map { ": " + $0 } ?? ""))
            lines.append(contentsOf: rules.lines(rule.effects).map { "  " + $0 })
        }
        guard let winner, let first = involved.first(where: { $0.name == winner }),
            let loser = involved.first(where: { $0.name == DecisionOverruled(of: entry.root)?.rule })
        else { return lines + ["  rules of one class: neither goes before the other, so an administrator decides"] }
        return lines + [
            "  \(first.name) goes first: the class `\(first.agentClass)` stands above `\(loser.agentClass)`"
        ]
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
