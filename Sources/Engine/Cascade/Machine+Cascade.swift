import AgentKit
import EventLog
import JSON
import Rules

extension Machine {
    /// Runs the rules of the trigger that was just appended, of the decisions they give, and so on until nothing
    /// follows. Beyond the limits nothing of it is kept but the trigger and one `deadletter.added`.
    func runCascade(from start: Mark, head: CascadeHead) -> Cascade {
        let first = EntrySequence(chain.base + UInt64(start.count))
        do throws(CascadeLimit) {
            var position = 0
            while position < queue.count {
                let step = queue[position]
                position += 1
                try decide(step, head: head, first: first)
            }
            queue.removeAll(keepingCapacity: true)
        } catch {
            giveUp(error, keeping: first, from: start, head: head)
        }
        return Cascade(first: first, count: chain.count - start.count)
    }

    /// One step: every rule on the entry's type sees the same state; then what they decided is appended.
    private func decide(_ step: CascadeStep, head: CascadeHead, first: EntrySequence) throws(CascadeLimit) {
        guard let ruleSet else { return }
        if let earlier = step.earlier {
            return try answer(repetitionOf: earlier, step, head: head, first: first)
        }
        if let reaction = handling[step.type.index].reaction {
            try react(reaction, to: step, head: head, first: first)
        }
        try runRules(rulesFor(step, in: ruleSet), step, ruleSet, head: head, first: first)
    }

    /// The rules that are asked about an entry: those on its type, or the one rule whose row an item is.
    func rulesFor(_ step: CascadeStep, in ruleSet: RuleSet) -> [CompiledRule] {
        guard handling[step.type.index].isScheduleItem else {
            let rules = handling[step.type.index].rules
            // An explanation also names the rules that could not hold.
            return observer == nil ? rules.rules(for: step.event) : rules.all
        }
        let item = ScheduleItem(step.event.data)
        guard let schedule = ruleSet.eventType(named: item.schedule) else { return [] }
        let name = item.rule
        return ruleSet.scheduleRules(on: schedule).filter { $0.qualifiedName == name }
    }

    func runRules(
        _ rules: [CompiledRule], _ step: CascadeStep, _ ruleSet: RuleSet, head: CascadeHead, first: EntrySequence
    ) throws(CascadeLimit) {
        guard !rules.isEmpty else { return }
        tables.context.sequence = step.event.sequence
        tables.context.recordedTime = step.event.recordedTime
        if rules.count == 1 {
            let outcome = evaluate(rules[0], step, ruleSet)
            try append(outcome, of: rules[0], step: step, head: head, first: first)
            return
        }
        var outcomes: [(rule: CompiledRule, outcome: RuleOutcome)] = []
        for rule in rules {
            let outcome = evaluate(rule, step, ruleSet)
            if case .silent = outcome { continue }
            outcomes.append((rule, outcome))
        }
        if outcomes.isEmpty { return }
        let settled = Claims.settle(outcomes)
        for (index, item) in outcomes.enumerated() {
            switch settled[index] {
            case .stands: try append(item.outcome, of: item.rule, step: step, head: head, first: first)
            case .repeated: continue
            case .overruled(let by, let claim):
                try overrule(item.outcome, of: item.rule, by: by, claim: claim, step: step, head: head, first: first)
            case .conflicts(let claim, let names, let isFirst):
                guard isFirst else { continue }
                try raiseConflict(claim: claim, rules: names, step: step, head: head, first: first)
            }
        }
    }

    private func evaluate(_ rule: CompiledRule, _ step: CascadeStep, _ ruleSet: RuleSet) -> RuleOutcome {
        guard let observer else { return ruleSet.evaluate(rule, on: step.event) }
        let trace = RuleTrace()
        let outcome = ruleSet.evaluate(rule, on: step.event, trace: trace)
        observer.evaluated(rule, on: step.event, outcome, trace)
        return outcome
    }

