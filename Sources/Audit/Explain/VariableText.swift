import AgentKit
import JSON
import Rules

/// The values of a rule's named expressions, for reading: a line each, times in the calendar's zone, amounts with their
/// currency's decimals.
struct VariableText {
    /// Characters of a value that are shown.
    private static let valueCharactersMax = 900
    private static let lineCharacters = 84

    let layout: Layout

    /// - Parameter amounts: those in each value that is JSON of a known type.
    func lines(_ variables: [RuleTrace.Variable], amounts: [AmountMembers] = []) -> [String] {
        let width = variables.map(\.name.count).max() ?? 0
        return variables.enumerated().flatMap { index, variable -> [String] in
            let amounts = index < amounts.count ? amounts[index] : .none
            let name = "  " + variable.name.padded(width) + "  "
            let rest = String(repeating: " ", count: name.count)
            return wrapped(text(of: variable, amounts), Self.lineCharacters).enumerated().map { index, line in
                ((index == 0 ? name : rest) + line).trimmedEnd
            }
        }
    }

    private func text(of variable: RuleTrace.Variable, _ amounts: AmountMembers) -> String {
        guard let json = variable.json, let document = try? Document(adopting: Array(json.utf8)) else {
            return "could not be worked out: " + (variable.error ?? "")
        }
        let text = text(of: document.root, amounts, currency: nil)
        return text.count > Self.valueCharactersMax ? text.prefix(Self.valueCharactersMax) + " …" : text
    }

    private func text(of value: View, _ amounts: AmountMembers, currency: String?) -> String {
        switch value.kind {
        case .null: return "nothing"
        case .bool: return value.bool == true ? "yes" : "no"
        case .int:
            let number = value.int ?? 0
            if let currency, let name = value.name, amounts.contains(name) {
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
            return value.children.map { text(of: $0, amounts, currency: currency) }.joined(separator: ", ")
        case .object:
            if value.count == 0 { return "none" }
            if value["sealed"] != nil, value["commitment"] != nil { return "(personal, sealed)" }
            let own = value["currency"]?.string ?? currency
            if value.count == 2, let units = value["minorUnits"]?.int, let own { return layout.amount(units, own) }
            return value.children.map { child in
                let name = child.name ?? ""
                let isScalar = child.kind != .object && child.kind != .array
                return name + " " + text(of: child, isScalar ? amounts : amounts.within(name), currency: own)
            }.joined(separator: ", ")
        }
    }
}
