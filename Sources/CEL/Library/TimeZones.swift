/// Offsets of time zones, from tables compiled in so that replays agree.
enum TimeZones {
    /// Seconds east of UTC of an IANA name, `UTC` or `±hh:mm` at an instant; nil for an unknown zone.
    static func offset(of name: String, at seconds: Int64) -> Int? {
        if let zone = zones[name] { return zone.offset(at: seconds) }
        return fixed(Array(name.utf8))
    }

    /// `+hh:mm`, `-hh:mm` or `hh:mm`.
    private static func fixed(_ text: [UInt8]) -> Int? {
        var digits = text[...]
        let isWest = digits.first == UInt8(ascii: "-")
        if isWest || digits.first == UInt8(ascii: "+") { digits = digits.dropFirst() }
        let parts = digits.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].count == 2, parts[1].count == 2,
            let hours = NumberText.uint(Array(parts[0])), let minutes = NumberText.uint(Array(parts[1])), hours < 24,
            minutes < 60
        else { return nil }
        let seconds = Int(hours * 3600 + minutes * 60)
        return isWest ? -seconds : seconds
    }

    private static let zones: [String: Zone] = {
        var result: [String: Zone] = [:]
        result.reserveCapacity(1024)
        for line in ZoneData.text.utf8.split(separator: UInt8(ascii: "\n")) {
            let fields = line.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false)
            guard fields.count == 7 else { continue }
            let zone = Zone(fields)
            for name in fields[0].split(separator: UInt8(ascii: ",")) { result[String(Substring(name))] = zone }
        }
        return result
    }()
}

/// The history of a time zone from 1970 on and its rule thereafter.
struct Zone: Sendable {
    /// Offset before the first change.
    private let start: Int32
    /// Instants of the changes, and the offsets in force from each of them on.
    private let times: [Int64]
    private let offsets: [Int32]
    private let rule: ZoneRule
    /// The start of the first year that the rule describes.
    private let ruleStart: Int64

    /// The fields of one line of `ZoneData`.
    init(_ fields: [Substring.UTF8View]) {
        let start = Int32(Self.number(fields[1]))
        let known = [start] + fields[2].split(separator: UInt8(ascii: ",")).map { Int32(Self.number($0)) }
        let unit = Int64(Self.number(fields[3]))
        var times: [Int64] = []
        var offsets: [Int32] = []
        var time: Int64 = 0
        var delta: Int64 = 0
        for byte in fields[4] {
            if byte >= UInt8(ascii: "A"), byte <= UInt8(ascii: "Z") {
                time += delta * unit
                delta = 0
                times.append(time)
                offsets.append(known[Int(byte - UInt8(ascii: "A"))])
            } else {
                delta = delta * 36 + Int64(LiteralText.hexValue(byte))
            }
        }
        self.start = start
        self.times = times
        self.offsets = offsets
        ruleStart = CalendarDate(year: Int64(Self.number(fields[5])), month: 1, day: 1).daysSinceEpoch * 86_400
        rule = ZoneRule(fields[6].split(separator: UInt8(ascii: ",")).map(Self.number))
    }

    private static func number(_ text: Substring.UTF8View) -> Int { Int(Substring(text)) ?? 0 }

    /// Seconds east of UTC.
    func offset(at seconds: Int64) -> Int {
        if seconds >= ruleStart { return rule.offset(at: seconds) }
        var low = 0
        var high = times.count
        while low < high {
            let middle = (low + high) / 2
            if times[middle] <= seconds { low = middle + 1 } else { high = middle }
        }
        return Int(low == 0 ? start : offsets[low - 1])
    }
}

/// The rule in force after a zone's last recorded change: one offset, or two with the days of change.
struct ZoneRule: Sendable {
    private struct Change {
        let month: Int
        /// 1 to 5; 5 is the last.
        let week: Int
        /// From 0 for Sunday.
        let day: Int
        /// Seconds after midnight, possibly negative or over a day.
        let second: Int

        /// The instant of the change in a year, given the offset in force before it.
        func instant(_ year: Int, _ offset: Int) -> Int64 {
            let first = CalendarDate(year: Int64(year), month: month, day: 1)
            var day = 1 + (self.day - first.weekday + 7) % 7 + 7 * (week - 1)
            while day > CalendarDate.daysIn(month: month, year: first.year) { day -= 7 }
            return (first.daysSinceEpoch + Int64(day - 1)) * 86_400 + Int64(second - offset)
        }
    }

    private let standard: Int
    private let summer: Int
    private let changes: (into: Change, out: Change)?

    /// Reads one number, or ten: both offsets, then month, week, day and second of both changes.
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
