package import Rules

/// Counts what tests made each rule do: fire and not fire, see each part of `when` hold and not hold, refuse by each
/// line of `refuse`, win each row of its table.
package struct RuleCoverage: Sendable {
    /// The kind of a branch that is counted.
    package enum Kind: Sendable, Hashable, CaseIterable {
        /// The rule decides because `when` holds.
        case fires
        /// `when` does not hold.
        case doesNotFire
        /// A part of the `&&` chain of `when` was reached and held.
        case partHolds
        /// A part of the `&&` chain of `when` was the first that did not hold.
        case partDoesNotHold
        /// A line of `refuse` was the first that held.
        case refuses
        /// A row of the decision table won.
        case row
    }

    /// One thing a rule can do and how often it did.
    package struct Count: Sendable, Hashable {
        package let kind: Kind
        /// The branch as a report names it: `fires`, `does not fire`, `row on line 12`, or a part of `when` and its
        /// verdict.
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

    /// The number of branches hit, out of all.
    package struct Share: Sendable, Hashable {
        package let hit: Int
        package let all: Int

        package init(hit: Int, all: Int) {
            self.hit = hit
            self.all = all
        }

        /// In hundredths of a percent, rounded down; 10,000 where there is nothing to hit.
        package var basisPoints: Int { all == 0 ? 10_000 : hit * 10_000 / all }
    }

    /// In the order of evaluation.
    package private(set) var entries: [Entry]

    package init(_ ruleSet: RuleSet) {
        entries = ruleSet.rules.map { rule in
            Entry(rule: rule.qualifiedName, file: rule.file, line: rule.line, counts: Self.counts(rule))
        }
    }

    /// The rules that were asked at all.
    package var asked: Set<String> {
        Set(entries.filter { entry in entry.counts.contains { $0.hits > 0 } }.map(\.rule))
    }

    private static func counts(_ rule: CompiledRule) -> [Count] {
        var counts = [Count(kind: .fires, branch: "fires")]
        let parts = rule.conditionParts.map { oneLine($0) }
        if !parts.isEmpty { counts.append(Count(kind: .doesNotFire, branch: "does not fire")) }
        // A condition of one part has no parts to count: it holds where the rule fires.
        for part in parts where parts.count > 1 {
            counts.append(Count(kind: .partHolds, branch: "`\(part)` holds"))
            counts.append(Count(kind: .partDoesNotHold, branch: "`\(part)` does not hold"))
        }
        for condition in rule.refusalConditions {
            counts.append(Count(kind: .refuses, branch: "refusal `\(oneLine(condition))` holds"))
        }
        return counts + rule.tableRowLines.map { Count(kind: .row, branch: "row on line \($0)") }
    }

    /// Source text with each run of blanks and line ends as one space.
    static func oneLine(_ source: String) -> String {
        source.split { $0 == " " || $0 == "\n" || $0 == "\r\n" || $0 == "\t" }.joined(separator: " ")
    }

    /// Counts one evaluation of a rule of the same rule set.
    package mutating func record(_ rule: CompiledRule, _ outcome: RuleOutcome, _ trace: RuleTrace) {
        switch outcome {
        case .decided(let decisions) where !decisions.isOtherwise: hit(rule, .fires)
        case .decided(let decisions) where decisions.refusal != nil: break
        case .decided, .silent: hit(rule, .doesNotFire)
        case .failed: break
        }
        for (index, part) in trace.conjuncts.enumerated() {
            if part.verdict == .held { hit(rule, .partHolds, index) }
            if part.verdict == .failed { hit(rule, .partDoesNotHold, index) }
            if part.verdict != .held { break }
        }
        if case .decided(let decisions) = outcome, let refusal = decisions.refusal { hit(rule, .refuses, refusal) }
        if let row = trace.tableRow { hit(rule, .row, row) }
    }

    /// Counts one of the rule's branches of a kind, from 0, unless the kind is not counted of the rule.
    private mutating func hit(_ rule: CompiledRule, _ kind: Kind, _ number: Int = 0) {
        let counts = entries[rule.index].counts
        let branches = counts.indices.filter { counts[$0].kind == kind }
        guard !branches.isEmpty else { return }
        entries[rule.index].counts[branches[number]].hits += 1
    }

    /// Adds the counts of another run of the same rule set.
    package mutating func add(_ other: RuleCoverage) {
        for index in entries.indices {
            for branch in entries[index].counts.indices {
                entries[index].counts[branch].hits += other.entries[index].counts[branch].hits
            }
        }
    }

    /// The share of the branches of some kinds that were hit.
    package func share(_ kinds: Set<Kind> = Set(Kind.allCases)) -> Share {
        let counts = entries.flatMap(\.counts).filter { kinds.contains($0.kind) }
        return Share(hit: counts.count { $0.hits > 0 }, all: counts.count)
    }

    /// Rules seen to fire.
    package var firing: Share { share([.fires]) }
    /// Rules seen not to fire, of those that have a condition.
    package var silent: Share { share([.doesNotFire]) }
    /// Parts of conditions seen to hold and seen not to, each counted twice.
    package var conditions: Share { share([.partHolds, .partDoesNotHold]) }
    /// Lines of `refuse` seen to hold first.
    package var refusals: Share { share([.refuses]) }
    /// Rows of tables seen to win.
    package var rows: Share { share([.row]) }

    /// The share of all branches that were hit, in basis points; 10,000 where there are none.
    package var basisPoints: Int { share().basisPoints }

    /// Every branch that nothing hit, `agent/id: does not fire`.
    package var missed: [String] {
        entries.flatMap { entry in
            entry.counts.filter { $0.hits == 0 }.map { "\(entry.rule): \($0.branch)" }
        }
    }
}
