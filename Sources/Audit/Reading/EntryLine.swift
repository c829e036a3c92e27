import AgentKit
package import JSON
import Rules

extension Layout {
    private static let typeCharacters = 30
    private static let sentenceCharacters = 72

    /// One entry on one line, controls escaped: where, when, what, about what, and who or which rule.
    /// - Parameter erased: the persons whose keys are destroyed.
    package func line(of entry: View, erased: Set<String> = []) -> String {
        var parts = ["#\(entry.sequence)".padded(7), recordedTime(of: entry)]
        let isDecision = entry["agent"] != nil
        let type = entry.text("type")
        let what = (isDecision ? "  " : "") + type
        let isSaid = sentences.isSaid(type)
        if isSaid {
            parts.append(what.padded(Self.typeCharacters))
            parts.append(sentences.text(entry, erased: erased).cut(Self.sentenceCharacters))
        } else {
            parts.append(what)
        }
        if let subject = entry["subject"]?.string { parts.append(Self.shortened(hash: subject, ifDigestOf: entry)) }
        if let rule = entry["rule"]?.string {
            parts.append(rule)
        } else if let authority = entry["authid"]?.string {
            parts.append("by " + authority)
        }
        // A sentence says what was decided; why is for `show` and `explain`.
        if !isSaid, let because = entry["because"]?.string { parts.append("– " + because) }
        return VisibleText.line(parts.joined(separator: "  "))
    }

    /// When an entry was recorded, in the calendar's zone.
    func recordedTime(of entry: View) -> String {
        entry.instant("recordedtime").map(time) ?? entry.text("recordedtime")
    }

    private static func shortened(hash subject: String, ifDigestOf entry: View) -> String {
        let type = entry["type"]
        let isDigest =
            type?.isString("ruleset.activated") ?? false || type?.isString("ruleset.schedule.cancelled") ?? false
        return isDigest ? shortened(hash: subject) : subject
    }
}

extension View {
    /// The sequence of an entry as a number.
    var sequence: UInt64 { self["sequence"]?.string.flatMap { EntrySequence(padded: $0) }?.value ?? 0 }
}

extension String {
    /// The text with blanks behind it up to a width.
    func padded(_ width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
    /// The text in exactly `width` characters: with blanks behind it, or cut with `…` for the rest.
    func cut(_ width: Int) -> String { count > width ? prefix(width - 1) + "…" : padded(width) }
    /// The text with blanks before it up to a width.
    func aligned(_ width: Int) -> String { String(repeating: " ", count: max(0, width - count)) + self }
}
