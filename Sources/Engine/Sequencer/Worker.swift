import AgentKit
import EventLog
import Rules

/// The state and the steps of the sequencer's thread; only that thread touches it.
final class Worker {
    var backlog: Backlog
    let ledger: Ledger
    private var announced: [RuleSetAtIngress]
    private var knownLog: EventLog
    /// Called from the committer's thread when a commit ended.
    let commitEnded: @Sendable () -> Void
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

    /// Pace at which few changes are written to the views.
    var viewPace = ViewPace()

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
        let wait = viewPace.wait(at: SystemTime.monotonicMilliseconds).map { Int($0) }
        guard let wait, !ledger.isWritingViews else { return patienceForClock }
        return patienceForClock.map { min($0, wait) } ?? wait
    }

    private var patienceForClock: Int? {
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
    private var hasUncommitted: Bool {
        !ledger.commits.isCommitting && (machine.chain.count > 0 || ledger.commits.hasWaitingAnswers)
    }

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
}
