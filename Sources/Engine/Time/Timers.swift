package import AgentKit
import JSON
import Rules

/// Everything that the clock owes: timers that rules set, the three schedules, and the rows that a schedule left to be
/// done, in the order in which they fire.
///
/// A firing becomes a trigger with a cascade of its own (`Machine.fireNext`), so that a replay fires nothing itself.
/// Timers and rows are found in tables; the next ones are kept ready in memory (`UpcomingTimers`, `WaitingItems`).
final class Timers {
    /// The next thing that the clock owes.
    enum Firing {
        case timer(TimerRow)
        case schedule(ScheduleDue)
        /// A row that a schedule left to be done.
        case item(ScheduleItemRow)
    }

    private let engine: EngineState
    private let ruleSets: RuleSets
    /// The schedule that fires next, once it has been worked out.
    private var upcomingSchedule: ScheduleDue?

    init(engine: EngineState, ruleSets: RuleSets) {
        self.engine = engine
        self.ruleSets = ruleSets
    }

    func isScheduled(_ timer: TimerName, agent: String) -> Bool {
        engine.timers.contains(TimerRow.key(agent: agent, name: timer.name, key: timer.key))
    }

    /// Time at which a timer or schedule is due next; nil where nothing is set.
    var nextDue: Instant? {
        let timer = engine.upcoming.next(in: engine.due)?.due
        let schedule = nextSchedule()?.due
        switch (timer, schedule) {
        case (.some(let timer), .some(let schedule)): return min(timer, schedule)
        default: return timer ?? schedule
        }
    }

    /// The next timer or schedule due by `time`; waiting rows of a schedule go before the next schedule.
    /// - Parameter itemsFirst: whether waiting rows go before timers too, as on the events' clock.
    /// - Returns: nil where nothing is due.
    func next(by time: Instant, itemsFirst: Bool) -> Firing? {
        if !(itemsFirst && firstItemKey != nil), !engine.upcoming.mayBeDue(by: time),
            nextSchedule().map({ $0.due > time }) ?? true
        {
            return nil
        }
        let timer = engine.upcoming.next(in: engine.due).flatMap { $0.due <= time ? $0 : nil }
        let schedule = nextSchedule().flatMap { $0.due <= time ? $0 : nil }
        let isScheduleFirst = schedule.map { schedule in timer.map { schedule.due <= $0.due } ?? true } ?? false
        if itemsFirst || isScheduleFirst, let item = firstItem { return .item(item) }
        if isScheduleFirst, let schedule { return .schedule(schedule) }
        return timer.map { .timer(row(at: $0)) }
    }

    private func row(at place: UpcomingTimers.Place) -> TimerRow {
        guard let key = engine.due[place.key]?.timer, let row = engine.timers[key] else {
            Notice.end("the views hold a timer that is due and is not set; remove `views` and start again")
        }
        return row
    }

    /// The schedule that fires next; worked out anew only after one fired or the rules changed.
    private func nextSchedule() -> ScheduleDue? {
        if let upcomingSchedule { return upcomingSchedule }
        guard let calendar = ruleSets.inForce?.calendar, let row = engine.engine[EngineState.only] else { return nil }
        let all = Schedule.allCases.map { calendar.next($0, after: row.last($0) ?? row.genesis) }
        upcomingSchedule = all.reduce(all[0]) { $1.due < $0.due ? $1 : $0 }
        return upcomingSchedule
    }

    /// Forgets which schedule fires next: one fired, was taken back, or the rules changed.
    func forgetSchedule() { upcomingSchedule = nil }

    // MARK: Rows of a schedule

    /// Notes the rows that rules over projections are to see, as they are at the schedule's entry.
    func enqueueItems(of event: Event, _ schedule: Schedule, _ projections: Projections) {
        // All three schedules say the date alike.
        let date = ScheduleDaily(event.data).date
        upcomingSchedule = nil
        guard let ruleSet = ruleSets.inForce, let type = ruleSet.eventType(named: schedule.rawValue) else { return }
        for (index, rule) in ruleSet.scheduleRules(on: type).enumerated() {
            guard let projection = rule.over.flatMap(projections.named) else { continue }
            projection.forEachKey { key in
                let place = EngineState.itemKey(cause: event.sequence, rule: index, row: key)
                engine.scheduleItems[place] = ScheduleItemRow(
                    schedule: schedule.rawValue, agent: rule.agent, rule: rule.qualifiedName, key: key,
                    date: date, cause: event.sequence)
                return true
            }
        }
        engine.waitingItems.reset()
    }

    /// The first waiting row of a schedule.
    var firstItem: ScheduleItemRow? { firstItemKey.flatMap { engine.scheduleItems[$0] } }

    /// The key of that row.
    var firstItemKey: String? { engine.waitingItems.next(in: engine.scheduleItems) }
}

// MARK: Firing

extension Machine {
    /// Time at which the clock next has something to do; nil where nothing is set.
    package var nextDue: Instant? { state.timers.nextDue }

    /// Indicates that rows of a schedule still wait for their item.
    package var hasScheduleItems: Bool { state.timers.firstItemKey != nil }

    /// Fires the next timer or schedule due by `time` as a cascade of its own, at most one; waiting rows of a schedule
    /// go first on the events' clock, and before the next schedule on any.
    /// - Returns: nil where nothing is due.
    package func fireNext(by time: Instant) -> Cascade? {
        guard ruleSet != nil, !isEmpty else { return nil }
        switch state.timers.next(by: time, itemsFirst: settings.clock == .events) {
        case nil: return nil
        case .timer(let row):
            return fire(
                TimerFiredData(agent: row.agent, due: row.due, key: row.key, name: row.timer), subject: row.key,
                cause: row.scheduled, due: row.due)
        case .item(let row): return fire(row)
        case .schedule(let due):
            switch due.schedule {
            case .daily: return fire(ScheduleDailyData(date: due.date, due: due.due), due: due.due)
            case .weekly: return fire(ScheduleWeeklyData(date: due.date, due: due.due), due: due.due)
            case .monthly: return fire(ScheduleMonthlyData(date: due.date, due: due.due), due: due.due)
            }
        }
    }

    /// Appends the next `schedule.item` with its cascade.
    package func fireNextItem() -> Cascade? { state.timers.firstItem.map(fire) }

    private func fire(_ row: ScheduleItemRow) -> Cascade {
        fire(
            ScheduleItemData(agent: row.agent, date: row.date, key: row.key, rule: row.rule, schedule: row.schedule),
            subject: row.key, cause: row.cause, due: clock)
    }

    private func fire<D: EventData>(
        _ data: D, subject: String? = nil, cause: EntrySequence? = nil, due: Instant
    ) -> Cascade {
        let time = max(clock, due)
        state.adoptDue(by: time)
        return play(data, subject: subject, authority: "clock", source: "/clock", cause: cause, at: time)
    }

    /// Appends a trigger of the clock or of the ledger itself with its cascade.
    @discardableResult
    func play<D: EventData>(
        _ data: D, subject: String?, authority: String, source: String, cause: EntrySequence? = nil, at time: Instant
    ) -> Cascade {
        let start = mark()
        let head = CascadeHead(recordedTime: time, correlation: .trigger(next), traceParent: nil, subject: subject)
        writer.append(
            trigger: data, subject: subject, authority: authority, source: source, cause: cause, time: time)
        return cascades.run(from: start, head: head)
    }
}

extension EngineRow {
    /// Time at which a schedule fired last.
    func last(_ schedule: Schedule) -> Instant? {
        switch schedule {
        case .daily: lastDaily
        case .weekly: lastWeekly
        case .monthly: lastMonthly
        }
    }
}
