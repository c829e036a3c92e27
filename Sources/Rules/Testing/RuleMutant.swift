import AgentKit

/// A rule with one thing taken from it, by which tests are tried: one that no test notices is not tested.
package struct RuleMutant {
    /// `agent/id`.
    package let rule: String
    package let agent: String
    package let file: String
    /// Where the rule starts.
    package let line: Int
    /// What is different: `` without its timer `deadline` ``.
    package let change: String

    private let compiled: CompiledRule
    private let plan: RulePlan

    private init(_ rule: CompiledRule, _ change: String, _ plan: RulePlan) {
        self.rule = rule.qualifiedName
        agent = rule.agent
        file = rule.file
        line = rule.line
        self.change = change
        compiled = rule
        self.plan = plan
    }

    /// Lets the rule be so for the time of `body`.
    package func during<R>(_ body: () -> R) -> R {
        let before = compiled.plan
        compiled.plan = plan
        defer { compiled.plan = before }
        return body()
    }

    /// Every mutant of a rule, in the order in which its parts are asked. What a condition asks first of the event's
    /// members stays, as it tells whose event it is.
    static func all(of rule: CompiledRule) -> [RuleMutant] {
        let plan = rule.plan
        var mutants: [RuleMutant] = []
        func add(_ change: String, _ plan: RulePlan) { mutants.append(RuleMutant(rule, change, plan)) }
        if let when = plan.when, when.conjuncts.count > rule.guards.count {
            add("without its condition", plan.changed(when: .some(nil)))
        }
        for (index, line) in plan.refusals.enumerated() {
            add(
                "without the refusal `\(oneLine(line.when.source))`",
                plan.changed(refusals: plan.refusals.without(index)))
            for (inner, emit) in line.emit.enumerated().dropFirst() {
                let left = RulePlan.Refusal(when: line.when, because: line.because, emit: line.emit.without(inner))
                var refusals = plan.refusals
                refusals[index] = left
                add(
                    "without `\(emit.type.name)` of the refusal `\(oneLine(line.when.source))`",
                    plan.changed(refusals: refusals))
            }
        }
        for (index, emit) in plan.emit.enumerated() {
            add("without its `\(emit.type.name)`", plan.changed(emit: plan.emit.without(index)))
            guard let condition = emit.condition else { continue }
            var emits = plan.emit
            emits[index] = emit.unconditional
            add("with `\(emit.type.name)` also without `\(oneLine(condition.source))`", plan.changed(emit: emits))
        }
        for (index, emit) in (plan.otherwise ?? []).enumerated() {
            add("without `\(emit.type.name)` of `otherwise`", plan.changed(otherwise: plan.otherwise?.without(index)))
        }
        for (index, timer) in plan.timers.enumerated() {
            add("without its timer `\(timer.name)`", plan.changed(timers: plan.timers.without(index)))
        }
        for (index, timer) in plan.cancels.enumerated() {
            add("without the end of the timer `\(timer.name)`", plan.changed(cancels: plan.cancels.without(index)))
        }
        return mutants
    }

    private static func oneLine(_ source: String) -> String {
        source.split { $0 == " " || $0 == "\n" || $0 == "\r\n" || $0 == "\t" }.joined(separator: " ")
    }
}

extension RuleSet {
    /// Every mutant of every rule.
    package var mutants: [RuleMutant] { rules.flatMap(RuleMutant.all) }
}

extension Array {
    fileprivate func without(_ index: Int) -> [Element] {
        var result = self
        result.remove(at: index)
        return result
    }
}

extension RulePlan.Emit {
    fileprivate var unconditional: RulePlan.Emit {
        RulePlan.Emit(type: type, subject: subject, data: data, each: each, condition: nil, itemSlot: itemSlot)
    }
}

extension RulePlan {
    fileprivate func changed(
        when: Program?? = nil, refusals: [Refusal]? = nil, emit: [Emit]? = nil, otherwise: [Emit]?? = nil,
        timers: [Timer]? = nil, cancels: [Timer]? = nil
    ) -> RulePlan {
        RulePlan(
            parameters: parameters, variables: variables, table: table, when: when ?? self.when,
            refusals: refusals ?? self.refusals, because: because, claims: claims, quorum: quorum,
            emit: emit ?? self.emit,
            otherwise: otherwise ?? self.otherwise, onError: onError, timers: timers ?? self.timers,
            cancels: cancels ?? self.cancels)
    }
}
