import AgentKit

extension OrderState {
    /// Notes an authorization. Only the first report of a reference counts, as a provider may repeat itself. It pays an
    /// order that awaits payment, unless it turns out not to match.
    func fold(_ event: PaymentAuthorized, at sequence: EntrySequence) {
        let reference = Self.key(event.provider, event.reference)
        guard paymentReferences[reference]?.authorization == nil else { return }
        let id = sequence.padded
        var payment = Payment(event.provider, event.reference, Amount(event.amount), event.currency)
        payment.orderId = event.orderId
        payments[id] = payment
        paymentReferences.upsert(reference) { $0.authorization = id }
        orders.update(event.orderId) { if $0.status == .awaitingPayment { $0.pay(by: payment) } }
    }

    func fold(_ event: SuspenseRecorded) {
        if let orderId = event.orderId {
            orders.update(orderId) { order in
                guard order.paidBy == event.provider, order.paymentReference == event.reference else { return }
                order.paidBy = nil
                order.paymentReference = nil
            }
        } else {
            deposited(
                event.suspenseId, event.provider, event.reference, event.userId, Amount(event.amount), event.currency)
        }
    }

    func fold(_ event: SuspenseMatched) {
        guard let orderId = event.orderId, let payment = payments[event.suspenseId] else { return }
        orders.update(orderId) { $0.pay(by: payment) }
    }

    /// Notes a booked deposit from `gateway/<provider>` to `wallet/<user>`.
    func foldDeposit(_ posted: TransferPosted) {
        var transfers = posted.transfers.makeIterator()
        guard let transfer = transfers.next() else { return }
        let from = transfer.debitAccount.split(separator: "/")
        let to = transfer.creditAccount.split(separator: "/")
        guard from.count == 3, to.count == 3, from[0] == "gateway", to[0] == "wallet" else { return }
        deposited(
            posted.requested, String(from[1]), posted.reference, String(to[1]), Amount(transfer.amount), String(to[2]))
    }

    private func deposited(
        _ id: String, _ provider: String, _ reference: String, _ userId: String?, _ amount: Amount, _ currency: String
    ) {
        let key = Self.key(provider, reference)
        guard paymentReferences[key]?.deposit == nil else { return }
        var payment = Payment(provider, reference, amount, currency)
        payment.userId = userId
        payments[id] = payment
        paymentReferences.upsert(key) { $0.deposit = id }
    }

    fileprivate static func key(_ provider: String, _ reference: String) -> String { provider + "/" + reference }
}

extension OrderState {
    func fold(_ event: PaymentDisputed) {
        guard chargebacks[event.disputeId]?.isOpened != true else { return }
        var chargeback = Chargeback()
        chargeback.provider = event.provider
        chargeback.reference = event.reference
        chargeback.asked = Amount(event.amount)
        chargeback.currency = event.currency
        chargebacks[event.disputeId] = chargeback
    }

    func fold(_ event: DisputeOpened) {
        chargebacks.update(event.disputeId) { chargeback in
            let known = paymentReferences[Self.key(chargeback.provider, chargeback.reference)]
            chargeback.isOpened = true
            chargeback.orderId = event.orderId
            chargeback.paymentId = event.orderId == nil ? known?.deposit : known?.authorization
        }
        guard let orderId = event.orderId else { return }
        orders.update(orderId) { order in
            order.openDisputes += 1
            order.hasOpenDispute = true
            order.disputeId = event.disputeId
        }
    }

    func fold(_ event: DisputeClosed) {
        guard let chargeback = chargebacks[event.disputeId] else { return }
        if let orderId = chargeback.orderId {
            orders.update(orderId) { order in
                order.openDisputes -= 1
                order.hasOpenDispute = order.openDisputes > 0
            }
        }
        if event.outcome == "won", let id = chargeback.paymentId {
            payments.update(id) { $0.disputed -= chargeback.due }
        }
    }

    /// Notes the amount held for a dispute: neither what was taken nor what is owed belongs to the former recipients
    /// now.
    func foldHold(_ posted: TransferPosted) {
        guard var chargeback = chargebacks[posted.reference] else { return }
        var more = Amount.zero
        for transfer in posted.transfers {
            more += Amount(transfer.amount)
            if transfer.creditAccount.hasPrefix("dispute/") {
                chargeback.parts.append(ReleasePart(transfer.debitAccount, Amount(transfer.amount)))
            }
        }
        chargeback.due += more
        chargebacks[posted.reference] = chargeback
        if let id = chargeback.paymentId { payments.update(id) { $0.disputed += more } }
        if let orderId = chargeback.orderId { takeBack(posted, of: orderId, former: true) }
    }

    /// Notes what a lost dispute receives after its end: money of a refund that failed.
    func foldLost(_ posted: TransferPosted) {
        var more = Amount.zero
        for transfer in posted.transfers where transfer.debitAccount.hasPrefix("escrow/") {
            more += Amount(transfer.amount)
        }
        guard more > .zero, let id = chargebacks[posted.reference]?.paymentId else { return }
        chargebacks.update(posted.reference) { $0.due += more }
        payments.update(id) { $0.disputed += more }
    }

    /// Returns the held amount of a won dispute to its former recipients, who owe it again if the order's end is
    /// corrected.
    func foldWon(_ posted: TransferPosted) {
        guard let orderId = chargebacks[posted.reference]?.orderId, let order = orders[orderId],
            order.status == .settled
        else { return }
        releases.upsert(orderId) { $0.give(posted, for: order) }
    }
}

extension OrderState {
    func open(_ event: PaymentRefundRequested) {
        guard let orderId = event.orderId, let buyer = orders[orderId]?.buyerId,
            !pendingRefunds.contains(event.refundId)
        else { return }
        pendingRefunds[event.refundId] = PendingRefund(userId: buyer)
        refundees.upsert(buyer) { $0.pending += 1 }
    }

    func close(_ event: PaymentRefundClosed) {
        guard let refund = pendingRefunds[event.refundId] else { return }
        pendingRefunds[event.refundId] = nil
        let left = (refundees[refund.userId]?.pending ?? 0) - 1
        refundees[refund.userId] = left > 0 ? Refundee(pending: left) : nil
    }
}

extension Order {
    fileprivate mutating func pay(by payment: Payment) {
        paidBy = payment.provider
        paymentReference = payment.reference
    }
}

extension Release {
    fileprivate mutating func give(_ posted: TransferPosted, for order: Order) {
        orderId = order.id
        for transfer in posted.transfers {
            let credited = transfer.creditAccount
            let account = credited.hasPrefix("owed/") ? String(credited.dropFirst(5)) : credited
            if account.hasPrefix("escrow/") || account == "wallet/" + order.buyerId + "/" + order.currency { continue }
            parts.append(ReleasePart(account, Amount(transfer.amount)))
        }
        total = parts.reduce(.zero) { $0 + $1.amount }
    }
}
