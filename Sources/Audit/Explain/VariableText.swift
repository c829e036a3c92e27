import AgentKit
import JSON
import Rules

/// What a rule's named expressions came to, for reading: a line each, times in the calendar's zone, amounts of a record
/// with its currency's decimals.
struct VariableText {
    /// Characters of a value that are shown.
    private static let valueCharactersMax = 900
    private static let lineCharacters = 84
    /// Members that are amounts in the currency of their record.
    private static let amounts: Set<String> = [
        "amount", "deliveryFee", "fined", "price", "refundAmount", "refunded", "remaining",
    ]

    let layout: Layout

    func lines(_ variables: [RuleTrace.Variable]) -> [String] {
        let width = variables.map(\.name.count).max() ?? 0
        return variables.flatMap { variable -> [String] in
            let name = "  " + variable.name.padded(width) + "  "
            let rest = String(repeating: " ", count: name.count)
            return wrapped(text(of: variable), Self.lineCharacters).enumerated().map { index, line in
                ((index == 0 ? name : rest) + line).trimmedEnd
            }
        }
    }

    private func text(of variable: RuleTrace.Variable) -> String {
        guard let json = variable.json, let document = try? Document(adopting: Array(json.utf8)) else {
            return "could not be worked out: " + (variable.error ?? "")
        }
        let text = text(of: document.root, currency: nil)
        return text.count > Self.valueCharactersMax ? text.prefix(Self.valueCharactersMax) + " …" : text
    }

    private func text(of value: View, currency: String?) -> String {
        switch value.kind {
        case .null: return "nothing"
        case .bool: return value.bool == true ? "yes" : "no"
        case .int:
            let number = value.int ?? 0
            if let currency, let name = value.name, Self.amounts.contains(name) {
                return layout.amount(number, currency)
            }
            return String(number)
        case .double: return value.double.map { "\($0)" } ?? ""
        case .string:
            let text = value.string ?? ""
            if let instant = Instant(rfc3339: text) { return layout.longTime(instant) }
            return text.isEmpty ? "\"\"" : text
        case .array:
            if value.count == 0 { return "none" }
            return value.children.map { text(of: $0, currency: currency) }.joined(separator: ", ")
        case .object:
            if value.count == 0 { return "none" }
            if value["sealed"] != nil, value["commitment"] != nil { return "(personal, sealed)" }
            let own = value["currency"]?.string ?? currency
            return value.children.map { ($0.name ?? "") + " " + text(of: $0, currency: own) }.joined(separator: ", ")
        }
    }
}
