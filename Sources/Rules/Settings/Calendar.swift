package import AgentKit

/// The zone in which days, weeks and months begin, with its offsets written down: a rule set decides alike on every
/// machine, whatever time zone data that has.
package struct Calendar: Sendable, Hashable {
    /// An offset from UTC and the moment from which it is in force.
    package struct Transition: Sendable, Hashable {
        package let from: Instant
        package let offsetSeconds: Int64

        package init(from: Instant, offsetSeconds: Int64) {
            self.from = from
            self.offsetSeconds = offsetSeconds
        }
    }

    /// The IANA name, for display.
    package let zone: String
    /// 0 for Sunday to 6 for Saturday.
    package let weekStart: Int
    /// In order; the first is in force before its own moment too.
    package let transitions: [Transition]

    package init(zone: String, weekStart: Int, transitions: [Transition]) {
        self.zone = zone
        self.weekStart = weekStart
        self.transitions = transitions
    }

    /// The calendar of a rule set without `calendar.yaml`: Pakistan's time as it is since November 2009.
    package static let standard = Calendar(
        zone: "Asia/Karachi", weekStart: 0,
        transitions: [Transition(from: Instant(milliseconds: 0), offsetSeconds: 18_000)])

    /// The offset from UTC in force at a moment.
    package func offsetSeconds(at instant: Instant) -> Int64 {
        let current = transitions.last { $0.from <= instant } ?? transitions.first
        return current?.offsetSeconds ?? 0
    }

    /// RFC 3339 in the zone, to the second: `2024-02-16T21:00:00+05:00`.
    package func text(_ instant: Instant) -> String {
        let offset = offsetSeconds(at: instant)
        let local = Instant(milliseconds: instant.milliseconds &+ offset * 1000)
        let minutes = offset.magnitude / 60
        return String(local.text.prefix(19)) + (offset < 0 ? "-" : "+")
            + (minutes / 60).zeroPadded(to: 2) + ":" + (minutes % 60).zeroPadded(to: 2)
    }

    /// The same time of day so many months later in the zone, on the month's last day where it has no such day; nil
    /// outside the years 1 to 9999.
    package func later(_ from: Instant, months: Int64) -> Instant? {
        guard months.magnitude <= Self.monthsMax else { return nil }
        let local = from.milliseconds &+ offsetSeconds(at: from) * 1000
        let day = local.floorDivided(by: Self.millisecondsPerDay)
        let later = CalendarDate(daysSinceEpoch: day).later(months: months)
        let timeOfDay = local - day * Self.millisecondsPerDay
        let instant = instant(local: later.daysSinceEpoch * Self.millisecondsPerDay + timeOfDay)
        return (Instant.earliest...Instant.latest).contains(instant) ? instant : nil
    }

    /// The first firing of a schedule later than a moment; after the last day of year 9999 it is later than any event.
    package func next(_ schedule: Schedule, after instant: Instant) -> ScheduleDue {
        var day = localDay(instant)
        while true {
            let date = CalendarDate(daysSinceEpoch: day)
            guard date.year <= 9999 else {
                return ScheduleDue(
                    schedule: schedule, due: Instant(milliseconds: Instant.latest.milliseconds + 1), date: "")
            }
            if isDay(date, of: schedule) {
                if let due = start(ofDay: day), due > instant {
                    return ScheduleDue(schedule: schedule, due: due, date: date.text)
                }
            }
            day += 1
        }
    }

    /// The first firing of any schedule later than a moment; of those of one moment daily, weekly, monthly.
    package func next(after instant: Instant) -> [ScheduleDue] {
        let all = Schedule.allCases.map { next($0, after: instant) }
        guard let first = all.map(\.due).min() else { return [] }
        return all.filter { $0.due == first }
    }

    private func isDay(_ date: CalendarDate, of schedule: Schedule) -> Bool {
        switch schedule {
        case .daily: true
        case .weekly: date.weekday == weekStart
        case .monthly: date.day == 1
        }
    }

    private func localDay(_ instant: Instant) -> Int64 {
        (instant.milliseconds &+ offsetSeconds(at: instant) * 1000).floorDivided(by: Self.millisecondsPerDay)
    }

    /// The first moment of a local day: of two midnights the earlier, of none the moment at which the clocks jump; nil
    /// for a day that the zone left out.
    private func start(ofDay day: Int64) -> Instant? {
        let start = instant(local: day * Self.millisecondsPerDay)
        return localDay(start) == day ? start : nil
    }

    /// The moment at which clocks of the zone show a time, given as if it were UTC: the earlier of two; of none, the
    /// one as long after the clocks jumped as the time is after what they showed before.
    private func instant(local milliseconds: Int64) -> Instant {
        var best: Instant?
        for offset in Set(transitions.map(\.offsetSeconds)) {
            let candidate = Instant(milliseconds: milliseconds - offset * 1000)
            if offsetSeconds(at: candidate) == offset, candidate < best ?? .latest { best = candidate }
        }
        if let best { return best }
        let before = zip(transitions, transitions.dropFirst()).first { _, next in
            next.from.milliseconds + next.offsetSeconds * 1000 > milliseconds
        }
        return Instant(milliseconds: milliseconds - (before?.0.offsetSeconds ?? 0) * 1000)
    }

    private static let millisecondsPerDay: Int64 = 86_400_000
    /// The months in the years 1 to 9999, rounded up.
    private static let monthsMax: UInt64 = 120_000
}

