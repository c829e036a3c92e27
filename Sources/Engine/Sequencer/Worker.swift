import AgentKit
import EventLog
import Rules

/// The state and the steps of the sequencer's thread; only that thread touches it.
final class Worker {
    var backlog: Backlog
    let ledger: Ledger
    private var answers: [Answer] = []
    /// The request being decided, where a commit may close in the middle of it.
    var deciding: AppendRequest?
    /// Outcomes of its events so far.
    var open: [AppendAnswer.Outcome] = []
    private var announced: [RuleSetAtIngress]
    private var knownLog: EventLog
    /// The requests that wait for the commit under way.
    private var committing: [Answer] = []
    /// Called from the committer's thread when a commit ended.
    private let commitEnded: @Sendable () -> Void
    var watch: ClockWatch
    /// Told why nothing is recorded, or that something is again, before anybody is refused for it.
    var clockChanged: (Problem?) -> Void = { _ in }
    /// Told of the rule sets in force now and later, before anybody is answered who may go by them.
    var ingressChanged: (Ingress) -> Void = { _ in }
    /// Takes over what was handed in meanwhile.
    var attend: (Worker) -> Void = { _ in }
    var reads: [@Sendable (Machine) -> Void] = []
    var changes: [@Sendable (Worker) -> Void] = []
    var isStopping = false
    /// Deadline of the work under way; nil while there is none.
    var end: Int64?
    /// Indicates that the deadline came before everything due had fired.
    var isCutShort = false
    /// Start of the present turn.
    var turnBegan: Int64 = 0
    /// Time of the last commit that was made for the age of what had fired.
    var turnCommitted: Int64 = 0

    /// A request that is decided and waits for its commit.
    private struct Answer: Sendable {
        let request: AppendRequest
        let outcomes: [AppendAnswer.Outcome]
        let reply: @Sendable (AppendAnswer) -> Void
    }

    init(_ ledger: consuming Ledger, _ watch: ClockWatch, commitEnded: @escaping @Sendable () -> Void) {
        self.ledger = ledger
        self.commitEnded = commitEnded
        self.watch = watch
        knownLog = ledger.log
        backlog = Backlog(clock: ledger.settings.clock)
        announced = ledger.machine.ruleSetsAtIngress
    }

    var machine: Machine { ledger.machine }
    var isBehind: Bool { ledger.changesBehind > ViewWriter.changesBehindMax }

    /// Time that the thread may sleep, in milliseconds; nil is for ever.
    var patience: Int? {
        if let wait = ledger.logTrouble.patience { return wait }
        if !backlog.isEmpty || hasUncommitted { return 0 }
        guard clockProblem == nil, end == nil else { return Self.wrongClockMilliseconds }
        if machine.hasScheduleItems { return 0 }
        if ledger.isWritingViews { return 50 }
        guard ledger.settings.clock == .system else { return nil }
        guard !machine.isEmpty, let now = look() else { return 0 }
        guard let due = machine.nextDue else { return Self.rightClockMilliseconds }
        return min(Self.rightClockMilliseconds, Int(clamping: max(0, due.milliseconds - now.milliseconds)) + 1)
    }

    /// Indicates that entries or answers wait for a commit that is not under way.
    private var hasUncommitted: Bool { !ledger.isCommitting && (machine.chain.count > 0 || !answers.isEmpty) }

    /// Interval at which the clock is read while nothing else happens.
    private static let rightClockMilliseconds = 5000
    /// The same while the clock is not believed.
    private static let wrongClockMilliseconds = 1000

    /// Tells of the rule sets in force now and later where these changed since the last call.
    func announceRuleSets() {
        let ruleSets = machine.ruleSetsAtIngress
        guard ruleSets != announced else { return }
        announced = ruleSets
        ingressChanged(ledger.ingress)
    }

    /// The log, where it was opened again since the last call.
    func reopenedLog() -> EventLog? {
        guard ledger.log !== knownLog else { return nil }
        knownLog = ledger.log
        return knownLog
    }

    /// Decides on what is waiting, and starts a commit where none is under way.
    /// - Returns: the number of events taken from the backlog.
    func work() -> Int {
        turnBegan = SystemTime.monotonicMilliseconds
        if ledger.hasCommitted { finishCommit() }
        guard ledger.canCommit else { return refuseBacklog(ledger.logTrouble.problem) }
        var done = 0
        fireDue()
        while let item = backlog.next(at: SystemTime.monotonicMilliseconds) {
            done += item.request.events.count
            decide(item)
            commitIfFull()
            commitIfIdle()
        }
        fireItems()
        // Firing may have taken the news of a commit that ended since, so nobody else would ask again.
        if ledger.hasCommitted { finishCommit() }
        if !ledger.isCommitting { startCommit() }
        if ledger.hasCommitted { finishCommit() }
        return done
    }

