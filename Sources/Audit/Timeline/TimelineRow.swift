import AgentKit
import JSON

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
