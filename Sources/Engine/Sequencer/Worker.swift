import AgentKit
import EventLog
import Rules

/// The state and the steps of the sequencer's thread; only that thread touches it.
final class Worker {
    var backlog: Backlog
    let ledger: Ledger
    private var answers: [Answer] = []
    /// What became of the events so far of the request being decided.
    private var open: [AppendAnswer.Outcome] = []
    private var announcedRuleSet: String?
    private var knownLog: EventLog
    /// The requests that wait for the commit under way.
    private var committing: [Answer] = []
    /// Called from the committer's thread when a commit ended.
    private let commitEnded: @Sendable () -> Void

    /// A request that is decided and waits for its commit.
    private struct Answer: Sendable {
        let outcomes: [AppendAnswer.Outcome]
        let reply: @Sendable (AppendAnswer) -> Void
    }

    init(_ ledger: consuming Ledger, commitEnded: @escaping @Sendable () -> Void) {
        self.ledger = ledger
        self.commitEnded = commitEnded
        knownLog = ledger.log
        backlog = Backlog(clock: ledger.settings.clock)
        announcedRuleSet = ledger.machine.ruleSet?.digest
    }

    var machine: Machine { ledger.machine }
    var isBehind: Bool { ledger.changesBehind > ViewWriter.changesBehindMax }

    /// How long the thread may sleep, in milliseconds; nil is for ever.
    var patience: Int? {
        if let wait = ledger.logTrouble.patience { return wait }
        if !backlog.isEmpty || machine.hasScheduleItems { return 0 }
        if ledger.isWritingViews { return 50 }
        guard ledger.settings.clock == .system else { return nil }
        if machine.isEmpty { return 0 }
        guard let due = machine.nextDue else { return nil }
        return Int(clamping: max(0, due.milliseconds - SystemTime.now.milliseconds)) + 1
    }

    /// The door of the rule set in force, where another was put in force since the last call.
    func changedIntake() -> Intake? {
        guard let digest = machine.ruleSet?.digest, digest != announcedRuleSet else { return nil }
        announcedRuleSet = digest
        return ledger.intake
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
        if ledger.settings.clock == .system {
            for _ in 0..<Sequencer.itemsPerCommit where machine.fireNextItem() == nil { break }
        }
        if !ledger.isCommitting { startCommit() }
        if ledger.hasCommitted { finishCommit() }
        return done
    }

    /// Fires what is due on the system clock when nothing else happens.
    private func fireDue() {
        guard ledger.settings.clock == .system else { return }
        if machine.isEmpty, let first = ledger.firstRuleSet { machine.begin(with: first, at: SystemTime.now) }
        fire(by: SystemTime.now, mayCommit: true)
    }

    private func fire(by time: Instant, mayCommit: Bool) {
        while machine.fireNext(by: time) != nil {
            if mayCommit { commitIfFull() }
        }
    }

    private func decide(_ item: Backlog.Item) {
        let request = item.request
        if request.isDryRun {
            return answer(item, with: machine.tryOut { _ in tentative(request) })
        }
        if request.isAtomic, let refusals = atomicRefusals(request) { return answer(item, with: refusals) }
        open.reserveCapacity(request.events.count)
        for event in request.events {
            open.append(outcome(of: event, request))
            if !request.isAtomic { commitIfFull() }
        }
        let outcomes = open
        open = []
        answer(item, with: outcomes)
    }

    private func commitIfFull() {
        guard machine.chain.batch.bytesCount >= Sequencer.commitBytesMax else { return }
        finishCommit()
        startCommit()
    }

    /// Between two requests: keeps the committer busy while the next one is decided.
    private func commitIfIdle() {
        guard machine.chain.batch.bytesCount >= Sequencer.commitBytesMin else { return }
        if ledger.hasCommitted { finishCommit() }
        if !ledger.isCommitting { startCommit() }
    }

    private func answer(_ item: Backlog.Item, with outcomes: [AppendAnswer.Outcome]) {
        answers.append(Answer(outcomes: outcomes, reply: item.reply))
    }

    private func outcome(of event: Result<PreparedEvent, Problem>, _ request: AppendRequest) -> AppendAnswer.Outcome {
        do throws(Problem) {
            let event = try event.get()
            if let sequence = try machine.existing(event) { return exists(sequence) }
            let time = try admit(event, request)
            fire(by: time, mayCommit: !request.isAtomic)
            let cascade = machine.append(event, at: time)
            machine.keep()
            return .appended(first: Int(cascade.first.value - machine.chain.base), count: cascade.count)
        } catch {
            return .refused(error)
        }
    }

