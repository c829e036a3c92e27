import AgentKit
import EventLog
import Rules

extension Worker {
    /// Records a rule set with the files that the log lacks and puts it in force, in a commit of its own.
    func activate(_ request: ActivationRequest) -> Result<RuleSetActivation, Problem> {
        settle()
        do throws(Problem) {
            let ruleSet = try load(request.source)
            guard !machine.isEmpty else {
                throw Problem(
                    .unavailable, "the ledger has no entry yet: its first rule set is the one it was made with")
            }
            let now = ledger.settings.clock == .system ? max(machine.clock, SystemTime.now) : machine.clock
            guard ruleSet.digest != machine.ruleSet?.digest || request.effectiveFrom != nil else {
                return .success(
                    RuleSetActivation(digest: ruleSet.digest, sequence: nil, effectiveFrom: nil, checkpoint: nil))
            }
            machine.activate(ruleSet, at: now, by: request.principal, effectiveFrom: request.effectiveFrom)
            let sequence = EntrySequence(machine.next.value - 1)
            let checkpoint = try commitAlone()
            return .success(
                RuleSetActivation(
                    digest: ruleSet.digest, sequence: sequence, effectiveFrom: request.effectiveFrom,
                    checkpoint: checkpoint))
        } catch {
            return .failure(error)
        }
    }

    private func load(_ source: ActivationRequest.Source) throws(Problem) -> RuleSet {
        let files: [RuleFile]
        switch source {
        case .files(let given): files = given
        case .recorded(let digest):
            guard let recorded = machine.ruleFiles(of: digest) else {
                throw Problem(.notFound, "no rule set `\(digest)` was ever in force", pointer: "/digest")
            }
            files = recorded
        }
        do throws(RuleSetError) { return try RuleSet.load(files: files, host: machine.ruleHost) } catch {
            throw Problem(.invalidEvent, "the rule set is in error: \(error.diagnostics.first?.message ?? "")")
        }
    }
}
