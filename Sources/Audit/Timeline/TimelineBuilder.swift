import AgentKit
import JSON
import Rules

/// Turns entries into timeline rows: a trigger with its time, and under it the decisions.
struct TimelineBuilder {
    let wording: Wording
    let versions: RuleVersions
    /// Reasons that rules gave for acting on timers, by the timers' sequences, where they do not follow.
    var reasons: [UInt64: String] = [:]

    /// The rows of entries in log order.
    /// - Parameter all: includes entries of little interest, such as timers being set; a timeline has those in its JSON
    ///   only.
    func rows(_ entries: [Document], all: Bool = false) -> [TimelineRow] {
        let done = Set(
            entries.filter { $0.root["type"]?.isString("transfer.posted") == true }
                .compactMap { $0.root["causationid"]?.string })
        var rows: [TimelineRow] = []
        var lastTime = ""
        for (index, entry) in entries.enumerated() {
            let root = entry.root
            let isTrigger = root["agent"] == nil
            guard all || isTrigger || isShown(root, done) else { continue }
            let time = wording.time(of: root)
            let text = reason(root, following: entries[(index + 1)...].prefix(32)) ?? wording.sentence(root)
            rows.append(
                TimelineRow(
                    time: isTrigger || time != lastTime ? time : "", text: text, place: "#\(root.sequence)",
                    source: source(root), isNested: !isTrigger))
            lastTime = time
        }
        return rows
    }

    /// Leaves out timers being set or cancelled, and requests for transfers that were made at once.
    private func isShown(_ entry: View, _ done: Set<String>) -> Bool {
        switch entry.text("type") {
        case "timer.scheduled", "timer.cancelled": false
        case "transfer.requested": !done.contains(entry.text("sequence"))
        default: true
        }
    }

    /// For a timer that fired: the first clause of the reason that a rule gave for acting on it.
    private func reason(_ trigger: View, following: ArraySlice<Document>) -> String? {
        guard trigger["type"]?.isString("timer.fired") == true else { return nil }
        let sequence = trigger.text("sequence")
        let first = following.first { $0.root["causationid"]?.equals(sequence) == true && $0.root["because"] != nil }
        let because = first?.root["because"]?.string ?? reasons[trigger.sequence]
        return because.flatMap { $0.split(separator: ";").first.map(String.init) }
    }

    private func source(_ entry: View) -> String {
        if let rule = versions.rule(of: entry) { return rule }
        return TimerFired(of: entry).map { "timer " + $0.agent + "." + $0.name } ?? ""
    }
}

/// One row of a timeline: time, text, and the place of the record.
struct TimelineRow {
    /// Empty if the time is that of the row before.
    var time = ""
    var text: String
    /// `#58`
    var place: String
    /// The rule that decided it, or the timer that fired.
    var source = ""
    var isNested = false

    /// Lines wrap after this many characters, at a word boundary.
    private static let textCharacters = 58

    /// Lays out rows in columns.
    static func lines(_ rows: [TimelineRow]) -> [String] {
        let places = rows.map(\.place.count).max() ?? 0
        let times = max(12, rows.map(\.time.count).max() ?? 0)
        return rows.flatMap { $0.lines(places, times) }
    }

    private func lines(_ placeWidth: Int, _ timeWidth: Int) -> [String] {
        let parts = wrapped(text, isNested ? Self.textCharacters - 2 : Self.textCharacters)
        let indent = isNested ? "  " : ""
        return parts.enumerated().map { index, part in
            let isLast = index == parts.count - 1
            var line = "  " + (index == 0 ? time : "").padded(timeWidth + 2) + indent + (index == 0 ? "" : "  ") + part
            if isLast {
                line = line.padded(timeWidth + 6 + Self.textCharacters) + place.padded(placeWidth)
                if !source.isEmpty { line += "  " + source }
            }
            return line.trimmedEnd
        }
    }
}

/// Wraps a text at word boundaries into lines of at most `width` characters.
func wrapped(_ text: String, _ width: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ") {
        if !line.isEmpty, line.count + 1 + word.count > width {
            lines.append(line)
            line = ""
        }
        line += (line.isEmpty ? "" : " ") + word
    }
    return lines + (line.isEmpty && !lines.isEmpty ? [] : [line])
}

extension String {
    /// The text without trailing blanks.
    var trimmedEnd: String {
        var text = self
        while text.last == " " { text.removeLast() }
        return text
    }
}

/// Puts entries into words that people who are not programmers understand. Personal data never appears: entries hold it
/// sealed.
struct Wording: Sendable {
    let formatter: EntryFormatter
    /// The ledger's time: that of its newest entry. Times in the same year are shown without the year.
    var present: Instant?

    /// Persons whose keys were destroyed.
    private let erased: Set<String>

    init(_ formatter: EntryFormatter, present: Instant? = nil, erased: Set<String> = []) {
        self.formatter = formatter
        self.erased = erased
        self.present = present
    }

    /// The time at which an entry was recorded.
    func time(of entry: View) -> String {
        entry.instant("recordedtime").map { formatter.shortTime($0, present: present) } ?? ""
    }

    /// One sentence about an entry, as the event type declares it: `F-zoneone fined PKR 39.98`.
    func sentence(_ entry: View) -> String { formatter.sentences.text(entry, erased: erased) }
}
