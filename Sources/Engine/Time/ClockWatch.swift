package import AgentKit
import Glibc

/// Holds the system's clock against the time since boot: what it is ahead of that changes only when somebody sets it. A
/// clock that is set far from where it was when the watch began, or when it was last accepted, is not believed.
package struct ClockWatch {
    /// Five minutes, in milliseconds.
    package static let jumpMaxDefault: Int64 = 300_000
    /// Two readings that are further apart than this were not taken at one moment.
    private static let readingMilliseconds: Int64 = 1000

    private let clock: SystemClock
    private let jumpMax: Int64?
    private var offset: Int64
    /// Milliseconds by which the clock is ahead of where it should be, or behind; nil while it is believed.
    private(set) var jump: Int64?

    /// - Parameter jumpMax: milliseconds by which the clock may be set; nil believes every clock.
    init(_ clock: SystemClock, jumpMax: Int64?) {
        self.clock = clock
        self.jumpMax = jumpMax
        offset = clock.offset
    }

    /// Reads the clock; nil where it jumped. `jump` says by how much.
    mutating func look() -> Instant? {
        guard let jumpMax else { return clock.now() }
        while true {
            let before = clock.sinceBoot()
            let now = clock.now()
            // A machine that slept between the readings shows a jump that is none.
            guard clock.sinceBoot() - before <= Self.readingMilliseconds else { continue }
            let change = now.milliseconds - before - offset
            jump = change.magnitude > jumpMax.magnitude ? change : nil
            return jump == nil ? now : nil
        }
    }

    /// Believes the clock as it is now.
    /// - Returns: its time, and by how many milliseconds it had been set.
    mutating func accept() -> (now: Instant, jump: Int64) {
        let change = clock.offset - offset
        offset += change
        jump = nil
        return (clock.now(), change)
    }

    /// The problem that waiting clients are told; nil while the clock is believed.
    var problem: Problem? {
        jump.map { jump in
            Problem(
                .unavailable,
                "the system's clock was set \(Self.words(jump)); nothing is recorded until it is right again, or "
                    + "`docket clock accept` says that it is right now",
                retryAfter: 30)
        }
    }

    /// `366 d ahead`, `7 min back`: the two readings that a jump is found by are some milliseconds apart, so each length is
    /// the nearest.
    package static func words(_ jump: Int64) -> String {
        let seconds = (jump.magnitude + 500) / 1000
        func nearest(_ unit: UInt64) -> UInt64 { (seconds + unit / 2) / unit }
        let length =
            switch seconds {
            case 172_800...: "\(nearest(86_400)) d"
            case 7200...: "\(nearest(3600)) h"
            case 120...: "\(nearest(60)) min"
            default: "\(seconds) s"
            }
        return length + (jump < 0 ? " back" : " ahead")
    }
}

/// A system's clock that was accepted as it is.
package struct ClockAcceptance: Sendable {
    /// Time that it showed.
    package let now: Instant
    /// Milliseconds by which it had been set since the service started or last accepted it.
    package let jump: Int64

    /// The same to the nearest second.
    package var jumpSeconds: Int64 { (jump + (jump < 0 ? -500 : 500)) / 1000 }
}

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

    /// Milliseconds by which the clock is ahead of the time since boot.
    var offset: Int64 { now().milliseconds - sinceBoot() }
}

/// The machine's clock, read in one place.
enum SystemTime {
    static var now: Instant {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return Instant(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }

    /// Milliseconds since the machine started, its sleep included.
    static var bootMilliseconds: Int64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_BOOTTIME, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }

    /// Milliseconds that only ever go forward.
    static var monotonicMilliseconds: Int64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }
}
