/// Timestamps as RFC 3339 and durations as `1h30m`, read and written as Go does.
enum TimeText {
    /// Parses a timestamp; nil if the text is not one of the years 1 to 9999.
    static func timestamp(_ text: Octets) -> Timestamp? {
        Reader(text).timestamp()
    }

    /// Parses a duration; nil if the text is not one or exceeds 64-bit nanoseconds.
    static func duration(_ text: Octets) -> Duration? {
        Reader(text).duration()
    }

    static func string(_ time: Timestamp) -> String {
        let civil = CivilTime(seconds: time.seconds)
        var text: [UInt8] = []
        append(civil.year, 4, to: &text)
        text.append(UInt8(ascii: "-"))
        append(civil.date.month, 2, to: &text)
        text.append(UInt8(ascii: "-"))
        append(civil.date.day, 2, to: &text)
        text.append(UInt8(ascii: "T"))
        append(civil.hour, 2, to: &text)
        text.append(UInt8(ascii: ":"))
        append(civil.minute, 2, to: &text)
        text.append(UInt8(ascii: ":"))
        append(civil.second, 2, to: &text)
        appendFraction(UInt64(time.nanos), to: &text)
        text.append(UInt8(ascii: "Z"))
        return String(decoding: text, as: UTF8.self)
    }

    /// The duration in seconds, with a fraction if there is one: `5400s`, `1.5s`.
    static func string(_ length: Duration) -> String {
        let magnitude = length.nanos.magnitude
        var text = Array((length.nanos < 0 ? "-" : "").utf8)
        text += Array(String(magnitude / 1_000_000_000).utf8)
        appendFraction(magnitude % 1_000_000_000, to: &text)
        text.append(UInt8(ascii: "s"))
        return String(decoding: text, as: UTF8.self)
    }

    private static func append(_ number: Int, _ width: Int, to text: inout [UInt8]) {
        text += number.zeroPadded(to: width).utf8
    }

    private static func appendFraction(_ nanos: UInt64, to text: inout [UInt8]) {
        guard nanos > 0 else { return }
        text.append(UInt8(ascii: "."))
        append(Int(nanos), 9, to: &text)
        while text.last == UInt8(ascii: "0") { text.removeLast() }
    }
}

extension TimeText {
    private struct Reader {
        let text: Octets
        var position = 0

        init(_ text: Octets) { self.text = text }

        private var next: UInt8 { position < text.count ? text[position] : 0 }

        private mutating func take(_ byte: UInt8) -> Bool {
            guard next == byte else { return false }
            position += 1
            return true
        }

        private mutating func number(_ width: Int) -> Int? {
            guard position + width <= text.count else { return nil }
            var value = 0
            for _ in 0..<width {
                guard Lexer.isDigit(next) else { return nil }
                value = value * 10 + Int(next - UInt8(ascii: "0"))
                position += 1
            }
            return value
        }

        consuming func timestamp() -> Timestamp? {
            var copy = self
            return copy.readTimestamp()
        }

        private mutating func readTimestamp() -> Timestamp? {
            guard let year = number(4), take(UInt8(ascii: "-")), let month = number(2),
                take(UInt8(ascii: "-")), let day = number(2), take(UInt8(ascii: "T")),
                let hour = number(2), take(UInt8(ascii: ":")), let minute = number(2),
                take(UInt8(ascii: ":")), let second = number(2)
            else { return nil }
            guard month >= 1, month <= 12, day >= 1, day <= CalendarDate.daysIn(month: month, year: Int64(year)),
                hour < 24, minute < 60, second < 60, let nanos = fraction(), let offset = zone(),
                position == text.count
            else { return nil }
            let date = CalendarDate(year: Int64(year), month: month, day: day)
            let local = date.daysSinceEpoch * 86_400 + Int64(hour * 3600 + minute * 60 + second)
            return Timestamp(seconds: local - Int64(offset), nanos: nanos)
        }

        /// Nanoseconds of `.123`; digits after the ninth are dropped.
        private mutating func fraction() -> Int32? {
            guard take(UInt8(ascii: ".")) else { return 0 }
            guard Lexer.isDigit(next) else { return nil }
            var nanos: Int32 = 0
            var count = 0
            while Lexer.isDigit(next) {
                if count < 9 { nanos = nanos * 10 + Int32(next - UInt8(ascii: "0")) }
                count += 1
                position += 1
            }
            for _ in min(count, 9)..<9 { nanos *= 10 }
            return nanos
        }

        /// Seconds east of UTC.
        private mutating func zone() -> Int? {
            if take(UInt8(ascii: "Z")) { return 0 }
            let isWest = next == UInt8(ascii: "-")
            guard take(UInt8(ascii: "+")) || take(UInt8(ascii: "-")), let hours = number(2),
                take(UInt8(ascii: ":")), let minutes = number(2), hours < 24, minutes < 60
            else { return nil }
            let seconds = hours * 3600 + minutes * 60
            return isWest ? -seconds : seconds
        }

        consuming func duration() -> Duration? {
            var copy = self
            return copy.readDuration()
        }

