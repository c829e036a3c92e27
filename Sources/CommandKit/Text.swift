import Glibc

/// Numbers formatted for people.
package enum Text {
    /// `1,234,567`
    package static func grouped(_ number: UInt64) -> String {
        var result = ""
        let digits = String(number)
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index).isMultiple(of: 3) { result.append(",") }
            result.append(digit)
        }
        return result
    }

    /// A decimal with a fixed number of places.
    package static func decimal(_ value: Double, places: Int) -> String {
        guard value.isFinite, value.magnitude < 1e15 else { return "–" }
        var scale = 1.0
        for _ in 0..<places { scale *= 10 }
        let scaled = UInt64((value.magnitude * scale).rounded())
        let whole = scaled / UInt64(scale), fraction = String(scaled % UInt64(scale))
        let text =
            places == 0
            ? String(whole) : "\(whole)." + String(repeating: "0", count: places - fraction.count) + fraction
        return value < 0 && scaled > 0 ? "-" + text : text
    }
}

/// Time elapsed since it was made, by the monotonic clock.
package struct Stopwatch {
    private let start = Self.nanoseconds

    package init() {}

    /// The monotonic clock, in nanoseconds.
    package static var nanoseconds: UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    package var seconds: Double { Double(Self.nanoseconds - start) / 1e9 }
}
