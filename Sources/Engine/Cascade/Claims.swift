import Rules

/// Settles what happens where two rules of one step claim the same resource.
enum Claims {
    enum Verdict {
        case stands
        /// Another rule gives the same effect for the same claim.
        case repeated
        /// A rule of a higher class claims the same to another effect.
        case overruled(by: String, claim: String)
        /// A rule of the same class claims the same to another effect; neither stands.
        case conflicts(claim: String, rules: [String], isFirst: Bool)
    }

    /// The verdict on each outcome, in order.
    static func settle(_ outcomes: [(rule: CompiledRule, outcome: RuleOutcome)]) -> [Verdict] {
        var verdicts = [Verdict](repeating: .stands, count: outcomes.count)
        var claimants: [String: [Int]] = [:]
        var order: [String] = []
        for (index, item) in outcomes.enumerated() {
            guard case .decided(let decisions) = item.outcome else { continue }
            for claim in decisions.claims {
                if claimants[claim] == nil { order.append(claim) }
                claimants[claim, default: []].append(index)
            }
        }
        for claim in order {
            let indices = claimants[claim] ?? []
            guard indices.count > 1 else { continue }
            settle(claim, among: indices, outcomes, &verdicts)
        }
        return verdicts
    }

    private static func settle(
        _ claim: String, among indices: [Int], _ outcomes: [(rule: CompiledRule, outcome: RuleOutcome)],
        _ verdicts: inout [Verdict]
    ) {
        let highest = indices.map { outcomes[$0].rule.agentClass }.min()
        let top = indices.filter { outcomes[$0].rule.agentClass == highest }
        let leader = top[0]
        let agreeing = top.allSatisfy { sameEffect(outcomes[$0].outcome, outcomes[leader].outcome) }
        let names = top.map { outcomes[$0].rule.qualifiedName }
        for index in indices {
            guard case .stands = verdicts[index] else { continue }
            if outcomes[index].rule.agentClass != highest {
                verdicts[index] =
                    sameEffect(outcomes[index].outcome, outcomes[leader].outcome)
                    ? .repeated : .overruled(by: outcomes[leader].rule.qualifiedName, claim: claim)
            } else if !agreeing {
                verdicts[index] = .conflicts(claim: claim, rules: names, isFirst: index == leader)
            } else if index != leader {
                verdicts[index] = .repeated
            }
        }
    }

    private static func sameEffect(_ a: RuleOutcome, _ b: RuleOutcome) -> Bool {
        guard case .decided(let a) = a, case .decided(let b) = b, a.emissions.count == b.emissions.count else {
            return false
        }
        return zip(a.emissions, b.emissions).allSatisfy {
            $0.type.name == $1.type.name && $0.subject == $1.subject && $0.data == $1.data
        }
    }
}
