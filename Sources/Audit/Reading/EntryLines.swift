import EventLog
import JSON

/// Prints entries, each as one line: its bytes, or for people what happened, as the log's own rule sets say it.
package struct EntryLines {
    private static let activated = EntryNeedle(#""type":"ruleset.activated"}"#)

    private let log: EventLog
    private let isJSON: Bool
    private var layout: Layout
    private var erased = ErasedPersons()
    /// The entries that were looked through for rule sets.
    private var end: UInt64 = 0

    package init(_ reader: LedgerReader, json: Bool) {
        log = reader.log
        layout = reader.layout
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
            return body(isJSON ? copy : Array(layout.line(of: entry, erased: erased.ids).utf8))
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
        if isChanged, let history = try? RuleSetHistory(log, end: size) { layout = history.layout }
        try? erased.read(log)
        end = size
    }
}
