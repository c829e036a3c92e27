package import AgentKit
import EventLog
package import JSON
package import Rules

/// Derivation for recomputation: to derive a recorded cascade again from its trigger or from the clock, and to
/// take it back where the log says otherwise. The machine must stand behind the entry before it
/// (`resume(behind:)`).
extension Machine {
    /// A place to which a derivation can be taken back.
    package struct DerivationStart {
        let savepoint: Savepoint
    }

    /// Marks the place where a cascade begins; what was derived before can no longer be taken back.
    package func beginDerivation() -> DerivationStart {
        tables.journal.commit()
        return DerivationStart(savepoint: mark())
    }

    /// Takes everything back that was derived since.
    package func takeBack(to start: DerivationStart) {
        undo(to: start.savepoint)
        state.engine.upcoming.reset()
        state.engine.waitingItems.reset()
    }

    /// Drops the entries derived so far, all of which the log holds.
    package func dropChain() {
        _ = takeChain()
        forgetTaken()
    }

    /// Derives the cascade of a recorded trigger of a producer, which is not a decision.
    /// - Returns: the reason why the ingress would not have let it in; nil where the cascade was derived.
    package func derive(_ document: Document, _ event: Event) -> String? {
        guard event.sequence == next else { return "its sequence is not its position" }
        guard unsafe document.withBytes({ $0.count }) <= LogFormat.entryBytesMax else {
            return "it has more than \(LogFormat.entryBytesMax) bytes"
        }
        state.adoptDue(by: event.recordedTime)
        guard let type = ruleSet?.eventType(named: event.type) else {
            return "the rules in force do not declare a type `\(event.type)`"
        }
        if let refusal = refusal(ofRecorded: event, type) { return refusal }
        _ = append(recorded: document, isAdmitted: false)
        return nil
    }

    /// The reason why the ingress would have refused a recorded trigger.
    private func refusal(ofRecorded event: Event, _ type: EventType) -> String? {
        guard type.kind.isFromOutside else { return "only rules and the engine append `\(event.type)`" }
        if event.recordedTime < clock { return "its time is before that of the entry before it" }
        if Ingress.isOwn(source: event.source) { return "the source `\(event.source)` is the ledger's own" }
        if settings.clock == .events, let refusal = refusal(ofTimeOf: event) { return refusal }
        if let ruleSet, !mayAppend(event.authority, type, under: ruleSet) {
            return "`\(event.authority)` may not append `\(type.name)`"
        }
        if let violation = type.violationsAsRecorded(event.data).first {
            return "/data\(violation.pointer): \(violation.message)"
        }
        if let currency = event.data["currency"]?.string, ruleSet?.currencies.exponent(of: currency) == nil {
            return "/data/currency: unknown currency `\(currency)`"
        }
        if let member = type.personalFields.first(where: { event.data.member($0) != nil }),
            let person = event.data["userId"]?.string, isErased(person)
        {
            return "/data/\(member): the data of `\(person)` was erased before"
        }
        if type.name == DeadletterRetried.type,
            !state.engine.deadLetters.contains(DeadletterRetried(event.data).sequence)
        {
            return "there is no such dead letter"
        }
        if type.name == AdminOverride.type, let ruleSet {
            do throws(Problem) { try CarriedDecisions.check(event.data["emit"], under: ruleSet) } catch {
                return error.detail
            }
        }
        return nil
    }

    /// The reason why an event was not recorded at the time that the events' clock gave it.
    private func refusal(ofTimeOf event: Event) -> String? {
        let own = event.document.root["time"]?.string.flatMap { Instant(rfc3339: $0) }
        if event.recordedTime > clock {
            guard own == event.recordedTime else { return "the events' clock was moved to another time than its own" }
            guard event.recordedTime.milliseconds - clock.milliseconds <= Self.clockLeapMillisecondsMax else {
                return "its time is more than 10 years after that of the entry before it"
            }
        } else if let own, own > event.recordedTime, mayMoveClock(event.authority) {
            return "it was not recorded at its own time, to which it would have moved the events' clock"
        }
        return nil
    }

    // MARK: The clock

    /// Something that the clock owed by some time.
    package struct OwedFiring: Hashable, CustomStringConvertible {
        fileprivate enum Kind: Hashable {
            case timer(agent: String, name: String, key: String)
            case schedule(Schedule)
            case item(place: String)
        }

        fileprivate let kind: Kind
        package let due: Instant
        package let description: String
    }

    /// The timer, schedule or waiting row that fires next, where it is due by `time`; waiting rows that requests may
    /// overtake do not count.
    package func owed(by time: Instant) -> OwedFiring? {
        guard ruleSet != nil, !isEmpty else { return nil }
        switch state.timers.next(by: time, itemsFirst: settings.clock == .events) {
        case nil: return nil
        case .timer(let row):
            return OwedFiring(
                kind: .timer(agent: row.agent, name: row.timer, key: row.key), due: row.due,
                description: "timer `\(row.timer)` of `\(row.agent)` for `\(row.key)`, due \(row.due.text)")
        case .item: return waitingItem
        case .schedule(let due):
            return OwedFiring(
                kind: .schedule(due.schedule), due: due.due,
                description: "`\(due.schedule.rawValue)`, due \(due.due.text)")
        }
    }

    /// The row of a schedule that fires next; nil where none waits.
    package var waitingItem: OwedFiring? {
        guard let place = state.timers.firstItemKey, let row = state.timers.firstItem else { return nil }
        return OwedFiring(
            kind: .item(place: place), due: clock, description: "`schedule.item` of `\(row.rule)` for `\(row.key)`")
    }

    /// Derives the cascade that the clock gives next.
    /// - Parameters:
    ///   - type: the type of the recorded firing: rows of a schedule may fire later than they can.
    ///   - time: the recorded time.
    /// - Returns: false where nothing is due by then.
    package func deriveFiring(_ type: String, by time: Instant) -> Bool {
        let cascade = type == ScheduleItemData.type ? fireNextItem() : fireNext(by: time)
        return cascade != nil
    }

    /// Crosses off what the log says was never fired, so that what follows is derived from the state that the log has.
    package func crossOff(_ firing: OwedFiring) {
        switch firing.kind {
        case .timer(let agent, let name, let key): state.engine.removeTimer(agent, name, key)
        case .item(let place):
            state.engine.scheduleItems[place] = nil
            state.engine.waitingItems.reset()
        case .schedule(let schedule):
            state.engine.engine.upsert(EngineState.only) {
                switch schedule {
                case .daily: $0.lastDaily = firing.due
                case .weekly: $0.lastWeekly = firing.due
                case .monthly: $0.lastMonthly = firing.due
                }
            }
            state.timers.forgetSchedule()
        }
    }

    // MARK: Rule sets

    /// The text of a rule file that the log holds; nil where it lacks a part.
    package func ruleFileText(_ digest: String) -> [UInt8]? { state.ruleSets.text(ofFile: digest) }

    /// Loads the rule sets that come into force later, as deriving goes by them once their time has come.
    /// - Throws: the first error of one that a forged log put there.
    package func loadScheduled() throws(RuleSetError) { try state.ruleSets.loadUpcoming() }

    /// Derives that the schedule of a rule set was taken back.
    /// - Returns: false where no such schedule stands.
    package func deriveCancellation(of activated: EntrySequence, at time: Instant, by authority: String) -> Bool {
        guard
            let schedule = ruleSets(at: time).schedules.first(where: { $0.activated == activated }),
            schedule.status == .scheduled
        else { return false }
        cancel(schedule, at: time, by: authority)
        return true
    }
}
