/// Looks for reasons that a decision declares and no rule gives: a refusal that was forgotten, or one that is gone.
enum ReasonCheck {
    /// The reasons that rules give, by type; nil where the value is known only once an event is there.
    private struct Given {
        private(set) var reasons: [String: Set<String>?] = [:]

        mutating func add(_ type: String, _ reason: String?) {
            let known: Set<String>? = reasons[type] ?? []
            guard let known, let reason else {
                reasons[type] = .some(nil)
                return
            }
            reasons[type] = .some(known.union([reason]))
        }
    }

    /// A reason that is given and not declared is an error where the decision is compiled. What an administrator may
    /// correct may have reasons that only administrators give.
    static func report(_ agent: AgentSource, types: EventTypes) {
        var given = Given()
        for rule in agent.rules {
            for refusal in rule.refusals {
                let reason = refusal.reason.map(\.literal) ?? literal(refusal.with)
                given.add(refusal.type.text, reason)
                guard refusal.because == nil else { continue }
                agent.file.warning(
                    refusal.place,
                    "the refusal \(reason.map { "`\($0)` " } ?? "")has no `because`: people read no reason")
            }
            let others = rule.refusals.flatMap(\.also)
            for emit in rule.emit + (rule.otherwise ?? []) + (rule.onError ?? []) + others {
                if case .members(let members, _) = emit.data {
                    given.add(emit.type, literal(members))
                } else {
                    given.add(emit.type, nil)
                }
            }
        }
        for entry in agent.decisions?.entries ?? [] {
            guard let type = types[entry.key], !type.isCorrectable, let index = type.schema.index(of: "reason"),
                case .oneOf(let declared) = type.schema.members[index].type,
                let reasons = given.reasons[entry.key] ?? nil
            else { continue }
            for reason in declared where !reasons.contains(reason) {
                agent.file.warning(
                    entry.keyPlace, "no rule gives the reason `\(reason)` that `\(entry.key)` declares",
                    length: entry.key.unicodeScalars.count)
            }
        }
    }

    /// The reason among a decision's members, where it is written out.
    private static func literal(_ members: [RuleSource.Member]) -> String? {
        guard let member = members.first(where: { $0.name == "reason" }),
            case .expression(let expression) = member.value
        else { return nil }
        let text = expression.text
        guard let quote = text.first, quote == "\"" || quote == "'", text.last == quote, text.count > 2 else {
            return nil
        }
        let reason = String(text.dropFirst().dropLast())
        return RuleReader.isIdentifier(reason) ? reason : nil
    }
}

/// Looks for two rules of one agent that claim the same thing on the same event: at best one of them stands.
enum ClaimCheck {
    static func report(_ rules: [RuleSource], in file: SourceFile) {
        for (index, rule) in rules.enumerated() {
            for other in rules[..<index]
            where rule.on.contains(where: { on in other.on.contains { $0.text == on.text } }) {
                for claim in rule.claims where other.claims.contains(where: { $0.text == claim.text }) {
                    file.warning(
                        claim.place(0, in: file), "rule `\(other.id)` claims the same on the same event",
                        length: claim.text.unicodeScalars.count)
                }
            }
        }
    }
}

/// Looks for timers that an agent cancels and never schedules: a name misspelt, as a rule.
enum TimerCheck {
    static func report(_ rules: [RuleSource], in file: SourceFile) {
        let scheduled = Set(rules.flatMap(\.timers).map(\.name))
        for cancel in rules.flatMap(\.cancels) where !scheduled.contains(cancel.name) {
            let hint = Spelling.hint(cancel.name, among: scheduled.sorted())
            file.warning(cancel.place, "no rule of this agent schedules a timer `\(cancel.name)`\(hint)")
        }
    }
}
