/// A moment of ledger time: milliseconds since 1970-01-01T00:00:00Z.
@usableFromInline package struct Instant: Hashable, Comparable, Sendable {
    @usableFromInline package let milliseconds: Int64

    @inlinable package init(milliseconds: Int64) { self.milliseconds = milliseconds }

    @inlinable package static func < (a: Instant, b: Instant) -> Bool { a.milliseconds < b.milliseconds }

    /// The moment `seconds` later, or the first or last moment of the years 1 to 9999 where it would lie outside them.
    @inlinable package func adding(seconds: Int64) -> Instant {
        let (length, isTooLong) = seconds.multipliedReportingOverflow(by: 1000)
        let (sum, isTooFar) = milliseconds.addingReportingOverflow(length)
        guard !isTooLong, !isTooFar else { return seconds < 0 ? .earliest : .latest }
        return Swift.max(.earliest, Swift.min(.latest, Instant(milliseconds: sum)))
    }

    /// RFC 3339 in UTC with three decimals, as `recordedtime` is written: `2024-02-15T14:30:00.000Z`.
    package var text: String {
        unsafe String(unsafeUninitializedCapacity: 24) { buffer in
            unsafe write(into: UnsafeMutableRawBufferPointer(buffer))
            return 24
        }
    }

    /// Writes the 24 bytes of `text` into `buffer`.
    package func write(into buffer: UnsafeMutableRawBufferPointer) {
        let days = milliseconds.floorDivided(by: 86_400_000)
        let rest = milliseconds - days * 86_400_000
        let date = CalendarDate(daysSinceEpoch: days)
        func put(_ value: Int64, _ width: Int, at offset: Int) {
            var value = value
            for i in stride(from: offset + width - 1, through: offset, by: -1) {
                unsafe buffer[i] = UInt8(0x30 + value % 10)
                value /= 10
            }
        }
        put(date.year, 4, at: 0)
        put(Int64(date.month), 2, at: 5)
        put(Int64(date.day), 2, at: 8)
        put(rest / 3_600_000, 2, at: 11)
        put(rest / 60_000 % 60, 2, at: 14)
        put(rest / 1000 % 60, 2, at: 17)
        put(rest % 1000, 3, at: 20)
        unsafe buffer[4] = 0x2D
        unsafe buffer[7] = 0x2D
        unsafe buffer[10] = 0x54
        unsafe buffer[13] = 0x3A
        unsafe buffer[16] = 0x3A
        unsafe buffer[19] = 0x2E
        unsafe buffer[23] = 0x5A
    }

    /// Reads RFC 3339 with a mandatory offset, upper-case `T` and `Z`, years 0001 to 9999; digits below the millisecond
    /// are cut off. Nil for anything else.
    package init?(rfc3339 text: String) {
        let read = unsafe KeyIndex.withBytes(of: text) { unsafe Instant(rfc3339: $0) }
        guard let read else { return nil }
        self = read
    }

    /// Reads the same form, given as UTF-8.
    package init?(rfc3339 text: UnsafeRawBufferPointer) {
        var scanner = unsafe DigitScanner(text)
        guard let year = scanner.number(4), year >= 1, scanner.skip("-"), let month = scanner.number(2),
            scanner.skip("-"), let day = scanner.number(2), scanner.skip("T"), let hour = scanner.number(2),
            scanner.skip(":"), let minute = scanner.number(2), scanner.skip(":"), let second = scanner.number(2),
            (1...12).contains(month), hour < 24, minute < 60, second < 60, day >= 1,
            day <= CalendarDate.daysIn(month: Int(month), year: year)
        else { return nil }
        var fraction: Int64 = 0
        if scanner.skip(".") {
            guard let value = scanner.fraction() else { return nil }
            fraction = value
        }
        var offset: Int64 = 0
        if !scanner.skip("Z") {
            let sign: Int64
            if scanner.skip("+") { sign = 1 } else if scanner.skip("-") { sign = -1 } else { return nil }
            guard let hours = scanner.number(2), hours < 24, scanner.skip(":"), let minutes = scanner.number(2),
                minutes < 60
            else { return nil }
            offset = sign * (hours * 60 + minutes)
        }
        guard scanner.isAtEnd else { return nil }
        let days = CalendarDate(year: year, month: Int(month), day: Int(day)).daysSinceEpoch
        let seconds = days * 86_400 + hour * 3600 + (minute - offset) * 60 + second
        guard seconds >= Instant.earliest.milliseconds / 1000, seconds <= Instant.latest.milliseconds / 1000 else {
            return nil
        }
        milliseconds = seconds * 1000 + fraction
    }

    /// 0001-01-01T00:00:00.000Z.
    @inlinable package static var earliest: Instant { Instant(milliseconds: -62_135_596_800_000) }
    /// 9999-12-31T23:59:59.999Z.
    @inlinable package static var latest: Instant { Instant(milliseconds: 253_402_300_799_999) }
}

