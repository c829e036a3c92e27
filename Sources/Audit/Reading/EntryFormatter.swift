package import AgentKit
import Engine
package import EventLog
package import JSON
package import Rules

/// Formats times, amounts, hashes and whole entries under a rule set: in its calendar's time zone, with its currencies'
/// decimals, with the sentences its event types declare.
package struct EntryFormatter: Sendable {
    /// The number of characters of a hash that are shown.
    package static let hashCharacters = 12

    private let calendar: Calendar
    private let currencies: Currencies
    /// The sentences that event types declare.
    package let sentences: Sentences
    private let types: EventTypes

    package init(
        calendar: Calendar = .standard, currencies: Currencies = .standard, sentences: Sentences = .ofEngine,
        types: EventTypes = .ofEngine
    ) {
        self.types = types
        self.calendar = calendar
        self.currencies = currencies
        self.sentences = sentences
    }

    /// The formatter of a rule set; the standard one if none is in force.
    /// - Parameter others: sentences for types that the rule set does not have.
    package init(_ ruleSet: RuleSet?, alsoSaying others: Sentences = .ofEngine) {
        self.init(
            calendar: ruleSet?.calendar ?? .standard, currencies: ruleSet?.currencies ?? .standard,
            sentences: (ruleSet?.sentences ?? .ofEngine).over(others), types: ruleSet?.types ?? .ofEngine)
    }

    /// `2024-02-16 21:00:00+05:00`
    package func time(_ instant: Instant) -> String {
        let text = calendar.text(instant)
        return String(text.prefix(10)) + " " + String(text.dropFirst(11))
    }

    /// The local day, `2024-02-16`.
    func day(_ instant: Instant) -> String { String(calendar.text(instant).prefix(10)) }

    /// `16 Feb 21:00`, or `16 Feb 2024 21:00` if the year differs from that of `present` or `present` is nil.
    func shortTime(_ instant: Instant, present: Instant?) -> String { calendar.said(instant, present: present) }

    /// `16 Feb 2024 21:00 (+05:00)`
    func longTime(_ instant: Instant) -> String {
        // The offset follows `2024-02-16T21:00:00`.
        calendar.said(instant, present: nil) + " (" + calendar.text(instant).dropFirst(19) + ")"
    }

    /// `PKR 1,999.00`; minor units for an unknown currency.
    package func amount(_ minorUnits: Int64, _ currency: String) -> String {
        currencies.said(minorUnits, currency)
    }

    /// A total with its currency, `PKR 1,999.00`.
    package func amount(_ total: Total, _ currency: String) -> String {
        currencies.said(total.minorUnits, currency)
    }

    /// Returns true for the code of a currency.
    func isCurrency(_ code: String) -> Bool { currencies.exponent(of: code) != nil }

    /// A transfer in words, `PKR 1,999.00 from the wallet of U-ali to the escrow of ORD-001`; nil for any other record.
    func transfer(_ record: View) -> String? { TransferWords(currencies: currencies).text(record) }

    /// The number of decimals of a currency; 2 for one that is not listed.
    func decimals(of currency: String) -> Int { currencies.exponent(of: currency) ?? 2 }

    /// The members of an event type's data that are amounts.
    func amounts(of type: String) -> AmountMembers { types[type]?.amounts ?? .none }

    /// The first characters of a hash or digest.
    package static func shortened(hash: String) -> String {
        hash.utf8.count > hashCharacters ? hash.prefix(hashCharacters) + "…" : hash
    }
}

extension EntryFormatter {
    /// The number of entries searched for the first activation, which stands at the start of every log.
    private static let genesisEntriesMax: UInt64 = 10_000

    /// The formatter of a log's first rule set; folds only the entries up to its activation.
    /// - Throws: `ReplayError` or `EventLogError` if the log cannot be read.
    package static func of(_ log: EventLog) throws -> EntryFormatter {
        var first: UInt64?
        try unsafe log.scan(from: 0, to: genesisEntriesMax) { sequence, bytes in
            let entry = (try? unsafe Document(canonical: bytes))?.root
            guard entry?["type"]?.isString("ruleset.activated") == true else { return true }
            first = sequence
            return false
        }
        guard let first else { return EntryFormatter() }
        let replay = try Replay(log)
        do throws(ReplayError) {
            try replay.fold(to: .sequence(first))
        } catch {
            // Entries written by an older program are still readable, if without its rules' calendar and currencies.
            guard error.code == .ruleSet else { throw error }
            return EntryFormatter()
        }
        return EntryFormatter(replay.ruleSet)
    }
}

