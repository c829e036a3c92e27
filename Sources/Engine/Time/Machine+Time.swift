package import AgentKit
import JSON
import Rules

extension Machine {
    // MARK: Timers that rules set

    func isScheduled(_ timer: TimerName, agent: String) -> Bool {
        state.timers.contains(TimerRow.key(agent: agent, name: timer.name, key: timer.key))
    }

    func schedule(
        _ request: TimerRequest, by decider: Decider, step: CascadeStep, head: CascadeHead, first: EntrySequence
    ) throws(CascadeLimit) {
        try append(
            TimerScheduledData(due: request.due, key: request.timer.key, name: request.timer.name),
            subject: request.timer.key, by: decider, step: step, head: head, first: first)
    }

    func cancel(
        _ timer: TimerName, by decider: Decider, step: CascadeStep, head: CascadeHead, first: EntrySequence
    ) throws(CascadeLimit) {
        try append(
            TimerCancelledData(key: timer.key, name: timer.name), subject: timer.key, by: decider, step: step,
            head: head, first: first)
    }

    // MARK: Triggers of the clock

    /// Time at which something is due next; nil where nothing is set.
    package var nextDue: Instant? {
        let timer = state.upcoming.next(in: state.due)?.due
        let schedule = nextSchedule()?.due
        switch (timer, schedule) {
        case (.some(let timer), .some(let schedule)): return min(timer, schedule)
        default: return timer ?? schedule
        }
    }

    /// Indicates that rows of a schedule still wait for their item.
    package var hasScheduleItems: Bool { firstItem() != nil }

    /// Fires the next timer or schedule due by `time` as a cascade of its own, at most one; waiting rows of a schedule
    /// go first on the events' clock, and before the next schedule on any.
    /// - Returns: nil where nothing is due.
    package func fireNext(by time: Instant) -> Cascade? {
        guard ruleSet != nil, !isEmpty else { return nil }
        let isItemFirst = settings.clock == .events && hasScheduleItems
        if !isItemFirst, !state.upcoming.mayBeDue(by: time), nextSchedule().map({ $0.due > time }) ?? true {
            return nil
        }
        let timer = state.upcoming.next(in: state.due).flatMap { $0.due <= time ? $0 : nil }
        let schedule = nextSchedule().flatMap { $0.due <= time ? $0 : nil }
        let isScheduleFirst = schedule.map { schedule in timer.map { schedule.due <= $0.due } ?? true } ?? false
        if settings.clock == .events || isScheduleFirst, let item = fireNextItem() { return item }
        if isScheduleFirst, let schedule { return fire(schedule) }
        return timer.map(fire)
    }

    /// Appends the next `schedule.item` with its cascade.
    package func fireNextItem() -> Cascade? {
        guard let key = firstItem(), let row = state.scheduleItems[key] else { return nil }
        return fireClock(
            ScheduleItemData(agent: row.agent, date: row.date, key: row.key, rule: row.rule, schedule: row.schedule),
            subject: row.key, cause: row.cause, due: clock)
    }

    /// Indicates that the log has no entry yet.
    package var isEmpty: Bool { next.value == 0 }

    /// The schedule that fires next; worked out anew only after one fired or the rules changed.
    private func nextSchedule() -> ScheduleDue? {
        if let upcomingSchedule { return upcomingSchedule }
        guard let calendar = ruleSet?.calendar, let row = state.engine[EngineState.only] else { return nil }
        let all = Schedule.allCases.map { calendar.next($0, after: row.last($0) ?? row.genesis) }
        upcomingSchedule = all.reduce(all[0]) { $1.due < $0.due ? $1 : $0 }
        return upcomingSchedule
    }

    private func fire(_ place: UpcomingTimers.Place) -> Cascade {
        guard let key = state.due[place.key]?.timer, let row = state.timers[key] else {
            preconditionFailure("a timer in the order of due times that is not set")
        }
        return fireClock(
            TimerFiredData(agent: row.agent, due: row.due, key: row.key, name: row.timer), subject: row.key,
            cause: row.scheduled, due: row.due)
    }

    private func fire(_ due: ScheduleDue) -> Cascade {
        switch due.schedule {
        case .daily:
            fireClock(ScheduleDailyData(date: due.date, due: due.due), subject: nil, cause: nil, due: due.due)
        case .weekly:
            fireClock(ScheduleWeeklyData(date: due.date, due: due.due), subject: nil, cause: nil, due: due.due)
        case .monthly:
            fireClock(ScheduleMonthlyData(date: due.date, due: due.due), subject: nil, cause: nil, due: due.due)
        }
    }

    private func fireClock<D: EventData>(
        _ data: D, subject: String?, cause: EntrySequence?, due: Instant
    ) -> Cascade {
        let time = max(clock, due)
        adoptDue(by: time)
        guard let type = ruleSet?.eventType(named: D.type) else { preconditionFailure("no type `\(D.type)`") }
        let start = mark()
        let sequence = next
        unsafe data.bytes.withUnsafeBytes { data in
            unsafe encoder.trigger(
                type: D.type, subject: subject, data: data, authority: "clock", source: "/clock", cause: cause,
                at: sequence, time: time, after: chain)
        }
        appendEncoded(type: type, depth: 0, time: time)
        if let subject { state.subjects[subject] = SubjectRow(last: sequence) }
        let head = CascadeHead(
            recordedTime: time, correlation: .trigger(sequence), traceParent: nil, subject: subject)
        return runCascade(from: start, head: head)
    }

    // MARK: Rows of a schedule

    /// Notes the rows that rules over projections are to see, as they are at the schedule's entry.
    func enqueueItems(of event: Event, _ schedule: Schedule) {
        // All three schedules say the date alike.
        let date = ScheduleDaily(event.data).date
        upcomingSchedule = nil
        guard let ruleSet, let type = ruleSet.eventType(named: schedule.rawValue) else { return }
        for (index, rule) in ruleSet.scheduleRules(on: type).enumerated() {
            guard let projection = rule.over.flatMap(projection) else { continue }
            projection.forEachKey { key in
                let place = EngineState.itemKey(cause: event.sequence, rule: index, row: key)
                state.scheduleItems[place] = ScheduleItemRow(
                    schedule: schedule.rawValue, agent: rule.agent, rule: rule.qualifiedName, key: key,
                    date: date, cause: event.sequence)
                return true
            }
        }
        state.waitingItems.reset()
    }

    func firstItem() -> String? { state.waitingItems.next(in: state.scheduleItems) }
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
