import AgentKit
import Dispatch
package import EventLog
import Rules
import Synchronization

/// The one writer. This file is an event's whole way, from top to bottom:
///
/// 1. `submit`: any thread hands over a request, whose events passed the `Ingress`. Where too much is waiting it is
///    refused at once.
/// 2. `run`: the sequencer's thread takes over what was posted (`Mailbox`), decides, commits and answers, again and again.
/// 3. `Worker.work`: requests are taken in their turn (`Backlog`); what is due by the clock has fired before.
/// 4. `Worker.decide`: the events of a request are decided one after the other, or as a whole (`Worker+Whole`).
/// 5. `Worker.outcome`: one event. It is found again (`Machine.existing`), or refused (`check`, `Expectation`), or
///    appended behind what the clock owes by then (`Machine.append`): it becomes an entry, every state folds it, rules
///    decide on it, and their decisions become entries in turn, until nothing follows (`CascadeRunner`).
/// 6. `Worker.startCommit`: entries are made durable together with everything that arrived meanwhile, a large commit on
///    a second thread while the next events are decided (`CommitState`, `Committer`).
/// 7. `Worker.finishCommit`: where that failed, the machine goes back to what the log holds.
///
/// Only then is a request answered. Changed rows are written to `views/` behind all that (`ViewWriter`).
package final class Sequencer: Sendable {
    /// Entries of one commit may have 64 MiB together.
    package static let commitBytesMax = 64 << 20
    /// Entries of 512 KiB are worth a commit while more requests are waiting.
    static let commitBytesMin = 512 << 10
    /// Work that may wait, in milliseconds; beyond it requests are refused.
    package static let backlogMillisecondsMax: Int64 = 2000
    /// Rows of a schedule that are done between two commits.
    static let itemsPerCommit = 256
    /// While the clock owes much, everybody else is attended to this often.
    static let turnMilliseconds: Int64 = 50
    /// And what was fired is committed at least this often.
    static let turnCommitMilliseconds: Int64 = 1000
    /// Time left to the work under way once the sequencer is told to hurry or to stop.
    static let hurryMilliseconds: Int64 = 3000

    let mailbox = Mailbox()
    private let currentIngress: Mutex<Ingress>
    private let pressure = Mutex(Pressure())
    private let stopped = DispatchSemaphore(value: 0)
    private let log: Mutex<EventLog>
    let settings: LedgerSettings
    /// Indicates that the log can be written.
    package let logTrouble: WriteTrouble

    /// Load that `submit` looks at before it lets a request in.
    private struct Pressure {
        var waitingEvents = 0
        var eventsPerSecond = 20_000.0
        var isBehind = false
        var isStopping = false
        var clockProblem: Problem?
    }

    /// Starts the writer's thread on an open ledger.
    /// - Parameter clockJumpMax: milliseconds by which the system's clock may be set while the ledger is open; nil
    ///   believes every clock.
    package init(
        _ ledger: consuming Ledger, clock: SystemClock = .machine, clockJumpMax: Int64? = ClockWatch.jumpMaxDefault
    ) {
        log = Mutex(ledger.log)
        settings = ledger.settings
        logTrouble = ledger.logTrouble
        currentIngress = Mutex(ledger.ingress)
        let watch = ClockWatch(clock, jumpMax: clockJumpMax)
        let handover = Handover(Worker(ledger, watch) { [mailbox] in mailbox.post(.committed) })
        let queue = DispatchQueue(label: "docket.sequencer", qos: .userInteractive)
        queue.async { [self] in
            run(handover.take())
            stopped.signal()
        }
    }

    /// Passes the worker to its thread, which alone keeps it and lets go of the ledger when it ends.
    private final class Handover: @unchecked Sendable {
        private var worker: Worker?
        init(_ worker: consuming Worker) { self.worker = worker }
        func take() -> Worker {
            guard let taken = worker.take() else { preconditionFailure("the worker was taken already") }
            return taken
        }
    }

    /// The ingress that checks producers' events under the rule set in force.
    package var ingress: Ingress {
        let ingress = currentIngress.withLock { $0 }
        return settings.clock == .system ? ingress.alone(at: SystemTime.now) : ingress
    }

    /// The committed log, for reading from any thread. After a commit of unknown fate it is another one.
    package var committed: EventLog { log.withLock { $0 } }

    /// Why nothing is recorded while the system's clock is not believed; nil where it is.
    package var clockProblem: Problem? { pressure.withLock { $0.clockProblem } }

    // MARK: 1. Handing over

    /// Hands over a request; `reply` is called once, on the writer's thread, after the request is durable.
    package func submit(_ request: AppendRequest, reply: @escaping @Sendable (AppendAnswer) -> Void) {
        let refusal: Problem? = pressure.withLock { pressure in
            if pressure.isStopping {
                return Problem(.unavailable, "the service is stopping", retryAfter: 5)
            }
            if pressure.isBehind {
                return Problem(.unavailable, "the views are too far behind the log", retryAfter: 2)
            }
            let wait = Double(pressure.waitingEvents) / pressure.eventsPerSecond * 1000
            if wait > Double(Self.backlogMillisecondsMax) {
                return Problem(.unavailable, "more than 2 s of work is waiting", retryAfter: 2)
            }
            pressure.waitingEvents += request.events.count
            return nil
        }
        if let refusal {
            let outcomes = request.events.map { _ in AppendAnswer.Outcome.refused(refusal) }
            return reply(AppendAnswer(outcomes: outcomes, chain: EntryChain.genesis(origin: ""), checkpoint: nil))
        }
        mailbox.post(.append(request, arrived: SystemTime.monotonicMilliseconds, reply: reply))
    }

    /// The answer to a request, once it is durable.
    package func append(_ request: AppendRequest) async -> AppendAnswer {
        await withCheckedContinuation { continuation in
            submit(request) { continuation.resume(returning: $0) }
        }
    }

    /// Reads the ledger's state between two commits: a client reads what it wrote.
    package func read<T: Sendable>(_ body: @escaping @Sendable (Machine) -> T) async -> T {
        await withCheckedContinuation { continuation in
            mailbox.post(.read { continuation.resume(returning: body($0)) })
        }
    }

    /// Lets what is under way go on for a few seconds only: the service is about to stop. What the clock still owes then
    /// is left to the next start.
    package func hurry() { mailbox.post(.hurry) }

    /// Finishes the work that was handed over, within a few seconds, writes the views and ends the thread.
    package func stop() {
        pressure.withLock { $0.isStopping = true }
        mailbox.post(.stop)
        stopped.wait()
        stopped.signal()
    }

    // MARK: 2. The sequencer's thread

    private func run(_ worker: Worker) {
        worker.attend = { [self] worker in
            attend(worker, waiting: 0)
            note(0, since: SystemTime.monotonicMilliseconds, worker)
        }
        worker.ingressChanged = { [self] ingress in currentIngress.withLock { $0 = ingress } }
        worker.clockChanged = { [self] problem in pressure.withLock { $0.clockProblem = problem } }
        while true {
            attend(worker, waiting: worker.isStopping ? 0 : worker.patience)
            let started = SystemTime.monotonicMilliseconds
            let done = worker.work()
            note(done, since: started, worker)
            worker.changeRuleSets()
            worker.answerReads()
            worker.writeViewsBehind()
            worker.announceRuleSets()
            if let reopened = worker.reopenedLog() { log.withLock { $0 = reopened } }
            if worker.isStopping, worker.backlog.isEmpty {
                worker.close()
                return
            }
        }
    }

    /// Takes over what was handed in.
    private func attend(_ worker: Worker, waiting milliseconds: Int?) {
        for command in mailbox.take(waiting: milliseconds) {
            switch command {
            case .append(let request, let arrived, let reply):
                worker.backlog.add(Backlog.Item(request: request, arrived: arrived, reply: reply))
            case .read(let body): worker.reads.append(body)
            case .ruleSets(let change): worker.changes.append(change)
            case .acceptClock(let reply): reply(worker.acceptClock())
            // The worker looks for itself whether its commit ended.
            case .committed: continue
            case .hurry: worker.hurry()
            case .stop:
                worker.hurry()
                worker.isStopping = true
            }
        }
    }

    private func note(_ done: Int, since started: Int64, _ worker: Worker) {
        let elapsed = Double(max(1, SystemTime.monotonicMilliseconds - started))
        pressure.withLock { pressure in
            pressure.waitingEvents -= done
            pressure.isBehind = worker.isBehind
            guard done >= 100 else { return }
            let rate = Double(done) / elapsed * 1000
            pressure.eventsPerSecond = 0.8 * pressure.eventsPerSecond + 0.2 * rate
        }
    }
}

