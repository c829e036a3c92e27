/// The history of a time zone from 1970 on and its rule thereafter.
struct Zone: Sendable {
    /// Offset before the first change.
    private let start: Int32
    /// Instants of the changes and the offsets from them on.
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
        ruleStart = CivilTime.day(year: Self.number(fields[5]), month: 1, day: 1) * 86_400
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