    /// Appends what a rule gives: its decisions, or what stands in for them where it failed.
    private func append(
        _ outcome: RuleOutcome, of rule: CompiledRule, step: CascadeStep, head: CascadeHead, first: EntrySequence
    ) throws(CascadeLimit) {
        let decider = Decider.rule(agent: rule.agent, qualifiedName: rule.qualifiedName)
        switch outcome {
        case .silent: return
        case .decided(let decisions):
            guard fits(decisions, head: head) else {
                return try fail(rule, .size, step: step, head: head, first: first)
            }
            if let quorum = decisions.quorum, !decisions.isOtherwise {
                return try propose(quorum, decisions, of: rule, by: decider, step: step, head: head, first: first)
            }
            for emission in decisions.emissions {
                try emit(emission, because: decisions.because, by: decider, step: step, head: head, first: first)
            }
            for timer in decisions.timers {
                try schedule(timer, by: decider, step: step, head: head, first: first)
            }
            for timer in decisions.cancels where isScheduled(timer, agent: rule.agent) {
                try cancel(timer, by: decider, step: step, head: head, first: first)
            }
        case .failed(let code, .some(let emissions)):
            var standIn = Decisions()
            standIn.emissions = emissions
            guard fits(standIn, head: head) else { return try fail(rule, code, step: step, head: head, first: first) }
            for emission in emissions {
                try emit(emission, because: nil, by: decider, step: step, head: head, first: first)
            }
        case .failed(let code, nil):
            try fail(rule, code, step: step, head: head, first: first)
        }
    }

    /// Returns true if every decision of a rule fits into an entry: a rule is all or nothing.
    private func fits(_ decisions: Decisions, head: CascadeHead) -> Bool {
        let shared =
            head.correlation.bytesMax + (head.traceParent?.utf8.count ?? 0) * 6
            + (decisions.because?.utf8.count ?? 0) * 6 + EntryEncoder.envelopeBytesMax
        return decisions.emissions.allSatisfy {
            $0.data.count + (head.subject($0.subject) ?? "").utf8.count * 6 + shared <= EntryEncoder.entryBytesMax
        }
    }

    /// Appends one decision of a rule.
    func emit(
        _ emission: Emission, because: String?, by decider: Decider, step: CascadeStep, head: CascadeHead,
        first: EntrySequence
    ) throws(CascadeLimit) {
        try append(
            emission.type, subject: emission.subject, data: emission.data, because: because, by: decider, step: step,
            head: head, first: first)
    }

    /// Appends one decision caused by the entry of `step`.
    func append(
        _ type: EventType, subject: String?, data: [UInt8], because: String?, by decider: Decider, step: CascadeStep,
        head: CascadeHead, first: EntrySequence
    ) throws(CascadeLimit) {
        guard step.depth < Self.cascadeDepthMax else { throw .depth }
        guard next.value - first.value < UInt64(Self.cascadeEntriesMax) else { throw .entries }
        let sequence = next
        unsafe data.withUnsafeBytes { data in
            unsafe encoder.decision(
                type: type.name, subject: subject, data: data, because: because, by: decider,
                ruleSet: ruleSet?.digest ?? "", cause: step.cause, at: sequence, head: head, after: chain)
        }
        if decider.isAgent { state.count(decisionOf: decider.agent) }
        appendEncoded(type: type, depth: step.depth + 1, time: head.recordedTime)
        if let subject = head.subject(subject) { state.subjects[subject] = SubjectRow(last: sequence) }
    }

    /// Appends a decision of the engine itself.
    func append<D: EventData>(
        _ data: D, subject: String? = nil, because: String? = nil, by decider: Decider = .engine, step: CascadeStep,
        head: CascadeHead, first: EntrySequence
    ) throws(CascadeLimit) {
        guard let type = ruleSet?.eventType(named: D.type) else { return }
        try append(
            type, subject: subject, data: data.bytes, because: because, by: decider, step: step, head: head,
            first: first)
    }

    /// A rule that failed and has nothing to stand in for it.
    private func fail(
        _ rule: CompiledRule, _ code: RuleFailure.Code, step: CascadeStep, head: CascadeHead, first: EntrySequence
    ) throws(CascadeLimit) {
        guard step.type.name != AgentFailedData.type, step.type.name != AlertRaisedData.type else { return }
        try append(
            AgentFailedData(agent: rule.agent, code: code.rawValue, rule: rule.qualifiedName), step: step, head: head,
            first: first)
        try alert(
            rule.qualifiedName + ":" + step.event.sequence.padded, severity: "critical",
            what: "rule `\(rule.qualifiedName)` failed: \(code.rawValue)", reference: step.event.subject, step: step,
            head: head, first: first)
    }

    func alert(
        _ id: String, severity: String, what: String, reference: String?, step: CascadeStep, head: CascadeHead,
        first: EntrySequence
    ) throws(CascadeLimit) {
        try append(
            AlertRaisedData(alertId: id, reference: reference, severity: severity, what: what), step: step,
            head: head, first: first)
    }

