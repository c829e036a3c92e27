/// A length of time as signed nanoseconds, about ±292 years.
package struct Duration: Hashable, Sendable {
    package let nanos: Int64

    package init(nanos: Int64) { self.nanos = nanos }

    /// Nil where `seconds` does not fit in 64-bit nanoseconds.
    package init?(seconds: Int64) {
        let (nanos, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        if overflow { return nil }
        self.nanos = nanos
    }

    /// Whole milliseconds, towards zero.
    package var milliseconds: Int64 { nanos / 1_000_000 }
}

extension Duration: Comparable {
    package static func < (a: Duration, b: Duration) -> Bool { a.nanos < b.nanos }
}
