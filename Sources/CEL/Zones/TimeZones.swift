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
