package import AgentKit

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
