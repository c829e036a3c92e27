import AgentKit
import EventLog
package import JSON
import Rules

/// Prints entries, each as one line: its bytes, or for people what happened, as the log's own rule sets say it.
package struct EntryLines {
    private static let activated = BytePattern(entryType: "ruleset.activated")

    private let log: EventLog
    private let isJSON: Bool
    private var formatter: EntryFormatter
    private var erased = ErasedPersons()
    /// The entries that were looked through for rule sets.
    private var end: UInt64 = 0

    package init(_ reader: LedgerReader, json: Bool) {
        log = reader.log
        formatter = reader.formatter
        isJSON = json
    }

    /// Offers the entries from a sequence on that a filter lets through, until `body` says false.
    /// - Returns: the sequence after the last entry that was looked at.
    @discardableResult
    package mutating func print(
        from start: UInt64, filter: EntryFilter, to body: ([UInt8]) -> Bool
    ) throws -> UInt64 {
        let size = log.size
        if !isJSON { learn(to: size) }
        var next = start
        try unsafe log.scan(from: start, to: size) { sequence, bytes in
            next = sequence + 1
            let copy = unsafe Array(bytes)
            guard let entry = try? Document(adopting: copy).root, filter.matches(entry) else { return true }
            return body(isJSON ? copy : Array(formatter.line(of: entry, erased: erased.ids).utf8))
        }
        return next
    }

    /// Reads what the log has gained: rule sets, and who was erased. A log that cannot be read is reported where its entries
    /// are, and of rule sets that this program cannot load the entries stand without their sentences.
    private mutating func learn(to size: UInt64) {
        guard size > end else { return }
        var isChanged = false
        try? unsafe log.scan(from: end, to: size) { _, bytes in
            isChanged = unsafe Self.activated.ends(bytes)
            return !isChanged
        }
        if isChanged, let history = try? RuleSetHistory(log, end: size) { formatter = history.formatter }
        try? erased.read(log)
        end = size
    }
}

/// Which entries are asked for.
package struct EntryFilter: Sendable {
    /// A type, or the start of types with `.*` behind it: `order.*`.
    package var type: String?
    package var subject: String?
    /// The subject where its kind is named: `user:U-ali`.
    private let named: SubjectName?

    package init(type: String? = nil, subject: String? = nil) {
        self.type = type
        self.subject = subject
        named = subject.flatMap { SubjectName($0) }
    }

    /// Whether an entry is one of them.
    package func matches(_ entry: View) -> Bool {
        if let subject, entry["subject"]?.equals(subject) != true, named?.isSubject(of: entry) != true { return false }
        guard let type else { return true }
        guard type.hasSuffix(".*") else { return entry["type"]?.equals(type) == true }
        return (entry["type"]?.string ?? "").utf8.starts(with: type.utf8.dropLast())
    }
}

extension EntryFormatter {
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