extension Int64 {
    /// The quotient rounded towards negative infinity.
    @inlinable package func floorDivided(by divisor: Int64) -> Int64 {
        let quotient = self / divisor
        return self % divisor < 0 ? quotient - 1 : quotient
    }
}

/// Reads fixed-width decimal fields of a timestamp.
@safe struct DigitScanner {
    private let bytes: UnsafeRawBufferPointer
    private var position = 0

    init(_ bytes: UnsafeRawBufferPointer) { unsafe self.bytes = bytes }

    var isAtEnd: Bool { unsafe position == bytes.count }

    private var digit: Int64? {
        guard !isAtEnd else { return nil }
        let byte = unsafe bytes[position]
        return byte >= 0x30 && byte <= 0x39 ? Int64(byte - 0x30) : nil
    }

    mutating func number(_ width: Int) -> Int64? {
        var value: Int64 = 0
        for _ in 0..<width {
            guard let digit else { return nil }
            value = value * 10 + digit
            position += 1
        }
        return value
    }

    mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard !isAtEnd, unsafe UInt32(bytes[position]) == character.value else { return false }
        position += 1
        return true
    }

    /// One to nine digits after the point, as milliseconds.
    mutating func fraction() -> Int64? {
        var value: Int64 = 0
        var digits = 0
        while let digit {
            if digits < 3 { value = value * 10 + digit }
            digits += 1
            position += 1
        }
        guard digits >= 1, digits <= 9 else { return nil }
        for _ in digits..<max(3, digits) where digits < 3 { value *= 10 }
        return value
    }
}

/// A day of the proleptic Gregorian calendar.
package struct CalendarDate: Hashable, Sendable {
    package let year: Int64
    package let month: Int
    package let day: Int

    package init(year: Int64, month: Int, day: Int) {
        self.year = year
        self.month = month
        self.day = day
    }

    /// The day that many days after 1970-01-01 (Hinnant's civil-from-days).
    package init(daysSinceEpoch days: Int64) {
        let shifted = days + 719_468
        let era = shifted.floorDivided(by: 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        day = Int(dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
        month = Int(shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9)
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    /// Days since 1970-01-01 (Hinnant's days-from-civil).
    package var daysSinceEpoch: Int64 {
        let y = month <= 2 ? year - 1 : year
        let era = y.floorDivided(by: 400)
        let yearOfEra = y - era * 400
        let shiftedMonth = Int64(month > 2 ? month - 3 : month + 9)
        let dayOfYear = (153 * shiftedMonth + 2) / 5 + Int64(day) - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    /// 0 for Sunday to 6 for Saturday.
    package var weekday: Int { Int((daysSinceEpoch + 4) - (daysSinceEpoch + 4).floorDivided(by: 7) * 7) }

    /// `2024-02-16`.
    package var text: String {
        func padded(_ value: Int64, _ width: Int) -> String {
            let digits = String(value)
            return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
        }
        return padded(year, 4) + "-" + padded(Int64(month), 2) + "-" + padded(Int64(day), 2)
    }

    /// The same day so many months later, the month's last where it has no such day; the magnitude is at most 120,000.
    package func later(months: Int64) -> CalendarDate {
        let count = year * 12 + Int64(month - 1) + months
        let laterYear = count.floorDivided(by: 12)
        let laterMonth = Int(count - laterYear * 12) + 1
        let last = Int(Self.daysIn(month: laterMonth, year: laterYear))
        return CalendarDate(year: laterYear, month: laterMonth, day: min(day, last))
    }

    /// The number of days of a month.
    package static func daysIn(month: Int, year: Int64) -> Int64 {
        switch month {
        case 4, 6, 9, 11: 30
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        default: 31
        }
    }
}
