/// A day of the proleptic Gregorian calendar.
package struct CalendarDate: Hashable, Sendable {
    package let year: Int64
    /// 1 to 12.
    package let month: Int
    /// 1 to 31.
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
        year.zeroPadded(to: 4) + "-" + month.zeroPadded(to: 2) + "-" + day.zeroPadded(to: 2)
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

/// A date and time of day of the Gregorian calendar.
struct CivilTime {
    let date: CalendarDate
    let hour: Int
    let minute: Int
    let second: Int
    /// Days since 1970-01-01.
    private let dayNumber: Int64

    /// The date and time of an instant in seconds since 1970, within the years 0 to 10000.
    init(seconds: Int64) {
        dayNumber = seconds.floorDivided(by: 86_400)
        let rest = Int(seconds - dayNumber * 86_400)
        date = CalendarDate(daysSinceEpoch: dayNumber)
        hour = rest / 3600
        minute = rest / 60 % 60
        second = rest % 60
    }

    var year: Int { Int(date.year) }

    /// From 0 for the first of January.
    var dayOfYear: Int { Int(dayNumber - CalendarDate(year: date.year, month: 1, day: 1).daysSinceEpoch) }
}

extension Int64 {
    /// The quotient rounded towards negative infinity.
    @inlinable package func floorDivided(by divisor: Int64) -> Int64 {
        let quotient = self / divisor
        return self % divisor < 0 ? quotient - 1 : quotient
    }
}

extension BinaryInteger {
    /// The digits of a number that is not negative, with zeros before them up to a width.
    @inlinable package func zeroPadded(to width: Int, radix: Int = 10) -> String {
        let digits = String(self, radix: radix)
        return String(repeating: "0", count: Swift.max(0, width - digits.utf8.count)) + digits
    }
}
