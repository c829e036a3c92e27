import AgentKit
import JSON

/// Lays out JSON for reading: a line a member, amounts with their currency, times in the calendar's zone.
struct Sheet {
    /// Members that are amounts in minor units of the record's currency.
    private static let amountMembers: Set<String> = [
        "amount", "available", "balance", "creditsPending", "creditsPosted", "debitsPending", "debitsPosted",
        "deliveryFee", "fee", "fined", "fines", "income", "net", "owed", "penalty", "price", "refundAmount", "refunded",
        "remaining",
    ]

    let layout: Layout
    /// The currency of amounts whose record names none.
    let currency: String?
    private(set) var lines: [String] = []

    init(_ layout: Layout, currency: String? = nil) {
        self.layout = layout
        self.currency = currency
    }

    /// Adds a line for a member.
    mutating func add(_ name: String, _ text: String, indent: Int = 0) {
        lines.append(String(repeating: " ", count: indent * 2) + (name + ": ").padded(28 - indent * 2) + text)
    }

    /// Adds a line that stands above others.
    mutating func addHeading(_ name: String, indent: Int = 0) {
        lines.append(String(repeating: " ", count: indent * 2) + name + ":")
    }

    /// Adds a line for each member of an object, and its members under those that are objects or lists themselves.
    mutating func add(_ object: View, indent: Int = 0) {
        let currency = object["currency"]?.string ?? currency
        object.forEachMember { name, value in add(name, value, currency: currency, indent: indent) }
    }

    private mutating func add(_ name: String, _ value: View, currency: String?, indent: Int) {
        switch value.kind {
        case .object:
            if value.count == 0 { return add(name, "none", indent: indent) }
            addHeading(name, indent: indent)
            value["sealed"] == nil ? add(value, indent: indent + 1) : add("sealed", "personal data", indent: indent + 1)
        case .array:
            if value.count == 0 { return add(name, "none", indent: indent) }
            for index in 0..<value.count {
                add("\(name) \(index + 1)", value.element(index), currency: currency, indent: indent)
            }
        default:
            add(name, text(of: value, named: name, currency: currency), indent: indent)
        }
    }

    private func text(of value: View, named name: String, currency: String?) -> String {
        switch value.kind {
        case .int:
            let number = value.int ?? 0
            guard let currency, Self.amountMembers.contains(name) else { return String(number) }
            return layout.amount(number, currency)
        case .string:
            let text = value.string ?? ""
            return Instant(rfc3339: text).map(layout.time) ?? text
        case .bool: return value.bool == true ? "yes" : "no"
        case .null: return "none"
        default: return value.double.map { "\($0)" } ?? ""
        }
    }
}