extension EntryFormatter {
    /// An entry laid out on several lines: time, authority or rule, reason, data.
    package func sheet(ofEntry entry: View, bytes: [UInt8]) -> String {
        var sheet = Sheet(self, currency: entry["data"]?["currency"]?.string)
        sheet.add("entry", "#\(entry.sequence)  \(entry.text("type"))")
        sheet.add("recorded", recordedTime(of: entry))
        if let subject = entry["subject"]?.string { sheet.add("subject", subject) }
        if let authority = entry["authid"]?.string { sheet.add("appended by", authority) }
        if let rule = entry["rule"]?.string { sheet.add("decided by", rule) }
        if let because = entry["because"]?.string { sheet.add("because", because) }
        if let cause = entry["causationid"]?.string.flatMap({ EntrySequence(padded: $0) }) {
            sheet.add("caused by", "\(cause)")
        }
        sheet.add("source and id", "\(entry.text("source"))  \(entry.text("id"))")
        if let ruleSet = entry["ruleset"]?.string { sheet.add("rule set", Self.shortened(hash: ruleSet)) }
        sheet.add("hash", Self.shortened(hash: EntryChain.hashText(of: bytes)))
        if let data = entry["data"], data.count > 0 {
            sheet.addHeading("data")
            sheet.add(data, amounts: amounts(of: entry.text("type")), indent: 1)
        }
        return VisibleText.page(sheet.lines)
    }

    /// A record of a projection laid out on several lines.
    /// - Parameters:
    ///   - amounts: the record's members that are amounts.
    ///   - currency: the currency of amounts if the record names none.
    package func sheet(ofRecord record: View, amounts: AmountMembers = .none, currency: String?) -> String {
        var sheet = Sheet(self, currency: currency)
        sheet.add(record, amounts: amounts)
        return VisibleText.page(sheet.lines)
    }
}

/// Lays out JSON for reading: a member a line, amounts with their currency, times in the calendar's time zone.
struct Sheet {
    let formatter: EntryFormatter
    /// The currency of amounts whose record names none.
    let currency: String?
    private(set) var lines: [String] = []

    init(_ formatter: EntryFormatter, currency: String? = nil) {
        self.formatter = formatter
        self.currency = currency
    }

    /// Adds a line for a member.
    mutating func add(_ name: String, _ text: String, indent: Int = 0) {
        lines.append(String(repeating: " ", count: indent * 2) + (name + ": ").padded(28 - indent * 2) + text)
    }

    /// Adds a heading line.
    mutating func addHeading(_ name: String, indent: Int = 0) {
        lines.append(String(repeating: " ", count: indent * 2) + name + ":")
    }

    /// Adds a line for each member of an object, and indented lines for the members of objects and lists in it.
    /// - Parameter amounts: the object's members that are amounts.
    mutating func add(_ object: View, amounts: AmountMembers = .none, indent: Int = 0) {
        add(object, amounts, in: currency, indent)
    }

    private mutating func add(_ object: View, _ amounts: AmountMembers, in currency: String?, _ indent: Int) {
        let currency = object["currency"]?.string ?? currency
        object.forEachMember { name, value in add(name, value, amounts, currency: currency, indent: indent) }
    }

    private mutating func add(
        _ name: String, _ value: View, _ amounts: AmountMembers, currency: String?, indent: Int, title: String? = nil
    ) {
        let title = title ?? name
        switch value.kind {
        case .object:
            if value.count == 0 { return add(title, "none", indent: indent) }
            addHeading(title, indent: indent)
            if value["sealed"] != nil { return add("sealed", "personal data", indent: indent + 1) }
            add(value, amounts.within(name), in: currency, indent + 1)
        case .array:
            if value.count == 0 { return add(title, "none", indent: indent) }
            for index in 0..<value.count {
                add(
                    name, value.element(index), amounts, currency: currency, indent: indent,
                    title: "\(title) \(index + 1)")
            }
        default:
            let isAmount = amounts.contains(name)
            add(title, text(of: value, currency: isAmount ? currency : nil), indent: indent)
        }
    }

    /// - Parameter currency: the currency if the value is an amount; nil otherwise.
    private func text(of value: View, currency: String?) -> String {
        if let currency, let total = Total(value) { return formatter.amount(total, currency) }
        switch value.kind {
        case .int: return String(value.int ?? 0)
        case .string:
            let text = value.string ?? ""
            return Instant(rfc3339: text).map(formatter.time) ?? text
        case .bool: return value.bool == true ? "yes" : "no"
        case .null: return "none"
        default: return value.double.map { "\($0)" } ?? ""
        }
    }
}
