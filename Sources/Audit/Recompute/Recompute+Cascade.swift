import AgentKit
import Engine
import EventLog
import JSON
import Rules

/// Cascades that are looked at as a whole: rule sets, and whatever is not equal.
extension Recompute {
    /// Entries of one recorded cascade that are held together; a longer one is a difference already.
    private static var entriesMax: Int { 2 * Machine.cascadeEntriesMax }

    /// The reason why a trigger gives no cascade.
    private typealias Refusal = (kind: RecomputeDifference.Kind, what: String)

    /// Says what differs in the cascade under way, folds it as it is recorded, and goes on behind it.
    func settle(before end: UInt64) throws(ReplayError) {
        let first = position - UInt64(matched - cascadeStart)
        let recorded = try cascade(at: first, before: end)
        var refusal: Refusal?
        if matched == cascadeStart {
            takeBack()
            refusal = deriveAgain(recorded, at: first)
        }
        var differences = CascadeComparison(derived: derived, recorded: recorded, first: first).differences()
        if let refusal, !differences.isEmpty { differences[0].explain(refusal.kind, refusal.what) }
        report(differences)
        position = first + UInt64(recorded.count)
        guard !differences.isEmpty else {
            matched = machine.chain.count
            return closeCascade()
        }
        takeBack()
        try fold(recorded)
    }

    /// The derived entries of the cascade under way.
    private var derived: [Document] {
        (cascadeStart..<machine.chain.count).compactMap { index in
            unsafe machine.chain.withEntry(index) { bytes in try? unsafe Document(canonical: bytes) }
        }
    }

    private func takeBack() {
        if let start { machine.takeBack(to: start) }
        start = nil
    }

    /// Folds entries as they are recorded; the machine then stands behind them.
    private func fold(_ recorded: [Document]) throws(ReplayError) {
        // Files of a rule set among them are then read from the log, which has them.
        if let last = recorded.last { machine.resume(behind: .behind(last.bytes, at: position - 1)) }
        for document in recorded { try take(document) }
        (matched, cascadeStart) = (0, 0)
        compareViews()
    }

    /// The recorded entries from a trigger to the next one. The files of a rule set, its activation and what followed
    /// from them belong together.
    private func cascade(at first: UInt64, before end: UInt64) throws(ReplayError) -> [Document] {
        var entries: [Document] = []
        var isWhole = true
        var failure: ReplayError?
        try reading { () throws(EventLogError) in
            unsafe try log.scan(from: first, to: end) { sequence, bytes in
                guard let entry = try? unsafe Document(canonical: bytes) else {
                    failure = ReplayError(.damaged, sequence: sequence, "cannot be read; `docket verify` says more")
                    return false
                }
                if entry.root["agent"] == nil {
                    guard entries.isEmpty || !isWhole && Self.isEngine(entry) else { return false }
                    isWhole = !Self.isEngine(entry) || !Self.opensRuleSet(entry)
                }
                entries.append(entry)
                return entries.count < Self.entriesMax
            }
        }
        if let failure { throw failure }
        return entries
    }

    static func isEngine(_ entry: Document) -> Bool { entry.root["source"]?.isString("/engine") == true }

    private static func opensRuleSet(_ entry: Document) -> Bool {
        let type = entry.root["type"]
        return type?.isString("ledger.created") == true || type?.equals(RulesetFileAdded.type) == true
    }

    // MARK: Deriving

    /// Derives the cascade of a recorded trigger, and reports what the clock owed before it.
    /// - Returns: the reason why there is none.
    private func deriveAgain(_ recorded: [Document], at first: UInt64) -> Refusal? {
        guard let trigger = recorded.first, let event = Event(trigger), event.agent == nil else {
            start = machine.beginDerivation()
            return (.added, "a decision behind a cascade that has ended")
        }
        if trigger.root["source"]?.isString("/clock") == true { return fire(event, at: first) }
        while let firing = machine.owed(by: event.recordedTime) { notFired(firing, before: first) }
        start = machine.beginDerivation()
        if Self.isEngine(trigger) { return deriveEngine(recorded, event) }
        return machine.derive(trigger, event).map { (.notAdmitted, "the trigger would have been refused: \($0)") }
    }

    private func notFired(_ firing: Machine.OwedFiring, before first: UInt64) {
        report([
            RecomputeDifference(
                sequence: first, kind: .notFired, what: "before this entry the clock owed \(firing.description)",
                expected: firing.description, found: "")
        ])
        machine.crossOff(firing)
    }

