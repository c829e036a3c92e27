import AgentKit
import EventLog
import JSON
import Rules

/// Runs cascades: the rules on a trigger decide, then the rules on their decisions, and so on until nothing follows.
///
/// All rules on one entry see the same state; what they decided is settled between them (`Claims`) and appended in their
/// order. The engine's own reactions come before the rules of the agents. A cascade that goes beyond its limits is taken
/// back but for its trigger, which becomes a dead letter.
final class CascadeRunner {
    /// Watches the rules while they are evaluated, for explanations.
    var observer: (any RuleObserver)?
    private let writer: CascadeWriter
    private let state: MachineState
    private let votes: Votes
    private let overrides: Overrides

    init(_ writer: CascadeWriter) {
        self.writer = writer
        state = writer.state
        votes = Votes(writer)
        overrides = Overrides(writer)
    }

    /// Runs the rules of the trigger that was just appended, of the decisions they give, and so on until nothing
    /// follows. Beyond the limits nothing of it is kept but the trigger and one `deadletter.added`.
    func run(from start: Savepoint, head: CascadeHead) -> Cascade {
        let first = EntrySequence(state.entries.chain.base + UInt64(start.count))
        guard let trigger = writer.queue.first else {
            return Cascade(first: first, count: state.entries.chain.count - start.count)
        }
        var context = CascadeContext(step: trigger, head: head, first: first)
        var position = 1
        do throws(CascadeLimit) {
            while true {
                try decide(in: context)
                guard position < writer.queue.count else { break }
                context.step = writer.queue[position]
                position += 1
            }
            writer.clearQueue()
        } catch {
            giveUp(error, from: start, context)
        }
        return Cascade(first: first, count: state.entries.chain.count - start.count)
    }

    /// One step: every rule on the entry's type sees the same state; then what they decided is appended.
    private func decide(in context: CascadeContext) throws(CascadeLimit) {
        guard let ruleSet = state.ruleSets.inForce else { return }
        if let earlier = context.step.earlier { return try answer(repetitionOf: earlier, in: context) }
        if let reaction = state.ruleSets.handling[context.step.type.index].reaction { try react(reaction, in: context) }
        try run(rules(for: context.step, in: ruleSet), ruleSet, in: context)
    }

    // MARK: The rules of the agents

    /// The rules that are asked about an entry: those on its type, or the one rule whose row an item is.
    private func rules(for step: CascadeStep, in ruleSet: RuleSet) -> [CompiledRule] {
        guard state.ruleSets.handling[step.type.index].isScheduleItem else {
            let rules = state.ruleSets.handling[step.type.index].rules
            // An explanation also names the rules that could not hold.
            return observer == nil ? rules.rules(for: step.event) : rules.all
        }
        let item = ScheduleItem(step.event.data)
        guard let schedule = ruleSet.eventType(named: item.schedule) else { return [] }
        let name = item.rule
        return ruleSet.scheduleRules(on: schedule).filter { $0.qualifiedName == name }
    }

