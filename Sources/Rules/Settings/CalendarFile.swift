import AgentKit

/// Reads `calendar.yaml`: the zone, its offsets and the first day of the week.
enum CalendarFile {
    static let name = "calendar.yaml"

    /// Nil after noting in `file` what is wrong.
    static func read(_ root: YamlNode, in file: SourceFile) -> Calendar? {
        guard let reader = MappingReader(root, in: file, .calendar) else { return nil }
        let zone = reader.text("zone") ?? ""
        let days = KeyTable.days
        var weekStart = 0
        if let day = reader.text("weekStart") {
            if let index = days.firstIndex(of: day) {
                weekStart = index
            } else {
                file.error(reader.keyPlace("weekStart"), "unknown day `\(day)`\(Spelling.hint(day, among: days))")
            }
        }
        var transitions: [Calendar.Transition] = []
        if let before = reader["before"], let offset = offset(before, in: file) {
            transitions.append(Calendar.Transition(from: .earliest, offsetSeconds: offset))
        }
        for node in reader.list("transitions") {
            guard let transition = transition(node, in: file) else { continue }
            if let last = transitions.last, transition.from <= last.from {
                file.error(node.place, "the transitions must stand in the order of time")
            }
            transitions.append(transition)
        }
        guard !transitions.isEmpty else { return nil }
        return Calendar(zone: zone, weekStart: weekStart, transitions: transitions)
    }

    private static func transition(_ node: YamlNode, in file: SourceFile) -> Calendar.Transition? {
        guard
            let reader = MappingReader(node, in: file, .transition), let from = reader["from"],
            let offsetNode = reader["offset"], let offset = offset(offsetNode, in: file)
        else { return nil }
        guard let instant = from.text.flatMap({ Instant(rfc3339: $0) }) else {
            file.error(from.place, "\(from.described) is not an RFC 3339 timestamp")
            return nil
        }
        return Calendar.Transition(from: instant, offsetSeconds: offset)
    }

    /// `+05:00` or `+04:28:12` in seconds.
    private static func offset(_ node: YamlNode, in file: SourceFile) -> Int64? {
        let text = Array((node.text ?? "").utf8)
        let parts = text.dropFirst().split(separator: 0x3A, omittingEmptySubsequences: false)
        let numbers = parts.compactMap { part -> Int64? in
            guard part.count == 2, part.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else { return nil }
            return Int64(part[part.startIndex] - 0x30) * 10 + Int64(part[part.startIndex + 1] - 0x30)
        }
        guard text.first == 0x2B || text.first == 0x2D, numbers.count == parts.count, (2...3).contains(parts.count),
            numbers[0] <= 18, numbers.dropFirst().allSatisfy({ $0 < 60 })
        else {
            file.error(node.place, "\(node.described) is not an offset like `+05:00`")
            return nil
        }
        let seconds = numbers[0] * 3600 + numbers[1] * 60 + (numbers.count == 3 ? numbers[2] : 0)
        return text.first == 0x2D ? -seconds : seconds
    }
}
