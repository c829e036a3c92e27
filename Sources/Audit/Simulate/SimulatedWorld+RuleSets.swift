import AgentKit
import Engine
import JSON
import Rules

/// Rule sets that the log put in force, where none was given instead.
extension SimulatedWorld {
    /// Plays a recorded entry of the ledger's own: a change of the rule sets, or a reading of personal data. Files wait for the activation that names them.
    /// - Throws: `RuleSetError` where the rules cannot be loaded, `ReplayError` where the log lacks a file.
    func playEngine(_ cascade: RecordedCascade) throws {
        guard let event = Event(cascade.trigger) else { return }
        let first = machine.next.value
        switch event.type {
        case RulesetFileAdded.type:
            let added = RulesetFileAdded(event.data)
            recordedFiles[added.digest, default: []] += Array(added.content.utf8)
            return
        case RulesetScheduleCancelled.type:
            let recorded = EntrySequence(padded: RulesetScheduleCancelled(event.data).activated)
            guard let activated = recorded.flatMap({ simulated(of: $0.value) }) else { return }
            _ = machine.deriveCancellation(
                of: EntrySequence(activated), at: event.recordedTime, by: event.authority)
        case PersonalRevealed.type:
            let recorded = EntrySequence(padded: PersonalRevealed(event.data).sequence)
            guard let entry = recorded.flatMap({ simulated(of: $0.value) }) else { return }
            _ = machine.deriveReveal(of: EntrySequence(entry), at: event.recordedTime, by: event.authority)
        case RulesetActivated.type: try activate(event)
        default: return
        }
        machine.commitUndoLog()
        noteEngine(from: first)
    }

    private func activate(_ event: Event) throws {
        let activation = RulesetActivated(event.data)
        var files: [RuleFile] = []
        var missing: String?
        activation.files?.forEachMember { name, digest in
            let digest = digest.string ?? ""
            guard let text = recordedFiles[digest] ?? machine.ruleFileText(digest) else { return missing = name }
            files.append(RuleFile(name: name, text: text))
        }
        if let missing {
            throw ReplayError(.ruleSet, sequence: event.sequence.value, "the log lacks the rule file `\(missing)`")
        }
        recordedFiles = [:]
        let kept = machine.isEmpty ? [] : machine.keptTables(at: activation.effectiveFrom ?? event.recordedTime)
        let ruleSet = try RuleSet.load(files: files, host: machine.ruleHost(keeping: kept), depth: .compiled)
        if machine.isEmpty {
            machine.begin(with: ruleSet, at: event.recordedTime)
        } else {
            machine.activate(
                ruleSet, at: event.recordedTime, by: event.authority, effectiveFrom: activation.effectiveFrom,
                backtest: activation.backtest)
        }
    }
}
