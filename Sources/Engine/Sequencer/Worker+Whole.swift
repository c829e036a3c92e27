import AgentKit
import EventLog

/// Atomic requests and dry runs. Their events go the same steps as those of an ordinary request, each upon the ones before
/// it, as one attempt, which is kept whole or taken back whole, what the clock fired for them included.
extension Worker {
    /// Start of an attempt. It lies in one commit, which bounds the memory that it takes.
    struct Attempt {
        let bytesBefore: Int

        func requireRoom(in machine: Machine) throws(Problem) {
            guard machine.chain.batch.bytesCount - bytesBefore > Sequencer.commitBytesMax else { return }
            throw Problem(
                .tooLarge,
                "the request, with what the clock owes before it, has more than the "
                    + "\(Sequencer.commitBytesMax >> 20) MiB of one commit; move the clock with smaller ones first")
        }
    }

    func decideWhole(_ request: AppendRequest) -> [AppendAnswer.Outcome] {
        while true {
            let expectation = Expectation(of: request, in: machine)
            let outcomes = machine.attempt { () -> ([AppendAnswer.Outcome]?, isKept: Bool) in
                let first = machine.next
                let attempt = Attempt(bytesBefore: machine.chain.batch.bytesCount)
                let outcomes = request.events.indices.map { outcome(at: $0, of: request, expectation, in: attempt) }
                if request.isAtomic, let refusals = Self.refusals(for: outcomes, since: first) {
                    return (refusals, false)
                }
                if request.isDryRun { return (outcomes.map(dryRun), false) }
                switch readyErasures(from: first) {
                case .ready: return (outcomes, true)
                case .afterCommit: return (nil, false)
                case .failed(let problem):
                    let refused = outcomes.map { isErasing($0) ? .refused(problem) : $0 }
                    // If the clock alone erased somebody, no event of the request is to be refused.
                    guard let refusals = Self.refusals(for: refused, since: first) else { return (outcomes, true) }
                    return (refusals, false)
                }
            }
            if let outcomes {
                machine.commitUndoLog()
                return outcomes
            }
            finishCommit()
        }
    }

    /// The refusals of all events where one is refused for its own sake; none names an entry of the attempt itself.
    private static func refusals(
        for outcomes: [AppendAnswer.Outcome], since next: EntrySequence
    ) -> [AppendAnswer.Outcome]? {
        guard let first = outcomes.firstIndex(where: \.isRefused) else { return nil }
        let others = Problem(.atomic, "event \(first) of the batch was refused")
        return outcomes.map { outcome in
            guard case .refused(let problem) = outcome else { return .refused(others) }
            guard let sequence = problem.sequence, sequence >= next.value else { return outcome }
            return .refused(
                Problem(problem.kind, "an earlier event of the batch has this id, with other content", pointer: "/id"))
        }
    }

    private func dryRun(_ outcome: AppendAnswer.Outcome) -> AppendAnswer.Outcome {
        guard case .appended(let first, let count) = outcome else { return outcome }
        return .dryRun(copies(first, count))
    }

    private func isErasing(_ outcome: AppendAnswer.Outcome) -> Bool {
        guard case .appended(let first, let count) = outcome else { return false }
        let base = machine.chain.base + UInt64(first)
        return machine.writer.erasing.contains { (base..<base + UInt64(count)).contains($0.value) }
    }
}