    private func run(
        _ rules: [CompiledRule], _ ruleSet: RuleSet, in context: CascadeContext
    ) throws(CascadeLimit) {
        guard !rules.isEmpty else { return }
        let ruleContext = state.tables.context
        ruleContext.sequence = context.step.event.sequence
        ruleContext.recordedTime = context.step.event.recordedTime
        if rules.count == 1 {
            let outcome = evaluate(rules[0], context.step, ruleSet)
            try append(outcome, of: rules[0], in: context)
            return
        }
        var outcomes: [(rule: CompiledRule, outcome: RuleOutcome)] = []
        for rule in rules {
            let outcome = evaluate(rule, context.step, ruleSet)
            if case .silent = outcome { continue }
            outcomes.append((rule, outcome))
        }
        if outcomes.isEmpty { return }
        let settled = Claims.settle(outcomes)
        for (index, item) in outcomes.enumerated() {
            switch settled[index] {
            case .stands: try append(item.outcome, of: item.rule, in: context)
            case .repeated: continue
            case .overruled(let by, let claim):
                try overrule(item.outcome, of: item.rule, by: by, claim: claim, in: context)
            case .conflicts(let claim, let names, let isFirst):
                guard isFirst else { continue }
                // Rules of one class contradict each other: an administrator is asked.
                try writer.append(ConflictRaisedData(claim: claim, rules: names), in: context)
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
        _ outcome: RuleOutcome, of rule: CompiledRule, in context: CascadeContext
    ) throws(CascadeLimit) {
        let decider = Decider.rule(agent: rule.agent, qualifiedName: rule.qualifiedName)
        switch outcome {
        case .silent: return
        case .decided(let decisions):
            guard fits(decisions, context.head) else { return try fail(rule, .size, in: context) }
            if let quorum = decisions.quorum, !decisions.isOtherwise {
                return try votes.propose(quorum, decisions, of: rule, by: decider, in: context)
            }
            for emission in decisions.emissions {
                try emit(emission, because: decisions.because, by: decider, in: context)
            }
            for timer in decisions.timers { try writer.schedule(timer, by: decider, in: context) }
            for timer in decisions.cancels { try writer.cancel(timer, of: rule.agent, by: decider, in: context) }
        case .failed(let code, .some(let emissions)):
            var standIn = Decisions()
            standIn.emissions = emissions
            guard fits(standIn, context.head) else { return try fail(rule, code, in: context) }
            for emission in emissions { try emit(emission, because: nil, by: decider, in: context) }
        case .failed(let code, nil):
            try fail(rule, code, in: context)
        }
    }

    /// Returns true if every decision of a rule fits into an entry: a rule is all or nothing.
    private func fits(_ decisions: Decisions, _ head: CascadeHead) -> Bool {
        let shared =
            head.correlation.bytesMax + (head.traceParent?.utf8.count ?? 0) * 6
            + (decisions.because?.utf8.count ?? 0) * 6 + EntryEncoder.envelopeBytesMax
        return decisions.emissions.allSatisfy {
            $0.data.count + (head.subject($0.subject) ?? "").utf8.count * 6 + shared <= EntryEncoder.entryBytesMax
        }
    }

    /// Appends one decision of a rule.
    private func emit(
        _ emission: Emission, because: String?, by decider: Decider, in context: CascadeContext
    ) throws(CascadeLimit) {
        try writer.append(
            emission.type, subject: emission.subject, data: emission.data, because: because, by: decider, in: context)
    }

    /// One `decision.overruled` for each decision of the rule that lost; its timers never exist.
    private func overrule(
        _ outcome: RuleOutcome, of rule: CompiledRule, by winner: String, claim: String, in context: CascadeContext
    ) throws(CascadeLimit) {
        guard case .decided(let decisions) = outcome else { return }
        for emission in decisions.emissions {
            try writer.append(
                DecisionOverruledData(
                    agent: rule.agent, by: winner, claim: claim, data: emission.data, rule: rule.qualifiedName,
                    type: emission.type.name),
                in: context)
        }
    }

    /// Records that a rule failed and has nothing to stand in for it.
    private func fail(
        _ rule: CompiledRule, _ code: RuleFailure.Code, in context: CascadeContext
    ) throws(CascadeLimit) {
        let step = context.step
        guard step.type.name != AgentFailedData.type, step.type.name != AlertRaisedData.type else { return }
        try writer.append(
            AgentFailedData(agent: rule.agent, code: code.rawValue, rule: rule.qualifiedName), in: context)
        try writer.alert(
            rule.qualifiedName + ":" + step.event.sequence.padded, severity: "critical",
            what: "rule `\(rule.qualifiedName)` failed: \(code.rawValue)", reference: step.event.subject, in: context)
    }

    // MARK: The engine's reactions

    /// Decides what the engine itself has to on an entry, before the rules of the agents.
    private func react(_ reaction: EngineReaction, in context: CascadeContext) throws(CascadeLimit) {
        let data = context.step.event.data
        switch reaction {
        case .voteCast: try votes.count(in: context)
        case .timerFired:
            let timer = TimerFired(data)
            if timer.name == Votes.timer {
                try votes.expire(timer.key, in: context)
            } else if timer.name == Overrides.timer, timer.agent == Decider.engine.agent {
                try overrides.expire(timer.key, in: context)
            }
        case .overridden: try overrides.decide(in: context)
        case .approved: try overrides.decideApproval(in: context)
        case .retried: try retry(in: context)
        }
    }

    /// Answers an entry whose fact an earlier one told: `trigger.repeated` where both say the same,
    /// `trigger.contradicted` and an alert where they differ.
    private func answer(repetitionOf holder: EntrySequence, in context: CascadeContext) throws(CascadeLimit) {
        let step = context.step
        let (key, isSame) = state.facts.repetition(of: holder, by: step.event, step.type)
        guard !isSame else {
            return try writer.append(
                TriggerRepeatedData(first: holder.padded, key: key, type: step.type.name), in: context)
        }
        try writer.append(
            TriggerContradictedData(first: holder.padded, key: key, type: step.type.name), in: context)
        try writer.alert(
            "contradicted:" + step.event.sequence.padded, severity: "warning",
            what: "`\(step.type.name)` contradicts entry \(holder.value), which tells of the same fact",
            reference: step.event.subject, in: context)
    }

    /// Evaluates the event of a dead letter again, as of now and under the rule set in force, without folding it again.
    private func retry(in context: CascadeContext) throws(CascadeLimit) {
        let step = context.step
        guard let ruleSet = state.ruleSets.inForce,
            let sequence = EntrySequence(padded: DeadletterRetried(step.event.data).sequence),
            let original = state.entries.recorded(sequence), let again = atTime(original, context.head.recordedTime),
            let event = Event(again), let type = ruleSet.eventType(named: event.type)
        else { return }
        var repeated = context
        repeated.step = CascadeStep(event: event, type: type, depth: step.depth, cause: step.event.sequence)
        let reaction = state.ruleSets.handling[type.index].reaction
        if reaction == .overridden || reaction == .approved, let reaction { try react(reaction, in: repeated) }
        try run(rules(for: repeated.step, in: ruleSet), ruleSet, in: repeated)
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

    // MARK: Limits

    /// Takes the cascade back but for its trigger, and says why in a dead letter.
    private func giveUp(_ limit: CascadeLimit, from start: Savepoint, _ context: CascadeContext) {
        let first = context.first
        guard let trigger = state.entries.recorded(first), let name = trigger.root["type"]?.string,
            let type = state.ruleSets.inForce?.eventType(named: name)
        else { preconditionFailure("a cascade without its trigger") }
        writer.undo(to: start)
        let event = Event(trigger, sequence: first, type: name, recordedTime: context.head.recordedTime)
        writer.restore(trigger, event, type)
        var last = context
        last.step = CascadeStep(event: event, type: type, depth: 0)
        try? writer.append(DeadletterAddedData(reason: limit.rawValue, sequence: first.padded), in: last)
        writer.clearQueue()
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
