import AgentKit

/// What somebody owes because an order's refund, or its return, found too little; its key is the debt's id.
struct RefundDebt: Row {
    var orderId = ""
    /// Where the debtor's income arrives.
    var account = ""
    /// Where what is collected goes.
    var creditor = ""
    var isOfBuyer = false
    var left = Amount.zero

    static let name = "refundDebt"
    static let fields: RowFields<RefundDebt> = [
        .init("orderId", \.orderId), .init("account", \.account), .init("creditor", \.creditor),
        .init("isOfBuyer", \.isOfBuyer), .init("left", \.left),
    ]
}

/// The debts for an order that are not paid, the oldest first.
struct OrderDebts: Row {
    var debtIds: [String] = []

    static let name = "orderDebts"
    static let fields: RowFields<OrderDebts> = [.init("debtIds", \.debtIds)]
}

extension OrderState {
    /// Cash that was not handed in is owed for an order that has expired, which no correction turns.
    func fold(_ event: DebtRecorded) {
        guard event.kind == "refund", let order = orders[event.reference], order.status != .expired else { return }
        var debt = RefundDebt()
        debt.orderId = order.id
        debt.account = (event.party == "franchise" ? "franchise/" : "wallet/") + event.partyId + "/" + event.currency
        debt.creditor = (event.creditorId.map { "wallet/" + $0 } ?? "platform/fees") + "/" + event.currency
        debt.isOfBuyer = event.party == "user" && event.partyId == order.buyerId
        debt.left = Amount(event.amount)
        refundDebts[event.debtId] = debt
        orderDebts.upsert(order.id) { $0.debtIds.append(event.debtId) }
    }

    /// What the buyer pays is with who was to have it; what others pay is with the buyer.
    func fold(_ event: DebtCollected, by sequence: EntrySequence) {
        guard let debt = refundDebts[event.debtId] else { return }
        let paid = Amount(event.amount)
        if debt.isOfBuyer {
            give(paid, to: debt.creditor, of: debt.orderId, by: sequence)
        } else {
            orders.update(debt.orderId) { $0.refunded += paid }
        }
        lower(event.debtId, debt, by: paid)
    }

    /// Whoever owed a part that was to be taken back, and owes it no more, keeps that part.
    func fold(_ event: DebtCancelled, by sequence: EntrySequence) {
        guard let debt = refundDebts[event.debtId] else { return }
        let kept = Amount(event.amount)
        if !debt.isOfBuyer { give(kept, to: debt.account, of: debt.orderId, by: sequence) }
        lower(event.debtId, debt, by: kept)
    }

    private func lower(_ id: String, _ debt: RefundDebt, by amount: Amount) {
        guard amount < debt.left else {
            refundDebts[id] = nil
            var open = orderDebts[debt.orderId] ?? OrderDebts()
            open.debtIds.removeAll { $0 == id }
            orderDebts[debt.orderId] = open.debtIds.isEmpty ? nil : open
            return
        }
        refundDebts.update(id) { $0.left -= amount }
    }

    /// Notes what an account has of an order, though not out of its escrow.
    func give(_ amount: Amount, to account: String, of orderId: String, by sequence: EntrySequence) {
        releases.upsert(orderId) { release in
            release.orderId = orderId
            if release.sequence.isEmpty { release.sequence = sequence.padded }
            if let index = release.parts.firstIndex(where: { $0.account == account }) {
                release.parts[index].amount += amount
            } else {
                release.parts.append(ReleasePart(account, amount))
            }
            release.total += amount
        }
    }
}