// MARK: - 3. Deciding

extension Worker {
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
        if !ledger.commits.isCommitting { startCommit() }
        if ledger.hasCommitted { finishCommit() }
        return done
    }

    // MARK: 4. A request

    /// Decides on one request. The events of an ordinary one are kept one by one; an atomic request and a dry run are
    /// kept, or taken back, as a whole.
    private func decide(_ item: Backlog.Item) {
        let request = item.request
        do throws(Problem) { _ = try present() } catch {
            return decided(item, with: request.events.map { _ in .refused(error) })
        }
        if request.isAtomic || request.isDryRun { return decided(item, with: decideWhole(request)) }
        ledger.commits.open(request)
        var before = machine
        var expectation = Expectation(of: request, in: before)
        for index in request.events.indices {
            if machine !== before {
                // A commit failed, and with it what the expectation was about.
                before = machine
                expectation = Expectation(of: request, in: before)
            }
            ledger.commits.add(outcome(at: index, of: request, expectation))
            commitIfFull()
        }
        ledger.commits.close(item.reply)
    }

    // MARK: 5. An event

    /// The steps of one event. An attempt is decided as a whole: nothing of it is committed before its end.
    func outcome(
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

    // MARK: 6. A commit

    /// Starts to make the entries since the last commit durable. If the process dies before the log's transaction is
    /// synced nothing of them exists and nobody was told otherwise; after it, all of them do, and a client that got no
    /// answer finds them when it sends again.
    func startCommit() {
        announceRuleSets()
        let chain = machine.chain
        switch ledger.commits.start(entries: chain.count, bytes: chain.batch.bytesCount, copied: copied) {
        case .answer(let requests):
            let unfinished = ledger.unfinishedErasures
            for request in requests { request.answer(chain, checkpoint: nil, unfinished) }
        case .commit(let requests): ledger.commit(aside: false, answer: Self.answer(requests), end: commitEnded)
        case .commitAside(let requests): ledger.commit(aside: true, answer: Self.answer(requests), end: commitEnded)
        }
    }

    /// Answers requests whose entries are durable; on the committer's thread where there are many.
    private static func answer(
        _ requests: [CommitState.Decided]
    ) -> @Sendable (EntryChain, String, [String]) -> Void {
        { chain, checkpoint, unfinished in
            for request in requests { request.answer(chain, checkpoint: checkpoint, unfinished) }
        }
    }

    // MARK: 7. The end of a commit

    /// Waits for the commit under way. Where it failed, nothing that was decided since is kept either, and everybody who
    /// waits is told so.
    /// - Returns: its checkpoint or the problem; nil where no commit is under way.
    @discardableResult
    func finishCommit() -> Result<String, Problem>? {
        guard ledger.commits.isCommitting else { return nil }
        switch ledger.commits.end(ledger.waitForCommit()) {
        case .goOn(let checkpoint):
            ledger.goOn()
            return .success(checkpoint)
        case .recover(let error, let bytes, let reopensLog):
            let problem = ledger.recover(from: error, bytes: bytes, reopensLog: reopensLog)
            refuseAll(problem)
            return .failure(problem)
        }
    }
}

extension CommitState.Decided {
    /// Gives the answer.
    /// - Parameters:
    ///   - chain: the entries of the commit.
    ///   - unfinished: the persons whose keys could not be destroyed yet.
    fileprivate func answer(_ chain: EntryChain, checkpoint: String?, _ unfinished: [String]) {
        let outcomes = outcomes.withoutClaims(of: unfinished, in: chain)
        reply(AppendAnswer(outcomes: outcomes, chain: chain, checkpoint: checkpoint))
    }
}
