import AgentKit
import JSON
import Rules

/// Formats the values of a rule's named expressions, one below the other: times in the calendar's zone, amounts with their
/// currency's decimals, a record's members with semicolons between them, each record of a list on a line of its own.
struct VariableText {
    /// A value as it is shown.
    struct Item {
        let variable: RuleTrace.Variable
        /// Its members that are amounts, where it is a record of a known type.
        var amounts = AmountMembers.none
        /// The members to show of it; nil for all.
        var members: [String]?
        /// Indicates a number that is an amount.
        var isAmount = false
        /// Indicates basis points, alone or in a record.
        var isShare = false
    }

    /// The number of characters of a value that are shown.
    private static let valueCharactersMax = 900
    private static let lineCharacters = 84
    /// Tables of more entries than this are counted for people.
    private static let entriesToldMax = 8

    let formatter: EntryFormatter
    /// For people: names and codes in words, nothing that is empty. Else names as the rule writes them.
    let isPlain: Bool
    /// The currency of amounts whose record names none.
    var currency: String?

    func lines(_ items: [Item]) -> [String] {
        let names = Set(items.map(\.variable.name))
        let told = items.compactMap { item -> (name: String, values: [String])? in
            // The id of a record that is told.
            if isPlain, item.variable.name.hasSuffix("Id"), names.contains(String(item.variable.name.dropLast(2))) {
                return nil
            }
            let values = values(of: item)
            return isPlain && values.isEmpty ? nil : (name(item.variable.name), values)
        }
        let width = told.map(\.name.count).max() ?? 0
        return told.flatMap { item -> [String] in
            let name = "  " + item.name.padded(width) + "  "
            let rest = String(repeating: " ", count: name.count)
            let lines = item.values.flatMap { value in
                wrapped(value, Self.lineCharacters).enumerated().map { ($0 == 0 ? "" : "  ") + $1 }
            }
            return (lines.isEmpty ? [""] : lines).enumerated().map { (($0 == 0 ? name : rest) + $1).trimmedEnd }
        }
    }

    /// A value within a sentence: `PKR 1,999.00`.
    func phrase(_ variable: RuleTrace.Variable, isShare: Bool = false) -> String {
        guard let json = variable.json, let document = try? Document(adopting: Array(json.utf8)) else {
            return "unknown"
        }
        if isShare, let share = share(document.root) { return share }
        return amount(of: variable, document.root) ?? text(of: document.root, .none, nil, currency)
    }

    /// A name in words for people: `buyerId` as `buyer`, `fine.sub` as `fine, sub`.
    func name(_ name: String) -> String {
        guard isPlain else { return name }
        return name.split(separator: ".").map { Self.words(String($0)) }.joined(separator: ", ")
    }

    private static func words(_ name: String) -> String {
        var text = ""
        for (character, next) in zip(name, Array(name.dropFirst()) + [" "]) {
            let isStart = character.isUppercase && text.last?.isLowercase == true
            text += (isStart ? " " : "") + (isStart && !next.isUppercase ? character.lowercased() : String(character))
        }
        return text.hasSuffix(" id") ? String(text.dropLast(3)) : text.replacing("_", with: " ")
    }

    // MARK: Values

    /// The largest number of records of a list that people are told.
    private static let recordsToldMax = 9

    /// The amount of a value that is named after its currency, as `deliveryMost.PKR` is.
    private func amount(of variable: RuleTrace.Variable, _ value: View) -> String? {
        guard value.kind == .int, let units = value.int,
            let currency = variable.name.split(separator: ".").last.map(String.init), formatter.isCurrency(currency)
        else { return nil }
        return formatter.amount(units, currency)
    }

    /// Basis points as percentages: `2.00 %`, `sub 2.00 %; master 3.00 %`; nil for any other value.
    private func share(_ value: View) -> String? {
        if let points = value.int, value.kind == .int { return SentenceText.percentage(points) }
        guard value.kind == .object, value.count > 0 else { return nil }
        let members = value.children.compactMap { member in
            member.kind == .int ? member.int.map { name(member.name ?? "") + " " + SentenceText.percentage($0) } : nil
        }
        return members.count == value.count ? members.joined(separator: "; ") : nil
    }

