/// Counts what tests made each rule do.
package struct RuleCoverage: Sendable {
    /// One thing a rule can do and how often it did.
    package struct Count: Sendable, Hashable {
        /// `fires`, `does not fire`, `row 2`.
        package let branch: String
        package var hits = 0
    }

    /// One rule's counts.
    package struct Entry: Sendable {
        /// `agent/id`.
        package let rule: String
        package let file: String
        package let line: Int
        package internal(set) var counts: [Count]
    }

    /// In the order of evaluation.
    package private(set) var entries: [Entry]

    package init(_ ruleSet: RuleSet) {
        entries = ruleSet.rules.map { rule in
            var branches = ["fires"]
            if rule.plan.when != nil { branches.append("does not fire") }
            if let table = rule.plan.table { branches += table.rows.map { "row on line \($0.line)" } }
            return Entry(
                rule: rule.qualifiedName, file: rule.file, line: rule.line, counts: branches.map { Count(branch: $0) })
        }
    }

    /// Counts one evaluation of a rule of the same rule set.
    package mutating func record(_ rule: CompiledRule, _ outcome: RuleOutcome, _ trace: RuleTrace) {
        let hasCondition = rule.plan.when != nil
        switch outcome {
        case .decided(let decisions) where !decisions.isOtherwise: entries[rule.index].counts[0].hits += 1
        case .decided, .silent: if hasCondition { entries[rule.index].counts[1].hits += 1 }
        case .failed: break
        }
        if let row = trace.tableRow { entries[rule.index].counts[(hasCondition ? 2 : 1) + row].hits += 1 }
    }

    /// Adds the counts of another run of the same rule set.
    package mutating func add(_ other: RuleCoverage) {
        for index in entries.indices {
            for branch in entries[index].counts.indices {
                entries[index].counts[branch].hits += other.entries[index].counts[branch].hits
            }
        }
    }

    /// The share of branches that were hit, in basis points; 10,000 where there are none.
    package var basisPoints: Int {
        let all = entries.flatMap(\.counts)
        return all.isEmpty ? 10_000 : all.count { $0.hits > 0 } * 10_000 / all.count
    }

    /// Every branch that nothing hit, `agent/id: does not fire`.
    package var missed: [String] {
        entries.flatMap { entry in
            entry.counts.filter { $0.hits == 0 }.map { "\(entry.rule): \($0.branch)" }
        }
    }
}
