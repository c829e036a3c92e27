import AgentKit

/// A duration as JSON carries it: whole or decimal seconds with an `s`, `21600s`.
package enum SecondsText {
    private static let nanosecondsPerSecond: Int64 = 1_000_000_000

    /// Nil for anything but an optional minus, digits, at most nine decimals and `s`.
    package static func nanoseconds(_ text: String) -> Int64? {
        var rest = Array(text.utf8)[...]
        guard rest.popLast() == 0x73 else { return nil }
        var isNegative = false
        if rest.first == 0x2D {
            isNegative = true
            rest = rest.dropFirst()
        }
        let parts = rest.split(separator: 0x2E, maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = parts.first.flatMap(number) else { return nil }
        var (nanos, overflow) = whole.multipliedReportingOverflow(by: nanosecondsPerSecond)
        if overflow { return nil }
        if parts.count == 2 {
            guard parts[1].count <= 9, var fraction = number(parts[1]) else { return nil }
            for _ in parts[1].count..<9 { fraction *= 10 }
            (nanos, overflow) = nanos.addingReportingOverflow(fraction)
            if overflow { return nil }
        }
        return isNegative ? -nanos : nanos
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int64? {
        guard !digits.isEmpty, digits.count <= 18 else { return nil }
        var value: Int64 = 0
        for digit in digits {
            guard digit >= 0x30, digit <= 0x39 else { return nil }
            value = value * 10 + Int64(digit - 0x30)
        }
        return value
    }

    /// Without trailing zeros in the decimals.
    static func text(nanoseconds nanos: Int64) -> String {
        let magnitude = nanos.magnitude
        let fraction = magnitude % UInt64(nanosecondsPerSecond)
        var text = (nanos < 0 ? "-" : "") + String(magnitude / UInt64(nanosecondsPerSecond))
        if fraction != 0 {
            var digits = fraction.zeroPadded(to: 9)
            while digits.utf8.last == 0x30 { digits.removeLast() }
            text += "." + digits
        }
        return text + "s"
    }
}