    /// The time at which the event will be recorded; makes the genesis where it is the ledger's first.
    private func admit(_ event: PreparedEvent, _ request: AppendRequest) throws(Problem) -> Instant {
        let time = try machine.time(of: event, now: SystemTime.now, mayMoveClock: request.mayMoveClock)
        try machine.check(event, expecting: request.expected)
        if machine.isEmpty, let first = ledger.firstRuleSet { machine.begin(with: first, at: time) }
        return time
    }

    /// What a dry run gives; the caller takes it back.
    private func tentative(_ request: AppendRequest) -> [AppendAnswer.Outcome] {
        if request.isAtomic, let refusals = atomicRefusals(request) { return refusals }
        var outcomes: [AppendAnswer.Outcome] = []
        for event in request.events {
            do throws(Problem) {
                let event = try event.get()
                if let sequence = try machine.existing(event) {
                    outcomes.append(exists(sequence))
                } else {
                    let time = try admit(event, request)
                    let cascade = machine.append(event, at: time)
                    let first = Int(cascade.first.value - machine.chain.base)
                    outcomes.append(.tentative(copies(first, cascade.count)))
                }
            } catch {
                outcomes.append(.refused(error))
            }
        }
        return outcomes
    }

    /// Where one event of an atomic batch is refused at the door, the refusal of each.
    private func atomicRefusals(_ request: AppendRequest) -> [AppendAnswer.Outcome]? {
        var problems: [Problem?] = []
        for event in request.events {
            do throws(Problem) {
                let event = try event.get()
                if try machine.existing(event) == nil {
                    _ = try machine.time(of: event, now: SystemTime.now, mayMoveClock: request.mayMoveClock)
                    try machine.check(event, expecting: request.expected)
                }
                problems.append(nil)
            } catch {
                problems.append(error)
            }
        }
        guard let first = problems.firstIndex(where: { $0 != nil }) else { return nil }
        return problems.map { .refused($0 ?? Problem(.atomic, "event \(first) of the batch was refused")) }
    }

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

    private func copied(_ outcome: AppendAnswer.Outcome) -> AppendAnswer.Outcome {
        guard case .appended(let first, let count) = outcome else { return outcome }
        return .recorded(sequence: machine.chain.base + UInt64(first), copies(first, count), isNew: true)
    }

    // MARK: Making durable

    /// Starts to make the entries since the last commit durable. If the process dies before the log's transaction is
    /// synced nothing of them exists and nobody was told otherwise; after it, all of them do, and a client that got no
    /// answer finds them when it sends again.
    private func startCommit() {
        guard machine.chain.count > 0 else { return answerAll(with: machine.chain) }
        // Where a commit closes in the middle of a request, the answer holds copies of what went before.
        open = open.map(copied)
        committing = answers
        answers.removeAll(keepingCapacity: true)
        ledger.startCommit(
            answer: { [committing] chain, checkpoint in
                for answer in committing {
                    answer.reply(AppendAnswer(outcomes: answer.outcomes, chain: chain, checkpoint: checkpoint))
                }
            }, end: commitEnded)
    }

    /// Waits for the commit under way. Where it failed, nothing that was decided since is kept either, and everybody who
    /// waits is told so.
    private func finishCommit() {
        guard ledger.isCommitting else { return }
        do throws(CommitFailure) {
            try ledger.finishCommit()
            committing = []
        } catch {
            open = open.map { refused($0, error.problem) }
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
        ledger.startCommit(answer: { _, _ in }, end: {})
        do throws(CommitFailure) { return try ledger.finishCommit() } catch { throw error.problem }
    }

    /// Answers those for whom nothing was appended.
    private func answerAll(with chain: EntryChain) {
        for answer in answers {
            answer.reply(AppendAnswer(outcomes: answer.outcomes, chain: chain, checkpoint: nil))
        }
        answers.removeAll(keepingCapacity: true)
    }

    /// What could not be made durable was not appended.
    private func refuseAll(_ problem: Problem) {
        for answer in committing + answers {
            let outcomes = answer.outcomes.map { refused($0, problem) }
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

    private func refused(_ outcome: AppendAnswer.Outcome, _ problem: Problem) -> AppendAnswer.Outcome {
        switch outcome {
        case .appended: .refused(problem)
        // It was found among the entries that the commit did not keep.
        case .recorded(let sequence, _, _) where sequence >= machine.chain.base: .refused(problem)
        default: outcome
        }
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
