package import AgentKit

/// A timer to schedule; it replaces one of the same name and key.
package struct TimerRequest: Sendable, Hashable {
    package let timer: TimerName
    package let due: Instant

    package init(timer: TimerName, due: Instant) {
        self.timer = timer
        self.due = due
    }
}