/// A recurring trigger of the clock; the raw value is its event type. At the same moment they fire in this order.
package enum Schedule: String, Sendable, CaseIterable {
    /// 00:00 of each day.
    case daily = "schedule.daily"
    /// 00:00 of the first day of each week.
    case weekly = "schedule.weekly"
    /// 00:00 of the first day of each month.
    case monthly = "schedule.monthly"
}

/// One firing of a schedule.
package struct ScheduleDue: Sendable, Hashable {
    package let schedule: Schedule
    package let due: Instant
    /// The day that begins, `2024-02-16`, in the calendar's zone.
    package let date: String

    package init(schedule: Schedule, due: Instant, date: String) {
        self.schedule = schedule
        self.due = due
        self.date = date
    }
}

/// Reads `calendar.yaml`: the zone, its offsets and the first day of the week.
enum CalendarFile {
    static let name = "calendar.yaml"

    /// Returns nil after noting the errors in `file`.
    static func read(_ root: YamlNode, in file: SourceFile) -> Calendar? {
        guard let reader = MappingReader(root, in: file, .calendar) else { return nil }
        let zone = reader.text("zone") ?? ""
        let days = KeyTable.days
        var weekStart = 0
        if let day = reader.text("weekStart") {
            if let index = days.firstIndex(of: day) {
                weekStart = index
            } else {
                file.error(reader.keyPlace("weekStart"), "unknown day `\(day)`\(Spelling.hint(day, among: days))")
            }
        }
        var transitions: [Calendar.Transition] = []
        if let before = reader["before"], let offset = offset(before, in: file) {
            transitions.append(Calendar.Transition(from: .earliest, offsetSeconds: offset))
        }
        for node in reader.list("transitions") {
            guard let transition = transition(node, in: file) else { continue }
            if let last = transitions.last, transition.from <= last.from {
                file.error(node.place, "the transitions must stand in the order of time")
            }
            transitions.append(transition)
        }
        guard !transitions.isEmpty else { return nil }
        return Calendar(zone: zone, weekStart: weekStart, transitions: transitions)
    }

    private static func transition(_ node: YamlNode, in file: SourceFile) -> Calendar.Transition? {
        guard
            let reader = MappingReader(node, in: file, .transition), let from = reader["from"],
            let offsetNode = reader["offset"], let offset = offset(offsetNode, in: file)
        else { return nil }
        guard let instant = from.text.flatMap({ Instant(rfc3339: $0) }) else {
            file.error(from.place, "\(from.described) is not an RFC 3339 timestamp")
            return nil
        }
        return Calendar.Transition(from: instant, offsetSeconds: offset)
    }

    /// `+05:00` or `+04:28:12` in seconds.
    private static func offset(_ node: YamlNode, in file: SourceFile) -> Int64? {
        let text = Array((node.text ?? "").utf8)
        let parts = text.dropFirst().split(separator: 0x3A, omittingEmptySubsequences: false)
        let numbers = parts.compactMap { part -> Int64? in
            guard part.count == 2, part.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else { return nil }
            return Int64(part[part.startIndex] - 0x30) * 10 + Int64(part[part.startIndex + 1] - 0x30)
        }
        guard text.first == 0x2B || text.first == 0x2D, numbers.count == parts.count, (2...3).contains(parts.count),
            numbers[0] <= 18, numbers.dropFirst().allSatisfy({ $0 < 60 })
        else {
            file.error(node.place, "\(node.described) is not an offset like `+05:00`")
            return nil
        }
        let seconds = numbers[0] * 3600 + numbers[1] * 60 + (numbers.count == 3 ? numbers[2] : 0)
        return text.first == 0x2D ? -seconds : seconds
    }
}
