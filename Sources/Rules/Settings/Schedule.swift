package import AgentKit

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
