import Glibc

/// Time since it was made, by a clock that only goes forward.
package struct Stopwatch {
    private let start = Self.nanoseconds

    package init() {}

    /// Nanoseconds of the machine's monotonic clock.
    package static var nanoseconds: UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    package var seconds: Double { Double(Self.nanoseconds - start) / 1e9 }
}
