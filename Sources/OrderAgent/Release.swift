package import AgentKit

/// The accounts that hold the money an order's escrow paid out: an override takes it back from them, once.
package struct Release: Row {
    package var orderId = ""
    package var parts: [ReleasePart] = []
    /// The sum of the parts.
    package var total = Amount.zero
    /// The entry that paid it out, as 16 digits; a franchise's part belongs to its owner at that time.
    package var sequence = ""

    package init() {}

    package static let name = "release"
    package static let fields: RowFields<Release> = [
        .init("orderId", \.orderId), .init("parts", \.parts), .init("total", \.total),
        .init("sequence", \.sequence),
    ]
}

/// The part of an escrow that one account received.
package struct ReleasePart: Row {
    package var account = ""
    package var amount = Amount.zero

    package init() {}

    init(_ transfer: TransferPosted.Transfer) { self.init(transfer.creditAccount, Amount(transfer.amount)) }

    init(_ account: String, _ amount: Amount) {
        self.account = account
        self.amount = amount
    }

    package static let name = "releasePart"
    package static let fields: RowFields<ReleasePart> = [.init("account", \.account), .init("amount", \.amount)]
}

/// A debt from an order's refund, or its return, that found too little money; its key is the debt's id.
struct RefundDebt: Row {
    var orderId = ""
    /// The account that receives the debtor's income.
    var account = ""
    /// The account that receives what is collected.
    var creditor = ""
    var isOfBuyer = false
    var left = Amount.zero

    static let name = "refundDebt"
    static let fields: RowFields<RefundDebt> = [
        .init("orderId", \.orderId), .init("account", \.account), .init("creditor", \.creditor),
        .init("isOfBuyer", \.isOfBuyer), .init("left", \.left),
    ]
}

/// The unpaid debts of an order, oldest first.
struct OrderDebts: Row {
    var debtIds: [String] = []

    static let name = "orderDebts"
    static let fields: RowFields<OrderDebts> = [.init("debtIds", \.debtIds)]
}

extension OrderState {
    /// Notes a debt for a refund. Cash never handed in is owed for an expired order, which no correction reverses.
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

    /// Moves what was collected: the buyer's payment to the creditor, any other debtor's to the buyer.
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

    /// Leaves the cancelled part with the debtor, who keeps what was to be taken back.
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

    /// Notes money that an account has from an order, though not out of its escrow.
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
