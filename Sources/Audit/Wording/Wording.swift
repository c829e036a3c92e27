import AgentKit
import JSON
import Rules

/// Says entries in words that a person who is no programmer understands. Personal data is never among them: entries
/// hold it sealed.
struct Wording: Sendable {
    let layout: Layout
    var facts: CaseFacts
    /// The ledger's time: that of its newest entry. Times of its year are told without the year.
    var present: Instant?

    init(_ layout: Layout, _ facts: CaseFacts = CaseFacts(), present: Instant? = nil) {
        self.layout = layout
        self.facts = facts
        self.present = present
    }

    /// When an entry was recorded.
    func time(of entry: View) -> String {
        entry.instant("recordedtime").map { layout.shortTime($0, present: present) } ?? ""
    }

    /// What happened, in one line, as the event's declaration says it: `F-zoneone fined PKR 39.98 (2.00 % of 1,999.00)`.
    func sentence(_ entry: View) -> String {
        let text = layout.sentences.text(entry)
        guard entry["type"]?.isString("fine.imposed") == true, let data = entry["data"] else { return text }
        return text + share(of: data)
    }

    /// Which share of its order a fine is; empty where that is not known.
    private func share(of fine: View) -> String {
        let amount = fine.integer("amount")
        guard let order = facts.order(of: fine), order.amount > 0, order.currency == fine.text("currency"),
            let share = share(amount, of: order.amount)
        else { return "" }
        return " (\(share) of \(layout.decimal(order.amount, order.currency)))"
    }

    /// `2.00 %` where the amount is a share in whole basis points, rounded down as fines are.
    private func share(_ amount: Int64, of whole: Int64) -> String? {
        let points = (Int128(amount) * 10_000 + Int128(whole) - 1) / Int128(whole)
        guard points > 0, points <= 10_000, Int128(whole) * points / 10_000 == Int128(amount) else { return nil }
        let rest = points % 100
        return "\(points / 100).\(rest < 10 ? "0" : "")\(rest) %"
    }
}