    /// Derives a recorded firing; what was owed before it and did not fire is crossed off.
    private func fire(_ event: Event, at first: UInt64) -> Refusal? {
        let isItem = event.type == "schedule.item"
        while let firing = isItem ? machine.waitingItem : machine.owed(by: event.recordedTime) {
            start = machine.beginDerivation()
            _ = machine.deriveFiring(event.type, by: event.recordedTime)
            if let derived = derived.first, Self.isSameFiring(derived.root, event.document.root) { return nil }
            takeBack()
            notFired(firing, before: first)
        }
        start = machine.beginDerivation()
        return (.notDue, "the clock did not owe this `\(event.type)`: early, twice, late, or never set")
    }

    /// Returns whether two firings are of the same timer, schedule or row; their times may differ.
    private static func isSameFiring(_ a: View, _ b: View) -> Bool {
        func same(_ name: StaticString) -> Bool {
            guard let one = a["data"]?[name], let other = b["data"]?[name] else {
                return a["data"]?[name] == nil && b["data"]?[name] == nil
            }
            return one.isSame(as: other)
        }
        guard let type = b["type"], a["type"]?.isSame(as: type) == true else { return false }
        return same("agent") && same("name") && same("key") && same("rule") && same("date")
    }

    // MARK: The engine's own

    private func deriveEngine(_ recorded: [Document], _ event: Event) -> Refusal? {
        if let revealed = PersonalRevealed(of: event.document.root) {
            let isDerived = EntrySequence(padded: revealed.sequence).map {
                machine.deriveReveal(of: $0, at: event.recordedTime, by: event.authority)
            }
            return isDerived == true ? nil : (.notAdmitted, "the entry held no personal data that could be read")
        }
        // The first rules come with the ledger: nobody's policy is in force yet.
        if !machine.isEmpty, !machine.mayActivate(event.authority, at: event.recordedTime) {
            return (.ruleSet, "`\(event.authority)` may not change the rules under the policy in force")
        }
        if event.type == RulesetScheduleCancelled.type {
            let activated = EntrySequence(padded: RulesetScheduleCancelled(event.data).activated)
            let isDerived = activated.map {
                machine.deriveCancellation(of: $0, at: event.recordedTime, by: event.authority)
            }
            return isDerived == true ? nil : (.ruleSet, "no schedule stands that this could take back")
        }
        guard let activation = recorded.lazy.compactMap(Event.init).first(where: { $0.type == RulesetActivated.type })
        else { return (.ruleSet, "the files of a rule set that is not activated") }
        let effectiveFrom = RulesetActivated(activation.data).effectiveFrom
        if let effectiveFrom, effectiveFrom <= event.recordedTime {
            return (.ruleSet, "a rule set that was to be in force from a time that had passed")
        }
        let backtest = RulesetActivated(activation.data).backtest
        guard let files = files(of: activation, in: recorded) else {
            return (.ruleSet, "the log lacks a file of the rule set")
        }
        let ruleSet: RuleSet
        do throws(RuleSetError) {
            let kept = machine.isEmpty ? [] : machine.keptTables(at: effectiveFrom ?? event.recordedTime)
            ruleSet = try RuleSet.load(files: files, host: machine.ruleHost(keeping: kept))
        } catch {
            return (.ruleSet, "the rule set cannot be loaded: \(error)")
        }
        if machine.isEmpty {
            machine.begin(with: ruleSet, at: event.recordedTime)
        } else {
            machine.activate(
                ruleSet, at: event.recordedTime, by: event.authority, effectiveFrom: effectiveFrom, backtest: backtest)
        }
        return nil
    }

    /// The files that an activation names: those recorded just before it, and those that the log had already.
    private func files(of activation: Event, in recorded: [Document]) -> [RuleFile]? {
        var texts: [String: [UInt8]] = [:]
        for entry in recorded {
            guard let added = RulesetFileAdded(of: entry.root) else { continue }
            texts[added.digest, default: []] += Array(added.content.utf8)
        }
        var files: [RuleFile]? = []
        RulesetActivated(activation.data).files?.forEachMember { name, digest in
            guard let digest = digest.string, let text = texts[digest] ?? machine.ruleFileText(digest) else {
                files = nil
                return
            }
            files?.append(RuleFile(name: name, text: text))
        }
        return files
    }
}