        private mutating func readDuration() -> Duration? {
            let isNegative = next == UInt8(ascii: "-")
            if isNegative || next == UInt8(ascii: "+") { position += 1 }
            if position == text.count - 1, take(UInt8(ascii: "0")) { return Duration(nanos: 0) }
            guard position < text.count else { return nil }
            var total: UInt64 = 0
            while position < text.count {
                guard let part = durationPart() else { return nil }
                let (sum, overflow) = total.addingReportingOverflow(part)
                if overflow || sum > 1 << 63 { return nil }
                total = sum
            }
            if isNegative { return Duration(nanos: total == 1 << 63 ? .min : -Int64(total)) }
            return Int64(exactly: total).map { Duration(nanos: $0) }
        }

        /// One number with its unit, in nanoseconds.
        private mutating func durationPart() -> UInt64? {
            var whole: UInt64 = 0
            var digits = 0
            while Lexer.isDigit(next) {
                let (product, over) = whole.multipliedReportingOverflow(by: 10)
                let (sum, carry) = product.addingReportingOverflow(UInt64(next - UInt8(ascii: "0")))
                if over || carry { return nil }
                whole = sum
                digits += 1
                position += 1
            }
            var fraction: UInt64 = 0
            var scale: UInt64 = 1
            if take(UInt8(ascii: ".")) {
                while Lexer.isDigit(next) {
                    if scale < 1_000_000_000_000_000 {
                        fraction = fraction * 10 + UInt64(next - UInt8(ascii: "0"))
                        scale *= 10
                    }
                    digits += 1
                    position += 1
                }
            }
            guard digits > 0, let unit = unit() else { return nil }
            let (product, over) = whole.multipliedReportingOverflow(by: unit)
            let part = fraction.multipliedFullWidth(by: unit)
            let (sum, carry) = product.addingReportingOverflow(scale.dividingFullWidth(part).quotient)
            return over || carry ? nil : sum
        }

        /// The nanoseconds of the unit that follows.
        private mutating func unit() -> UInt64? {
            let first = next
            position += 1
            switch first {
            case UInt8(ascii: "h"): return 3_600_000_000_000
            case UInt8(ascii: "m"): return take(UInt8(ascii: "s")) ? 1_000_000 : 60_000_000_000
            case UInt8(ascii: "s"): return 1_000_000_000
            case UInt8(ascii: "u"): return take(UInt8(ascii: "s")) ? 1_000 : nil
            case UInt8(ascii: "n"): return take(UInt8(ascii: "s")) ? 1 : nil
            case 0xC2: return take(0xB5) && take(UInt8(ascii: "s")) ? 1_000 : nil
            case 0xCE: return take(0xBC) && take(UInt8(ascii: "s")) ? 1_000 : nil
            default: return nil
            }
        }
    }
}

extension Library {
    static let times: [Builtin] = [
        part("getFullYear") { $0.year },
        part("getMonth") { $0.date.month - 1 },
        part("getDayOfYear") { $0.dayOfYear },
        part("getDayOfMonth") { $0.date.day - 1 },
        part("getDate") { $0.date.day },
        part("getDayOfWeek") { $0.date.weekday },
        part("getHours", of: 3_600_000_000_000) { $0.hour },
        part("getMinutes", of: 60_000_000_000) { $0.minute },
        part("getSeconds", of: 1_000_000_000) { $0.second },
        Builtin(
            "getMilliseconds",
            [
                .member(.timestamp, to: .int), .member(.timestamp, .string, to: .int),
                .member(.duration, to: .int),
            ], unary: { value, _ in milliseconds(value) }, binary: { value, _, _ in milliseconds(value) }),
    ]

    private static func milliseconds(_ value: Value) -> Value {
        switch value {
        case .timestamp(let time): .int(Int64(time.nanos / 1_000_000))
        case .duration(let length): .int(length.nanos % 1_000_000_000 / 1_000_000)
        default: .noOverload
        }
    }

    /// An accessor of a field of a timestamp and, if `unit` (in nanoseconds) is given, of the whole units of a
    /// duration.
    private static func part(
        _ name: String, of unit: Int64? = nil, _ read: @escaping @Sendable (CivilTime) -> Int
    ) -> Builtin {
        var signatures: [Signature] = [.member(.timestamp, to: .int), .member(.timestamp, .string, to: .int)]
        if unit != nil { signatures.append(.member(.duration, to: .int)) }
        return Builtin(
            name, signatures,
            unary: { value, _ in
                switch value {
                case .timestamp(let time): return .int(Int64(read(CivilTime(seconds: time.seconds))))
                case .duration(let length):
                    guard let unit else { return .noOverload }
                    return .int(length.nanos / unit)
                default: return .noOverload
                }
            },
            binary: { value, zone, _ in
                guard case .timestamp(let time) = value, let name = zone.stringValue else { return .noOverload }
                guard let offset = TimeZones.offset(of: name, at: time.seconds) else {
                    return .failure(.invalidArgument, "unknown time zone \(zone.shortText)")
                }
                return .int(Int64(read(CivilTime(seconds: time.seconds + Int64(offset)))))
            })
    }
}
