import AgentKit
import Engine
import EventLog
package import JSON
import Rules

/// Prints entries one a line: the entry's bytes, or a sentence for people as the log's own rule sets word it.
package struct EntryLines {
    private static let activated = BytePattern(entryType: "ruleset.activated")

    private let log: EventLog
    private let isJSON: Bool
    private var formatter = EntryFormatter()
    private var erased = ErasedPersons()
    /// The number of entries searched for rule sets and erasures.
    private var end: UInt64 = 0

    package init(_ reader: LedgerReader, json: Bool) {
        log = reader.log
        isJSON = json
    }

    /// Calls `body` with the line of each entry from a sequence on that the filter matches, until it returns false.
    /// - Returns: the sequence after the last entry read.
    /// - Throws: `EventLogError` if the log cannot be read.
    @discardableResult
    package mutating func print(
        from start: UInt64, filter: EntryFilter, to body: ([UInt8]) -> Bool
    ) throws -> UInt64 {
        let size = log.size
        if !isJSON { update(to: size) }
        return try unsafe EntrySearch(log).scan(from: start, to: size, words: { filter.words }) { _, bytes in
            let copy = unsafe Array(bytes)
            guard let entry = try? Document(adopting: copy).root, filter.matches(entry) else { return true }
            return body(isJSON ? copy : Array(formatter.line(of: entry, erased: erased.ids).utf8))
        }
    }

    /// Learns rule sets and erasures from entries appended since. Errors are left to whoever prints the entries; if
    /// this program cannot load a rule set, entries are printed without their sentences.
    private mutating func update(to size: UInt64) {
        guard size > end else { return }
        var isChanged = false
        _ = try? unsafe EntrySearch(log).scan(from: end, to: size, words: ["ruleset.activated"]) { _, bytes in
            isChanged = unsafe Self.activated.ends(bytes)
            return !isChanged
        }
        if isChanged {
            let history = try? RuleSetHistory(log, end: size)
            formatter = history?.formatter ?? (try? EntryFormatter.of(log)) ?? EntryFormatter()
        }
        try? erased.read(log)
        end = size
    }
}

/// Selects entries by type, by subject and by whom or what they concern.
package struct EntryFilter: Sendable {
    /// A type, or a prefix of types followed by `.*`, such as `order.*`.
    package var type: String?
    package var subject: String?
    /// The text that the entry must concern: its subject, a whole string in its data, or a part of an account.
    package var about: String?
    /// The subject if it names its kind, such as `user:U-ali`.
    private let named: SubjectName?

    package init(type: String? = nil, subject: String? = nil, about: String? = nil) {
        self.type = type
        self.about = about
        self.subject = subject
        named = subject.flatMap { SubjectName($0) }
    }

    /// A word that every entry has which the filter selects; nil where it is not known.
    var words: [Word]? {
        if let about { return [Word(about)] }
        if let subject { return [Word(subject), named.map { Word($0.id) }].compactMap { $0 } }
        return type.flatMap { $0.hasSuffix(".*") ? nil : [Word($0)] }
    }

    /// Returns true if a text is an id, or an account or a key of which it is a part.
    static func concerns(_ text: String, _ id: String) -> Bool {
        let (text8, id8) = (text.utf8, id.utf8)
        return text8.elementsEqual(id8)
            || text8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).contains {
                $0.elementsEqual(id8)
            }
    }

    static func concerns(_ view: View, _ id: String) -> Bool {
        switch view.kind {
        case .string: return view.string.map { concerns($0, id) } ?? false
        case .array, .object: return view.children.contains { concerns($0, id) }
        default: return false
        }
    }

    /// Returns true if the filter selects an entry.
    package func matches(_ entry: View) -> Bool {
        if let subject, entry["subject"]?.equals(subject) != true, named?.isSubject(of: entry) != true { return false }
        if let about, entry["subject"]?.equals(about) != true,
            !(entry["data"].map { Self.concerns($0, about) } ?? false)
        {
            return false
        }
        guard let type else { return true }
        guard type.hasSuffix(".*") else { return entry["type"]?.equals(type) == true }
        return (entry["type"]?.string ?? "").utf8.starts(with: type.utf8.dropLast())
    }
}

extension EntryFormatter {
    private static let typeCharacters = 30
    private static let sentenceCharacters = 72

    /// An entry on one line, with control characters escaped: sequence, time, type, sentence, subject, and the rule or
    /// authority.
    /// - Parameter erased: persons whose keys were destroyed.
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
        // The sentence states the decision; the reason is for `show` and `explain`.
        if !isSaid, let because = entry["because"]?.string { parts.append("– " + because) }
        return VisibleText.line(parts.joined(separator: "  "))
    }

    /// The time at which an entry was recorded, in the calendar's time zone.
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
    /// The text padded on the right to a width.
    func padded(_ width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
    /// The text in exactly `width` characters: padded on the right, or cut and ended with `…`.
    func cut(_ width: Int) -> String { count > width ? prefix(width - 1) + "…" : padded(width) }
    /// The text padded on the left to a width.
    func aligned(_ width: Int) -> String { String(repeating: " ", count: max(0, width - count)) + self }
}
