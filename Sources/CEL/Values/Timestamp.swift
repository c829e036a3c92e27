/// An instant between 0001-01-01T00:00:00Z and 9999-12-31T23:59:59.999999999Z.
package struct Timestamp: Hashable, Sendable {
    /// Seconds since 1970-01-01T00:00:00Z, floored.
    package let seconds: Int64
    /// Nanoseconds after `seconds`: 0 ..< 1,000,000,000.
    package let nanos: Int32

    /// The first second of year 1.
    package static let secondsMin: Int64 = -62_135_596_800
    /// The last second of year 9999.
    package static let secondsMax: Int64 = 253_402_300_799

    /// Nil outside the years 1 to 9999 or if `nanos` is not a fraction of a second.
    package init?(seconds: Int64, nanos: Int32 = 0) {
        guard seconds >= Self.secondsMin, seconds <= Self.secondsMax, nanos >= 0, nanos < 1_000_000_000 else {
            return nil
        }
        self.seconds = seconds
        self.nanos = nanos
    }

    /// The moment, or the first or last second of the years 1 to 9999 where it lies outside them.
    package init(nearestMilliseconds milliseconds: Int64) {
        let rest = (milliseconds % 1000 + 1000) % 1000
        let second = milliseconds / 1000 - (milliseconds % 1000 < 0 ? 1 : 0)
        seconds = min(Self.secondsMax, max(Self.secondsMin, second))
        nanos = Int32(rest * 1_000_000)
    }

    /// Nil outside the years 1 to 9999.
    package init?(milliseconds: Int64) {
        var seconds = milliseconds / 1000
        var rest = milliseconds % 1000
        if rest < 0 { rest += 1000; seconds -= 1 }
        self.init(seconds: seconds, nanos: Int32(rest * 1_000_000))
    }

    /// Milliseconds since 1970, floored.
    package var milliseconds: Int64 { seconds * 1000 + Int64(nanos / 1_000_000) }
}

extension Timestamp: Comparable {
    package static func < (a: Timestamp, b: Timestamp) -> Bool {
        a.seconds != b.seconds ? a.seconds < b.seconds : a.nanos < b.nanos
    }
}

/// A length of time in signed nanoseconds, up to about ±292 years.
package struct Duration: Hashable, Sendable {
    package let nanos: Int64

    package init(nanos: Int64) { self.nanos = nanos }

    /// Whole seconds; nil if they do not fit in 64-bit nanoseconds.
    package init?(seconds: Int64) {
        let (nanos, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        if overflow { return nil }
        self.nanos = nanos
    }

    /// Whole milliseconds, rounded towards zero.
    package var milliseconds: Int64 { nanos / 1_000_000 }
}

extension Duration: Comparable {
    package static func < (a: Duration, b: Duration) -> Bool { a.nanos < b.nanos }
}
