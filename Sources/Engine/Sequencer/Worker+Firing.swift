import AgentKit
import EventLog

/// Firing what is due, and the clock itself. Firing much takes turns with everything else: of every turn what was fired is
/// committed, and what was handed in meanwhile is read and answered as far as it need not wait for the clock.
extension Worker {
    // MARK: The clock

    /// The time at which something may be recorded now.
    /// - Throws: `unavailable` where the system's clock is not believed.
    func present() throws(Problem) -> Instant {
        guard ledger.settings.clock == .system else { return machine.clock }
        guard let now = look() else { throw clockProblem ?? Problem(.unavailable, "the system's clock was set") }
        return now
    }

    /// Reads the system's clock; nil where it is not believed, which is said once, as is that it is right again.
    func look() -> Instant? {
        let before = watch.jump
        let now = watch.look()
        switch (before, watch.jump) {
        case (nil, .some(let jump)):
            Notice.say(
                "the system's clock was set \(ClockWatch.words(jump)): nothing is recorded and no timer fires until it is "
                    + "right again, or `docket clock accept` says that it is right now")
        case (.some, nil): Notice.say("the system's clock is right again; going on")
        default: return now
        }
        clockChanged(clockProblem)
        return now
    }

    /// Why nothing is recorded now; nil while the clock is believed.
    var clockProblem: Problem? { watch.problem }

    func acceptClock() -> ClockAcceptance {
        let (now, jump) = watch.accept()
        clockChanged(nil)
        Notice.say("the system's clock is accepted as it is: \(now.text), set \(ClockWatch.words(jump))")
        return ClockAcceptance(now: now, jump: jump)
    }

    // MARK: What it owes

    /// Fires what is due on the system clock when nothing else happens.
    func fireDue() {
        guard ledger.settings.clock == .system, end == nil, let now = look() else { return }
        if machine.isEmpty, let first = ledger.firstRuleSet { machine.begin(with: first, at: now) }
        let began = machine
        while end == nil, began === machine, let now = look(), machine.fireNext(by: now) != nil { takeTurns() }
    }

    /// Fires what is due before something is recorded at `time`.
    /// - Throws: `unavailable` where the service stops before all of it has fired, or what was fired could not be committed.
    func fire(by time: Instant) throws(Problem) {
        guard !isCutShort else { throw Self.stopping }
        let began = machine
        while machine.fireNext(by: time) != nil {
            takeTurns()
            guard began === machine else {
                throw Problem(.unavailable, "the log cannot be written now; send the events again", retryAfter: 5)
            }
            if let end, SystemTime.monotonicMilliseconds >= end {
                isCutShort = true
                throw Self.stopping
            }
        }
    }

    private static let stopping = Problem(.unavailable, "the service is stopping", retryAfter: 5)

    /// Fires rows of a schedule, which requests may overtake on the system clock.
    func fireItems() {
        guard ledger.settings.clock == .system, end == nil, clockProblem == nil else { return }
        for _ in 0..<Sequencer.itemsPerCommit {
            guard machine.fireNextItem() != nil, !isTurnOver else { return }
        }
    }

    /// Sets a deadline for the work under way.
    func hurry() {
        if end == nil { end = SystemTime.monotonicMilliseconds + Sequencer.hurryMilliseconds }
    }

    // MARK: Turns

    private var isTurnOver: Bool { SystemTime.monotonicMilliseconds - turnBegan >= Sequencer.turnMilliseconds }

    /// Attends to others between two cascades once the turn is over. What was fired is committed where there is enough
    /// of it, where somebody reads, and every second.
    private func takeTurns() {
        commitIfFull()
        guard isTurnOver else { return }
        let now = SystemTime.monotonicMilliseconds
        if now - turnCommitted >= Sequencer.turnCommitMilliseconds {
            turnCommitted = now
            if ledger.hasCommitted { finishCommit() }
            if !ledger.commits.isCommitting { startCommit() }
        } else {
            commitIfIdle()
        }
        attend(self)
        answerReads()
        writeViewsBehind()
        turnBegan = SystemTime.monotonicMilliseconds
    }
}
