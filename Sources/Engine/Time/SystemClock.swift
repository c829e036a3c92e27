package import AgentKit

/// The machine's clocks: the one that people and programs set, and the one that nobody does.
package struct SystemClock: Sendable {
    /// CLOCK_REALTIME.
    package let now: @Sendable () -> Instant
    /// CLOCK_BOOTTIME, in milliseconds: it also runs while the machine is suspended.
    package let sinceBoot: @Sendable () -> Int64

    /// The clocks of the machine that this runs on.
    package static let machine = SystemClock(
        now: { SystemTime.now }, sinceBoot: { SystemTime.bootMilliseconds })

    package init(now: @escaping @Sendable () -> Instant, sinceBoot: @escaping @Sendable () -> Int64) {
        self.now = now
        self.sinceBoot = sinceBoot
    }

    /// How far the clock that is set is ahead of the time since boot, in milliseconds.
    var offset: Int64 { now().milliseconds - sinceBoot() }
}
