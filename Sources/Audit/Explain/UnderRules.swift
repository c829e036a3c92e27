import AgentKit
import Engine
import EventLog
import JSON
package import Rules

/// Rules under which a trigger is decided once more, beside those of its time.
package enum RulesAsked: Sendable {
    /// Those in force at the end of the log.
    case active
    /// A rule set that the log holds, by its digest or the beginning of it.
    case recorded(String)
    case files([RuleFile])
}

/// The decisions on a trigger as they were made, beside those that other rules make of it in the same state.
package struct UnderRules: Sendable {
    package enum Outcome: String, Sendable {
        case same
        /// Both decide something of that type about that subject, but not the same.
        case changed
        /// Only the rules of then decide it.
        case lost
        /// Only the other rules decide it.
        case gained
    }

    package struct Decision: Sendable {
        package let outcome: Outcome
        /// As it is recorded.
        let then: Document?
        /// As the other rules give it.
        let now: Document?
        /// What became under the other rules of the rule that decided then; nil where that did not decide or acts now, too.
        let rule: AskedRule?
    }

    /// The digest of the other rules.
    package let digest: String
    package let isInForce: Bool
    /// False where the other rules do not know events of this type, or nothing can be decided again.
    package let isDecided: Bool
    package let decisions: [Decision]
    /// The rules of the other set that were asked.
    let asked: [AskedRule]
    let formatter: EntryFormatter
    let versions: RuleVersions

    package var isSame: Bool { isDecided && decisions.allSatisfy { $0.outcome == .same } }
}

extension Explainer {
    /// The rules that are asked for.
    /// - Throws: `ReplayError` with code `unknownRules` if there are none such, or they cannot be used here.
    func ruleSet(
        _ asked: RulesAsked, for replay: Replay
    ) throws(ReplayError) -> (ruleSet: RuleSet, isInForce: Bool) {
        let files: [RuleFile]
        var isInForce = false
        switch asked {
        case .files(let given): files = given
        case .active: (files, isInForce) = try recordedFiles(nil)
        case .recorded(let digest): (files, isInForce) = try recordedFiles(digest)
        }
        do throws(RuleSetError) {
            let depth = if case .files = asked { RuleSetDepth.checked } else { RuleSetDepth.onDemand }
            return (try RuleSet.load(files: files, host: replay.machine.ruleHost, depth: depth), isInForce)
        } catch {
            throw ReplayError(.unknownRules, "these rules cannot be loaded: \(error)")
        }
    }

    private func recordedFiles(_ digest: String?) throws(ReplayError) -> ([RuleFile], Bool) {
        let present = try Replay.atPresent(log)
        do {
            let item = try RuleSetList(present).find(digest)
            guard let files = present.machine.ruleFiles(of: item.digest) else {
                throw ReadingError("the log lacks a file of rule set `\(item.digest)`")
            }
            return (files, item.isInForce)
        } catch {
            throw ReplayError(
                .unknownRules,
                "\(error): give a digest, the beginning of one, or `active`; "
                    + "`docket log --type ruleset.activated` and GET /v1/rulesets list them")
        }
    }

    /// Decides on the trigger at the replay's position under other rules.
    /// - Parameters:
    ///   - cascade: the trigger and the decisions after it, as recorded.
    ///   - rules: the rule set to decide under.
    /// - Throws: `unknownRules` where it is not one, `ReplayError` where the log cannot be read.
    func decide(
        _ cascade: [Document], in replay: Replay, under rules: RulesAsked
    ) throws(ReplayError) -> UnderRules {
        let (ruleSet, isInForce) = try ruleSet(rules, for: replay)
        var versions = RuleVersions()
        versions.add(ruleSet)
        let recorder = RuleRecorder { replay.amounts(of: $0) }
        let isEngines = cascade[0].root["source"]?.isString("/engine") == true
        let derived = isEngines ? [] : try replay.rederive(cascade[0], under: ruleSet, recorder: recorder)
        let now = derived.dropFirst().compactMap { try? Document(adopting: $0) }
        return UnderRules(
            digest: ruleSet.digest, isInForce: isInForce, isDecided: !derived.isEmpty,
            decisions: derived.isEmpty
                ? []
                : DecisionPairs(then: Array(cascade.dropFirst()), now: now, first: cascade[0].root.sequence)
                    .decisions(recorder.asked),
            asked: recorder.asked, formatter: EntryFormatter(ruleSet), versions: versions)
    }
}

/// Finds for each decision the one that stands for it under other rules.
private struct DecisionPairs {
    let then: [Document]
    let now: [Document]
    /// The trigger's sequence.
    let first: UInt64

    /// Decisions in log order, those that only the other rules make where they make them.
    func decisions(_ asked: [AskedRule]) -> [UnderRules.Decision] {
        var partners: [Int?] = Array(repeating: nil, count: then.count)
        var taken = Set<Int>()
        func pair(_ fits: (View, View) -> Bool) {
            for index in then.indices where partners[index] == nil {
                let found = now.indices.first { !taken.contains($0) && fits(then[index].root, now[$0].root) }
                guard let found else { continue }
                partners[index] = found
                taken.insert(found)
            }
        }
        pair(isSame)
        pair { $0.text("type") == $1.text("type") && $0.text("subject") == $1.text("subject") }
        var decisions: [UnderRules.Decision] = []
        var next = 0
        func addGained(before end: Int) {
            while next < end {
                if !taken.contains(next) {
                    decisions.append(UnderRules.Decision(outcome: .gained, then: nil, now: now[next], rule: nil))
                }
                next += 1
            }
        }
        for (index, entry) in then.enumerated() {
            guard let partner = partners[index] else {
                let rule = entry.root["rule"]?.string
                let answer = asked.first { $0.name == rule && $0.asked == EntryLinks(entry.root).cause }
                decisions.append(UnderRules.Decision(outcome: .lost, then: entry, now: nil, rule: answer))
                continue
            }
            addGained(before: partner)
            let isSame = isSame(entry.root, now[partner].root)
            decisions.append(
                UnderRules.Decision(
                    outcome: isSame ? .same : .changed, then: entry, now: now[partner], rule: nil))
        }
        addGained(before: now.count)
        return decisions
    }

    private func isSame(_ one: View, _ other: View) -> Bool {
        guard one.text("type") == other.text("type"), one.text("subject") == other.text("subject") else { return false }
        return isAlike(one["data"], other["data"])
    }

    /// Returns true for equal values, where sequences and ids made of them may differ: what is decided earlier or later in
    /// the cascade has another place.
    private func isAlike(_ one: View?, _ other: View?) -> Bool {
        guard let one, let other else { return one == nil && other == nil }
        if one.isSame(as: other) { return true }
        guard one.kind == other.kind, one.count == other.count else { return false }
        switch one.kind {
        case .string: return isPlace(one.string ?? "") && isPlace(other.string ?? "")
        case .array: return zip(one.children, other.children).allSatisfy { isAlike($0, $1) }
        case .object:
            return one.children.allSatisfy { member in
                let name = member.name ?? ""
                return other.member(name) != nil && isAlike(member, other.member(name))
            }
        default: return false
        }
    }

    /// Returns true for the sequence of an entry of this cascade, and for an id that begins with one.
    private func isPlace(_ text: String) -> Bool {
        let digits = text.prefix(16)
        guard let sequence = EntrySequence(padded: String(digits)) else { return false }
        return sequence.value > first && (text.count == 16 || text.dropFirst(16).first == "/")
    }
}
