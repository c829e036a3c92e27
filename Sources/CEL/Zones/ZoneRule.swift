/// What holds after a zone's last recorded change: one offset, or two with the days on which they change.
struct ZoneRule: Sendable {
    private struct Change {
        let month: Int
        /// 1 to 5; 5 is the last.
        let week: Int
        /// From 0 for Sunday.
        let day: Int
        /// Seconds after midnight, possibly negative or over a day.
        let second: Int

        /// The instant in a year while `offset` holds.
        func instant(_ year: Int, _ offset: Int) -> Int64 {
            let first = CivilTime.day(year: year, month: month, day: 1)
            let weekday = Int(((first + 4) % 7 + 7) % 7)
            var day = 1 + (self.day - weekday + 7) % 7 + 7 * (week - 1)
            while day > CivilTime.days(in: month, of: year) { day -= 7 }
            return (first + Int64(day - 1)) * 86_400 + Int64(second - offset)
        }
    }

    private let standard: Int
    private let summer: Int
    private let changes: (into: Change, out: Change)?

    /// One number, or ten: both offsets, then month, week, day and second of both changes.
    init(_ fields: [Int]) {
        standard = fields.first ?? 0
        guard fields.count == 10 else {
            summer = standard
            changes = nil
            return
        }
        summer = fields[1]
        changes = (
            Change(month: fields[2], week: fields[3], day: fields[4], second: fields[5]),
            Change(month: fields[6], week: fields[7], day: fields[8], second: fields[9])
        )
    }

    /// Seconds east of UTC.
    func offset(at seconds: Int64) -> Int {
        guard let changes else { return standard }
        let year = CivilTime(seconds: seconds + Int64(standard)).year
        let into = changes.into.instant(year, standard)
        let out = changes.out.instant(year, summer)
        let isSummer =
            into < out ? seconds >= into && seconds < out : seconds >= into || seconds < out
        return isSummer ? summer : standard
    }
}