    func commitIfFull() {
        guard machine.chain.batch.bytesCount >= Sequencer.commitBytesMax else { return }
        finishCommit()
        startCommit()
    }

    /// Between two requests: keeps the committer busy while the next one is decided.
    func commitIfIdle() {
        guard machine.chain.batch.bytesCount >= Sequencer.commitBytesMin else { return }
        if ledger.hasCommitted { finishCommit() }
        if !ledger.isCommitting { startCommit() }
    }

    func answer(_ item: Backlog.Item, with outcomes: [AppendAnswer.Outcome]) {
        answers.append(Answer(request: item.request, outcomes: outcomes, reply: item.reply))
    }

    // MARK: Making durable

    /// Starts to make the entries since the last commit durable. If the process dies before the log's transaction is
    /// synced nothing of them exists and nobody was told otherwise; after it, all of them do, and a client that got no
    /// answer finds them when it sends again.
    func startCommit() {
        announceRuleSets()
        guard machine.chain.count > 0 else { return answerAll(with: machine.chain) }
        // Where a commit closes in the middle of a request, the answer holds copies of what went before.
        open = open.map(copied)
        committing = answers
        answers.removeAll(keepingCapacity: true)
        ledger.startCommit(
            answer: { [committing] chain, checkpoint, unfinished in
                for answer in committing {
                    let outcomes = answer.outcomes.withoutClaims(of: unfinished, in: chain)
                    answer.reply(AppendAnswer(outcomes: outcomes, chain: chain, checkpoint: checkpoint))
                }
            }, end: commitEnded)
    }

    /// Waits for the commit under way. Where it failed, nothing that was decided since is kept either, and everybody who
    /// waits is told so.
    func finishCommit() {
        guard ledger.isCommitting else { return }
        do throws(CommitFailure) {
            try ledger.finishCommit()
            committing = []
        } catch {
            if let deciding { open = undone(open, of: deciding, error.problem) }
            refuseAll(error.problem)
        }
    }

    /// Everything decided so far is durable, or refused, when this returns.
    func settle() {
        finishCommit()
        startCommit()
        finishCommit()
    }

    /// Makes entries durable that no request waits for, after everything before them was settled.
    func commitAlone() throws(Problem) -> String {
        announceRuleSets()
        ledger.startCommit(answer: { _, _, _ in }, end: {})
        do throws(CommitFailure) { return try ledger.finishCommit() } catch { throw error.problem }
    }

    /// Answers those for whom nothing was appended.
    private func answerAll(with chain: EntryChain) {
        let unfinished = ledger.unfinishedErasures
        for answer in answers {
            let outcomes = answer.outcomes.withoutClaims(of: unfinished, in: chain)
            answer.reply(AppendAnswer(outcomes: outcomes, chain: chain, checkpoint: nil))
        }
        answers.removeAll(keepingCapacity: true)
    }

    /// Refuses everything that waits: it could not be made durable.
    private func refuseAll(_ problem: Problem) {
        for answer in committing + answers {
            let outcomes = undone(answer.outcomes, of: answer.request, problem)
            answer.reply(AppendAnswer(outcomes: outcomes, chain: machine.chain, checkpoint: nil))
        }
        committing = []
        answers.removeAll(keepingCapacity: true)
    }

    /// While the log cannot be written nothing is decided and no timer fires.
    private func refuseBacklog(_ problem: Problem) -> Int {
        var done = 0
        while let item = backlog.next(at: SystemTime.monotonicMilliseconds) {
            done += item.request.events.count
            answer(item, with: item.request.events.map { _ in .refused(problem) })
        }
        refuseAll(problem)
        return done
    }

    /// The outcomes of events after a failed commit. One that the log held before stands, and so does one that did not
    /// pass the ingress; all others, refusals too, were decided upon entries that may not be there.
    private func undone(
        _ outcomes: [AppendAnswer.Outcome], of request: AppendRequest, _ problem: Problem
    ) -> [AppendAnswer.Outcome] {
        zip(outcomes, request.events).map { outcome, event in
            switch (event, outcome) {
            case (.failure, _): outcome
            case (_, .recorded(let sequence, _, _)) where sequence < machine.chain.base: outcome
            default: .refused(problem)
            }
        }
    }

    /// Answers reads; everything they see is durable.
    func answerReads() {
        guard !reads.isEmpty else { return }
        settle()
        let waiting = reads
        reads = []
        for read in waiting { read(machine) }
    }

    func writeViewsBehind() {
        if ledger.hasEnoughForViews { settle() }
        ledger.writeViewsBehind(all: false)
    }

    func close() {
        settle()
        ledger.close()
    }

    var isWritingViews: Bool { ledger.isWritingViews }
}
