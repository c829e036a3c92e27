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
