import AgentKit
import JSON
import Rules

/// Makes lines of entries: a trigger with its time, and under it what was decided.
struct TimelineBuilder {
    let wording: Wording
    let versions: RuleVersions

    /// The rows of entries in log order.
    /// - Parameter all: whether to tell even of what a story can do without; a timeline has that in its JSON.
    func rows(_ entries: [Document], all: Bool = false) -> [TimelineRow] {
        let done = Set(
            entries.filter { $0.root["type"]?.isString("transfer.posted") == true }
                .compactMap { $0.root["causationid"]?.string })
        var rows: [TimelineRow] = []
        var lastTime = ""
        for (index, entry) in entries.enumerated() {
            let root = entry.root
            let isTrigger = root["agent"] == nil
            guard all || isTrigger || isSpoken(root, done) else { continue }
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

    /// A story can do without timers that are set, and without asking for what was done at once.
    private func isSpoken(_ entry: View, _ done: Set<String>) -> Bool {
        switch entry.text("type") {
        case "timer.scheduled", "timer.cancelled": false
        case "transfer.requested": !done.contains(entry.text("sequence"))
        default: true
        }
    }

    /// Of a timer that ran out the first words of the reason that a rule gave for acting on it.
    private func reason(_ trigger: View, following: ArraySlice<Document>) -> String? {
        guard trigger["type"]?.isString("timer.fired") == true else { return nil }
        let sequence = trigger.text("sequence")
        let first = following.first { $0.root["causationid"]?.equals(sequence) == true && $0.root["because"] != nil }
        return first?.root["because"]?.string.flatMap { $0.split(separator: ";").first.map(String.init) }
    }

    private func source(_ entry: View) -> String {
        if let rule = versions.rule(of: entry) { return rule }
        return TimerFired(of: entry).map { "timer " + $0.agent + "." + $0.name } ?? ""
    }
}

/// One line of a story: when, what, and where it is recorded.
struct TimelineRow {
    /// Empty for what happened at the time of the line before.
    var time = ""
    var text: String
    /// `#58`
    var place: String
    /// The rule that decided it, or the timer that ran out.
    var source = ""
    var isNested = false

    /// A line wraps behind this many characters, where a word ends.
    private static let textCharacters = 58

    /// Rows laid out in columns.
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

/// A text in lines of at most `width` characters, broken between words.
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
    /// Without the blanks at its end.
    var trimmedEnd: String {
        var text = self
        while text.last == " " { text.removeLast() }
        return text
    }
}

/// Says entries in words that a person who is no programmer understands. Personal data is never among them: entries
/// hold it sealed.
struct Wording: Sendable {
    let formatter: EntryFormatter
    /// The ledger's time: that of its newest entry. Times of its year are told without the year.
    var present: Instant?

    /// The persons whose keys are destroyed.
    private let erased: Set<String>

    init(_ formatter: EntryFormatter, present: Instant? = nil, erased: Set<String> = []) {
        self.formatter = formatter
        self.erased = erased
        self.present = present
    }

    /// When an entry was recorded.
    func time(of entry: View) -> String {
        entry.instant("recordedtime").map { formatter.shortTime($0, present: present) } ?? ""
    }

    /// What happened, in one line, as the event's declaration says it: `F-zoneone fined PKR 39.98`.
    func sentence(_ entry: View) -> String { formatter.sentences.text(entry, erased: erased) }
}
