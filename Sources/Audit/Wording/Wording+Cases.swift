extension Wording {
    /// `COMP-001  Delivery delay on ORD-001 (PKR 1,999.00)` and how it stands; nil where the complaint is not known.
    func headline(complaint id: String) -> (what: String, state: String)? {
        guard let complaint = facts.complaints[id] else { return nil }
        let kind = complaint.kind.isEmpty ? "Complaint" : complaint.kind.replacingUnderscores.capitalizedFirst
        let order = facts.orders[complaint.orderId]
        let price = order.map { " (" + layout.amount($0.amount, $0.currency) + ")" } ?? ""
        return (id + "  " + kind + " on " + complaint.orderId + price, state(of: complaint, order?.currency ?? ""))
    }

    private func state(of complaint: CaseFacts.Complaint, _ currency: String) -> String {
        let refund = layout.amount(complaint.refundAmount, currency)
        switch (complaint.status, complaint.outcome) {
        case ("closed", "rejected"): return "rejected"
        case ("closed", "unresolved"): return "closed as unresolved, \(refund) refunded"
        case ("closed", _): return "resolved, \(refund) refunded"
        case ("frozen", _): return "frozen"
        case ("open", _):
            let holder = complaint.franchiseId.map { " " + $0 } ?? ""
            return "unresolved, with the \(complaint.tier) franchise\(holder)"
        case (let status, _): return status
        }
    }

    /// `ORD-001  1 × P-speaker, U-ali from U-sana (PKR 1,999.00)` and how it stands; nil where the order is not known.
    func headline(order id: String) -> (what: String, state: String)? {
        guard let order = facts.orders[id] else { return nil }
        let what = "\(id)  \(order.quantity) × \(order.productId), \(order.buyerId) from \(order.sellerId)"
        return (what + " (" + layout.amount(order.amount, order.currency) + ")", order.status)
    }
}