    /// Takes the cascade back but for its trigger, and says why in a dead letter.
    private func giveUp(_ limit: CascadeLimit, keeping first: EntrySequence, from start: Mark, head: CascadeHead) {
        guard let trigger = recorded(first), let name = trigger.root["type"]?.string,
            let type = ruleSet?.eventType(named: name)
        else { preconditionFailure("a cascade without its trigger") }
        undo(to: start)
        unsafe trigger.withBytes { unsafe chain.append($0) }
        let event = Event(trigger, sequence: first, type: name, recordedTime: head.recordedTime)
        reduce(event, type)
        admit(event)
        let step = CascadeStep(event: event, type: type, depth: 0)
        try? append(
            DeadletterAddedData(reason: limit.rawValue, sequence: first.padded), step: step, head: head, first: first)
        queue.removeAll(keepingCapacity: true)
    }
}

extension Machine {
    /// One `decision.overruled` for each decision of the rule that lost; its timers never exist.
    func overrule(
        _ outcome: RuleOutcome, of rule: CompiledRule, by winner: String, claim: String, step: CascadeStep,
        head: CascadeHead, first: EntrySequence
    ) throws(CascadeLimit) {
        guard case .decided(let decisions) = outcome else { return }
        for emission in decisions.emissions {
            try append(
                DecisionOverruledData(
                    agent: rule.agent, by: winner, claim: claim, data: emission.data, rule: rule.qualifiedName,
                    type: emission.type.name),
                step: step, head: head, first: first)
        }
    }

    /// Rules of one class that contradict each other: an administrator is asked.
    func raiseConflict(
        claim: String, rules: [String], step: CascadeStep, head: CascadeHead, first: EntrySequence
    ) throws(CascadeLimit) {
        try append(ConflictRaisedData(claim: claim, rules: rules), step: step, head: head, first: first)
    }
}

extension Machine {
    /// Decides what the engine itself has to on an entry, before the rules of the agents.
    func react(
        _ reaction: EngineReaction, to step: CascadeStep, head: CascadeHead, first: EntrySequence
    ) throws(CascadeLimit) {
        let data = step.event.data
        switch reaction {
        case .voteCast: try count(vote: step, head: head, first: first)
        case .timerFired:
            let timer = TimerFired(data)
            if timer.name == Self.proposalTimer {
                try expire(proposal: timer.key, step: step, head: head, first: first)
            } else if timer.name == Self.overrideTimer, timer.agent == Decider.engine.agent {
                try expire(override: timer.key, step: step, head: head, first: first)
            }
        case .overridden: try decide(override: step, head: head, first: first)
        case .approved: try decide(approval: step, head: head, first: first)
        case .retried: try retry(step, head: head, first: first)
        }
    }

    /// Evaluates the event of a dead letter again, as of now and under the rule set in force, without folding it again.
    private func retry(_ step: CascadeStep, head: CascadeHead, first: EntrySequence) throws(CascadeLimit) {
        guard let ruleSet, let sequence = EntrySequence(padded: DeadletterRetried(step.event.data).sequence),
            let original = recorded(sequence), let again = atTime(original, head.recordedTime),
            let event = Event(again), let type = ruleSet.eventType(named: event.type)
        else { return }
        let repeated = CascadeStep(event: event, type: type, depth: step.depth, cause: step.event.sequence)
        let reaction = handling[type.index].reaction
        if reaction == .overridden || reaction == .approved, let reaction {
            try react(reaction, to: repeated, head: head, first: first)
        }
        try runRules(rulesFor(repeated, in: ruleSet), repeated, ruleSet, head: head, first: first)
    }

    /// The same entry with another `recordedtime`, for rules that see only that time.
    private func atTime(_ document: Document, _ time: Instant) -> Document? {
        guard let range = document.root["recordedtime"]?.canonicalRange, range.count == 26 else { return nil }
        var bytes = document.bytes
        unsafe bytes.withUnsafeMutableBytes { bytes in
            unsafe time.write(
                into: UnsafeMutableRawBufferPointer(rebasing: bytes[range.lowerBound + 1..<range.upperBound - 1]))
        }
        return try? Document(adopting: bytes)
    }
}

/// The entries on which the engine itself decides something.
enum EngineReaction: String {
    case voteCast = "vote.cast"
    case timerFired = "timer.fired"
    case overridden = "admin.override"
    case approved = "admin.override.approved"
    case retried = "deadletter.retried"
}