    /// The lines of a value before they are wrapped; none for what is not told.
    private func values(of item: Item) -> [String] {
        guard let json = item.variable.json, let document = try? Document(adopting: Array(json.utf8)) else {
            return ["could not be worked out: " + (item.variable.error ?? "")]
        }
        let root = document.root
        if isPlain, root.isEmptyText { return [] }
        if item.isShare, isPlain, let share = share(root) { return [share] }
        if let amount = amount(of: item.variable, root) { return [amount] }
        if item.isAmount, root.kind == .int, let currency { return [formatter.amount(root.int ?? 0, currency)] }
        if isPlain, root.kind == .object, root["id"] == nil, root.count > Self.entriesToldMax {
            return []
        }
        if root.kind == .array, root.count > 0, root.children.allSatisfy({ $0.kind == .object }) {
            let isLong = isPlain && root.count > Self.recordsToldMax
            let told = isLong ? Self.recordsToldMax - 1 : root.count
            return root.children.prefix(told).map { shortened(text(of: $0, item.amounts, item.members, currency)) }
                + (told < root.count ? ["and \(root.count - told) more"] : [])
        }
        return [shortened(text(of: root, item.amounts, item.members, currency))]
    }

    private func shortened(_ text: String) -> String {
        text.count > Self.valueCharactersMax ? text.prefix(Self.valueCharactersMax) + " …" : text
    }

    private func text(of value: View, _ amounts: AmountMembers, _ members: [String]?, _ currency: String?) -> String {
        switch value.kind {
        case .null: return "nothing"
        case .bool: return value.bool == true ? "yes" : "no"
        case .int: return String(value.int ?? 0)
        case .double: return value.double.map { "\($0)" } ?? ""
        case .string: return text(value.string ?? "")
        case .array:
            if value.count == 0 { return "none" }
            let isOfRecords = value.children.contains { $0.kind == .object }
            if isPlain, value.children.allSatisfy({ formatter.transfer($0) != nil }) {
                return SentenceText.plural(Int64(value.count), "transfer")
            }
            return value.children.map { text(of: $0, amounts, nil, currency) }
                .joined(separator: isOfRecords ? "; " : ", ")
        case .object: return text(ofRecord: value, amounts, members, currency)
        }
    }

    private func text(_ text: String) -> String {
        if let instant = Instant(rfc3339: text) { return formatter.longTime(instant) }
        if text.isEmpty { return "\"\"" }
        guard isPlain else { return text }
        if text.contains("/") { return TransferWords.place(text) }
        if let sequence = EntrySequence(padded: text) { return "#\(sequence.value)" }
        if let nanoseconds = SecondsText.nanoseconds(text) { return SentenceText.said(nanoseconds: nanoseconds) }
        let isCode = text.utf8.allSatisfy { $0 == 0x5F || (0x61...0x7A).contains($0) }
        if isCode { return SentenceText.words(text) }
        let isName = text.utf8.first.map { (0x61...0x7A).contains($0) } == true && text.allSatisfy(\.isLetter)
        return isName ? Self.words(text) : text
    }

    private func text(
        ofRecord record: View, _ amounts: AmountMembers, _ members: [String]?, _ outer: String?
    ) -> String {
        if record.count == 0 { return "none" }
        if record["sealed"] != nil, record["commitment"] != nil { return "(personal, sealed)" }
        let own = record["currency"]?.string
        if record.count == 2, let units = record["minorUnits"]?.int, let own { return formatter.amount(units, own) }
        if isPlain, let transfer = formatter.transfer(record) { return transfer }
        let currency = own ?? outer
        let told = record.children.compactMap { member -> String? in
            let name = member.name ?? ""
            if let members, !members.contains(name) { return nil }
            if isPlain, member.isEmptyText { return nil }
            if let amount = amount(member, name, amounts, currency) {
                return self.name(name) + " " + amount
            }
            let inner = text(of: member, amounts.within(name), nil, currency)
            if isPlain, name == "transfers", inner.hasSuffix(name) || inner.hasSuffix("transfer") { return inner }
            return self.name(name) + " "
                + (member.kind == .object && member["minorUnits"] == nil ? "(" + inner + ")" : inner)
        }
        return told.joined(separator: "; ")
    }

    /// A member that is an amount: its type says so, or it is called one or named after the currency.
    private func amount(
        _ member: View, _ name: String, _ amounts: AmountMembers, _ currency: String?
    ) -> String? {
        guard member.kind == .int, let units = member.int else { return nil }
        if formatter.isCurrency(name) { return formatter.amount(units, name) }
        let isAmount = amounts.contains(name) || name == "amount" || name.hasSuffix("Amount")
        guard isAmount, let currency else { return nil }
        return formatter.amount(units, currency)
    }
}

extension View {
    fileprivate var isEmptyText: Bool { kind == .string && string?.isEmpty == true }
}
