import CEL

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

    /// Writes the 24 bytes of `text` into `buffer`; a moment outside the years 1 to 9999 as the nearest in them.
    package func write(into buffer: UnsafeMutableRawBufferPointer) {
        let milliseconds = Swift.min(Instant.latest, Swift.max(.earliest, self)).milliseconds
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
