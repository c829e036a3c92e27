import AgentKit
import JSON

/// Lays out JSON for reading: a line a member, amounts with their currency, times in the calendar's zone.
struct Sheet {
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
    /// - Parameter amounts: those in the object.
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

    /// - Parameter currency: that of an amount; nil where it is none.
    private func text(of value: View, currency: String?) -> String {
        if let currency, let total = Total(value) { return layout.amount(total, currency) }
        switch value.kind {
        case .int: return String(value.int ?? 0)
        case .string:
            let text = value.string ?? ""
            return Instant(rfc3339: text).map(layout.time) ?? text
        case .bool: return value.bool == true ? "yes" : "no"
        case .null: return "none"
        default: return value.double.map { "\($0)" } ?? ""
        }
    }
}
