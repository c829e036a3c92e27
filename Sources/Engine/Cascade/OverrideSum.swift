import AgentKit
import JSON
import Rules

/// What a correction moves, by currency: all that is taken back and all that is paid.
struct OverrideSum {
    private var units: [String: Int64] = [:]

    /// The sums that are more than nothing, by currency in byte order.
    var amounts: [OverrideAmount] {
        units.filter { $0.value > 0 }.map { OverrideAmount(currency: $0.key, amount: Amount($0.value)) }
            .sorted { $0.currency.utf8.lexicographicallyPrecedes($1.currency.utf8) }
    }

    /// Adds an amount; a sum stays at the greatest that entries can carry.
    mutating func add(_ amount: Int64, _ currency: String) {
        units[currency] = Self.sum(units[currency] ?? 0, amount)
    }

    static func sum(_ a: Int64, _ b: Int64) -> Int64 {
        let (sum, overflows) = a.addingReportingOverflow(max(0, b))
        return overflows ? Amount.greatest.minorUnits : min(sum, Amount.greatest.minorUnits)
    }

    /// Adds every amount in the data of an event, each in the currency of the nearest record around it that has one.
    mutating func add(_ data: View, _ members: AmountMembers, in outer: String = "") {
        guard !members.isEmpty else { return }
        guard data.kind == .object else {
            if data.kind == .array { for element in data.children { add(element, members, in: outer) } }
            return
        }
        let currency = data["currency"]?.string ?? outer
        data.forEachMember { name, value in
            if members.contains(name) { add(value.int ?? 0, currency) }
            add(value, members.within(name), in: currency)
        }
    }
}
