import AgentKit
import EventLog
import Rules

/// Deciding on one request. Every event goes the same steps: it is found again, or refused, or appended behind what the
/// clock owes by then. The events of an ordinary request are kept one by one. An atomic request and a dry run go the
/// steps as one attempt, each event upon the ones before it, and are kept whole or taken back whole, what the clock fired for
/// them included.
extension Worker {
    func decide(_ item: Backlog.Item) {
        let request = item.request
        do throws(Problem) { _ = try present() } catch {
            return answer(item, with: request.events.map { _ in .refused(error) })
        }
        if request.isAtomic || request.isDryRun { return answer(item, with: decideWhole(request)) }
        deciding = request
        open.reserveCapacity(request.events.count)
        var decided = machine
        var expectation = Expectation(of: request, in: decided)
        for index in request.events.indices {
            if machine !== decided {
                // A commit failed, and with it what the expectation was about.
                decided = machine
                expectation = Expectation(of: request, in: decided)
            }
            open.append(outcome(at: index, of: request, expectation))
            commitIfFull()
        }
        let outcomes = open
        (open, deciding) = ([], nil)
        answer(item, with: outcomes)
    }

    /// The steps of one event.
    private func outcome(
        at index: Int, of request: AppendRequest, _ expectation: Expectation, in attempt: Attempt? = nil
    ) -> AppendAnswer.Outcome {
        do throws(Problem) {
            let event = try request.events[index].get()
            if let sequence = try machine.existing(event) { return exists(sequence) }
            try attempt?.requireRoom(in: machine)
            let time = try machine.time(of: event, now: try present(), mayMoveClock: request.mayMoveClock)
            try machine.check(event, at: time)
            try expectation.check(event, at: index)
            let origin = machine.mark()
            if machine.isEmpty, let first = ledger.firstRuleSet { machine.begin(with: first, at: time) }
            let (before, decided) = (machine.next, machine)
            try fire(by: time, in: attempt)
            guard decided === machine else { return outcomeAgain(at: index, of: request, expectation, since: decided) }
            let hasFired = machine.next != before
            let start = hasFired ? machine.mark() : origin
            machine.state.adoptDue(by: time)
            if hasFired || machine.ruleSet !== start.ruleSet { try checkAgain(event, at: time, else: start) }
            let cascade = machine.append(event, at: time)
            try attempt?.requireRoom(in: machine)
            if attempt == nil {
                switch readyErasures(from: cascade.first) {
                case .ready: machine.commitUndoLog()
                case .afterCommit:
                    machine.undo(to: start)
                    finishCommit()
                    return outcomeAgain(at: index, of: request, expectation, since: decided)
                case .failed(let problem):
                    machine.undo(to: start)
                    throw problem
                }
            }
            return .appended(first: Int(cascade.first.value - machine.chain.base), count: cascade.count)
        } catch {
            return .refused(error)
        }
    }

    /// The steps of one event from the first one again, after a commit ended in between. Where that failed, what the
    /// expectation was about is gone too.
    private func outcomeAgain(
        at index: Int, of request: AppendRequest, _ expectation: Expectation, since decided: Machine
    ) -> AppendAnswer.Outcome {
        let isGone = decided !== machine
        return outcome(at: index, of: request, isGone ? Expectation(of: request, in: machine) : expectation)
    }

    /// Refuses an event for what the clock decided, or for a rule set that came into force, just before it.
    private func checkAgain(_ event: PreparedEvent, at time: Instant, else start: Savepoint) throws(Problem) {
        do throws(Problem) { try machine.check(event, at: time) } catch {
            machine.undo(to: start)
            throw error
        }
    }

    /// Fires what is due before an event; in an attempt nothing of it is committed.
    private func fire(by time: Instant, in attempt: Attempt?) throws(Problem) {
        guard let attempt else { return try fire(by: time) }
        while machine.fireNext(by: time) != nil { try attempt.requireRoom(in: machine) }
    }

    // MARK: Whole requests

    /// Start of an attempt. It lies in one commit, which bounds the memory that it takes.
    private struct Attempt {
        let bytesBefore: Int

        func requireRoom(in machine: Machine) throws(Problem) {
            guard machine.chain.batch.bytesCount - bytesBefore > Sequencer.commitBytesMax else { return }
            throw Problem(
                .tooLarge,
                "the request, with what the clock owes before it, has more than the "
                    + "\(Sequencer.commitBytesMax >> 20) MiB of one commit; move the clock with smaller ones first")
        }
    }

    private func decideWhole(_ request: AppendRequest) -> [AppendAnswer.Outcome] {
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
                    // Where only the clock erased somebody, nobody is there to be refused.
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

    // MARK: Erasures

    private enum Readiness {
        case ready
        /// Once the commit under way has ended: what it erases must be gone before more is made ready.
        case afterCommit
        case failed(Problem)
    }

    /// Makes the erasures decided from `first` on ready, so that nothing but a crash comes between commit and erasing.
    private func readyErasures(from first: EntrySequence) -> Readiness {
        let persons = machine.persons(erasedFrom: first)
        if persons.isEmpty { return .ready }
        if ledger.isCommitting { return .afterCommit }
        return ledger.prepareErasure(of: persons) ? .ready : .failed(PersonErasure.unwritable)
    }

    private func isErasing(_ outcome: AppendAnswer.Outcome) -> Bool {
        guard case .appended(let first, let count) = outcome else { return false }
        let base = machine.chain.base + UInt64(first)
        return machine.writer.erasing.contains { (base..<base + UInt64(count)).contains($0.value) }
    }

    // MARK: Entries

    /// The entry that an id was used for, with what was decided on it then.
    private func exists(_ sequence: EntrySequence) -> AppendAnswer.Outcome {
        var entries: [[UInt8]] = []
        var place = sequence
        while let entry = machine.recorded(place), place == sequence || entry.root["agent"] != nil {
            entries.append(entry.bytes)
            place = EntrySequence(place.value + 1)
        }
        return .recorded(sequence: sequence.value, entries, isNew: false)
    }

    private func copies(_ first: Int, _ count: Int) -> [[UInt8]] {
        (first..<first + count).map { index in unsafe machine.chain.withEntry(index) { unsafe [UInt8]($0) } }
    }

    /// The same outcome holding its entries itself, where they may be committed before it is given.
    func copied(_ outcome: AppendAnswer.Outcome) -> AppendAnswer.Outcome {
        guard case .appended(let first, let count) = outcome else { return outcome }
        return .recorded(sequence: machine.chain.base + UInt64(first), copies(first, count), isNew: true)
    }
}
