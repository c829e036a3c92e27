import AgentKit

/// Calendar months, in UTC.
enum Months {
    /// The same time of day that many months later, on the month's last day where it has no such day; nil outside the
    /// years 1 to 9999.
    static func later(_ from: Instant, by months: Int64) -> Instant? {
        guard months.magnitude <= 120_000 else { return nil }
        let day = from.milliseconds.floorDivided(by: 86_400_000)
        let date = CalendarDate(daysSinceEpoch: day)
        let month = date.year * 12 + Int64(date.month - 1) + months
        let year = month.floorDivided(by: 12)
        guard year >= 1, year <= 9999 else { return nil }
        let monthOfYear = Int(month - year * 12) + 1
        let last = CalendarDate.daysIn(month: monthOfYear, year: year)
        let later = CalendarDate(year: year, month: monthOfYear, day: Int(min(Int64(date.day), last)))
        return Instant(
            milliseconds: later.daysSinceEpoch * 86_400_000 + (from.milliseconds - day * 86_400_000))
    }
}
