import AgentKit
import EventLog

/// Commits as the sequencer's thread performs them: it does what `CommitState` returns.
extension Worker {
    // MARK: Making durable

    /// Commits where the chain holds as much as one commit may.
    func commitIfFull() {
        guard machine.chain.batch.bytesCount >= Sequencer.commitBytesMax else { return }
        finishCommit()
        startCommit()
    }

    /// Between two requests: keeps the committer busy while the next one is decided.
    func commitIfIdle() {
        guard machine.chain.batch.bytesCount >= Sequencer.commitBytesMin else { return }
        if ledger.hasCommitted { finishCommit() }
        if !ledger.commits.isCommitting { startCommit() }
    }

    /// Everything decided so far is durable, or refused, when this returns.
    func settle() {
        finishCommit()
        startCommit()
        finishCommit()
    }

    /// Makes entries durable that no request waits for, after everything before them was settled.
    /// - Throws: the problem where the commit failed.
    func commitAlone() throws(Problem) -> String {
        startCommit()
        guard let result = finishCommit() else { preconditionFailure("there is nothing to commit") }
        return try result.get()
    }

    /// Answers everybody who waits that nothing of theirs was kept.
    func refuseAll(_ problem: Problem) {
        for refused in ledger.commits.refuse(problem, size: machine.chain.base) {
            refused.reply(AppendAnswer(outcomes: refused.outcomes, chain: machine.chain, checkpoint: nil))
        }
    }

    /// While the log cannot be written nothing is decided and no timer fires.
    /// - Returns: the number of events refused.
    func refuseBacklog(_ problem: Problem) -> Int {
        var done = 0
        while let item = backlog.next(at: SystemTime.monotonicMilliseconds) {
            done += item.request.events.count
            decided(item, with: item.request.events.map { _ in .refused(problem) })
        }
        refuseAll(problem)
        return done
    }

    /// Adds a request whose events are all decided: it is answered once the next commit is durable.
    func decided(_ item: Backlog.Item, with outcomes: [AppendAnswer.Outcome]) {
        ledger.commits.add(CommitState.Decided(request: item.request, outcomes: outcomes, reply: item.reply))
    }

    // MARK: Reads, views, the end

    /// Answers reads; everything they see is durable.
    func answerReads() {
        guard !reads.isEmpty else { return }
        settle()
        let waiting = reads
        reads = []
        for read in waiting { read(machine) }
    }

    func writeViewsBehind() {
        let now = SystemTime.monotonicMilliseconds
        viewPace.look(ledger.changesBehind, at: now)
        let isDue = viewPace.wait(at: now) == 0 && !ledger.isWritingViews
        if isDue || ledger.hasEnoughForViews { settle() }
        ledger.writeViewsBehind(all: false, isDue: isDue)
        viewPace.look(ledger.changesBehind, at: now)
    }

    func close() {
        settle()
        ledger.close()
    }

    // MARK: Erasures

    enum Readiness {
        case ready
        /// Decide again: the commit under way has to end first.
        case afterCommit
        case failed(Problem)
    }

    /// Makes the erasures decided from `first` on ready, so that nothing but a crash comes between commit and erasing.
    func readyErasures(from first: EntrySequence) -> Readiness {
        let persons = machine.persons(erasedFrom: first)
        switch ledger.commits.erasure(of: persons) {
        case .nothing: return .ready
        case .finishCommit: return .afterCommit
        case .prepare: return ledger.prepareErasure(of: persons) ? .ready : .failed(PersonErasure.unwritable)
        }
    }

    // MARK: Entries

    func copies(_ first: Int, _ count: Int) -> [[UInt8]] {
        (first..<first + count).map { index in unsafe machine.chain.withEntry(index) { unsafe [UInt8]($0) } }
    }

    /// The same outcome holding its entries itself, where they may be committed before it is given.
    func copied(_ outcome: AppendAnswer.Outcome) -> AppendAnswer.Outcome {
        guard case .appended(let first, let count) = outcome else { return outcome }
        return .recorded(sequence: machine.chain.base + UInt64(first), copies(first, count), isNew: true)
    }
}
