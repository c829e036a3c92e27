package import AgentKit
import Dispatch
package import EventLog
import Rules
import Synchronization

/// The one writer. An event's whole way is here: it is taken from the mailbox (`Backlog`), refused or admitted
/// (`Machine.existing`, `check`, `time`), preceded by what the clock owes (`Machine.fireNext`), appended with its
/// cascade of decisions (`Machine.append`), made durable together with everything that arrived meanwhile
/// (`Ledger.startCommit`, a large commit on a second thread, while the next events are decided), and only then answered.
/// Changed rows are written to `views/` behind.
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

    private let mailbox = Mailbox()
    private let currentIngress: Mutex<Ingress>
    private let pressure = Mutex(Pressure())
    private let stopped = DispatchSemaphore(value: 0)
    private let log: Mutex<EventLog>
    private let settings: LedgerSettings
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

    /// Records a rule set and puts it in force, between two requests. One in error is refused and the one in force stays.
    /// - Throws: a rule set error with every diagnostic, or a problem.
    package func activate(_ request: ActivationRequest) async throws -> RuleSetActivation {
        _ = try await check(request)
        return try await withCheckedContinuation { continuation in
            mailbox.post(.ruleSets { continuation.resume(returning: $0.activate(request)) })
        }.get()
    }

    /// Takes back the schedule that an activation made, between two requests.
    /// - Throws: a problem, where it is not one or has ended.
    package func cancelSchedule(_ activated: EntrySequence, principal: String) async throws -> RuleSetCancellation {
        try await withCheckedContinuation { continuation in
            mailbox.post(
                .ruleSets { continuation.resume(returning: $0.cancelSchedule(activated, principal: principal)) })
        }.get()
    }

    /// The rule sets as of now.
    package func ruleSets() async -> RuleSetOverview { await read(\.ruleSetsNow) }

    /// Checks that a rule set could be put in force, and returns its digest.
    /// - Throws: a rule set error with every diagnostic, or a problem.
    package func check(_ request: ActivationRequest) async throws -> String {
        let files: [RuleFile]
        switch request.source {
        case .files(let given): files = given
        case .recorded(let digest):
            guard let recorded = await read({ $0.ruleFiles(of: digest) }) else {
                throw Problem(.notFound, "the log holds no rule set `\(digest)`", pointer: "/digest")
            }
            files = recorded
        }
        let from = request.effectiveFrom
        let kept = try await read { machine in
            Result { () throws(Problem) in
                let now = machine.present(SystemTime.now)
                if let from { try machine.check(effectiveFrom: from, at: now) }
                return machine.keptTables(at: from ?? now)
            }
        }.get()
        let initial = DataDirectory.Initial(settings: settings, ruleFiles: files)
        let (digest, tables) = try { () throws(RuleSetError) in
            let ruleSet = try initial.checkRules(keeping: kept)
            return (ruleSet.digest, ruleSet.keptTables)
        }()
        let problem = await read { machine in
            machine.state.ruleSets.problem(keeping: tables, after: from ?? machine.present(SystemTime.now))
        }
        if let problem { throw Problem(.invalidEvent, problem) }
        return digest
    }

    /// Believes the system's clock as it is now: entries are recorded at its time from here on.
    /// - Throws: a problem where the ledger is on the events' clock.
    package func acceptClock() async throws(Problem) -> ClockAcceptance {
        guard settings.clock == .system else {
            throw Problem(.notFound, "the ledger is on the events' clock; there is no system clock to accept")
        }
        return await withCheckedContinuation { continuation in
            mailbox.post(.acceptClock { continuation.resume(returning: $0) })
        }
    }

    /// Why nothing is recorded while the system's clock is not believed; nil where it is.
    package var clockProblem: Problem? { pressure.withLock { $0.clockProblem } }

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

    // MARK: The writer's thread

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
