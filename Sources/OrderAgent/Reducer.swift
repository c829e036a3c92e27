package import AgentKit

/// Folds listings, payments, disputes, cash and the decisions on orders.
package enum OrderAgent: Agent {
    package static let name = "order"
    package static let agentClass = AgentClass.commerce

    package static func state(in tables: TableSet) -> OrderState { OrderState(in: tables) }

    package static func reduce(_ state: OrderState, _ fold: Fold, _ entry: Event) {
        func order(_ id: String, _ change: (inout Order) -> Void) { state.orders.update(id, change) }
        func product(_ id: String, _ delta: Int64) { state.products.update(id) { $0.add(delta) } }
        switch fold {
        case .productListed(let event):
            state.listings[event.productId] = event.revision.map { Listing(revision: $0) }
        case .productRecorded(let event): state.list(event)
        case .productStockRecorded(let event): product(event.productId, event.delta)
        case .orderAccepted(let event): state.orders[event.orderId] = Order(event, at: entry.recordedTime)
        case .inventoryReserved(let event):
            product(event.productId, -event.quantity)
            order(event.orderId) { $0.isReserved = true }
        case .inventoryReleased(let event):
            product(event.productId, event.quantity)
            order(event.orderId) { $0.isReserved = false }
        case .deliveryAssigned(let event): order(event.orderId) { $0.franchiseId = event.franchiseId }
        case .orderProcessing(let event):
            order(event.orderId) {
                $0.status = .processing
                $0.processingAt = entry.recordedTime
            }
        case .orderPaymentRejected(let event): order(event.orderId) { $0.status = .paymentRejected }
        case .orderPaymentRetryAccepted(let event): order(event.orderId) { $0.retry(event) }
        case .orderDispatchRecorded(let event):
            order(event.orderId) {
                $0.status = .dispatched
                $0.dispatchedAt = entry.recordedTime
                $0.riderId = event.riderId
                $0.isReserved = false
            }
        case .orderDeliveryRecorded(let event):
            order(event.orderId) {
                $0.status = .delivered
                $0.deliveredAt = entry.recordedTime
                $0.isReserved = false
            }
        case .orderSettlementDeferred(let event): order(event.orderId) { $0.wait(event) }
        case .orderSettled(let event): order(event.orderId) { $0.status = .settled }
        case .orderCancellationAccepted(let event):
            order(event.orderId) {
                $0.status = .cancelled
                $0.owe($0.total)
            }
        case .orderExpired(let event): state.expire(event.orderId)
        case .orderRefunded(let event): order(event.orderId) { $0.refund(Amount(event.amount)) }
        case .orderRatingRecorded(let event): order(event.orderId) { $0.stars = event.stars }
        case .transferPosted(let event): state.fold(event, by: entry.sequence)
        case .paymentAuthorized(let event): state.fold(event, at: entry.sequence)
        case .paymentRefundRequested(let event): state.open(event)
        case .paymentRefundClosed(let event): state.close(event)
        case .suspenseRecorded(let event): state.fold(event)
        case .suspenseMatched(let event): state.fold(event)
        case .paymentDisputed(let event): state.fold(event)
        case .disputeOpened(let event): state.fold(event)
        case .disputeClosed(let event): state.fold(event)
        case .complaintOpened(let event):
            order(event.orderId ?? "") {
                $0.complaintId = event.complaintId
                $0.hasOpenComplaint = true
            }
        case .complaintClosed(let event):
            order(event.orderId ?? "") {
                if $0.complaintId == event.complaintId { $0.close(event) }
            }
        case .debtRecorded(let event): state.fold(event)
        case .debtCollected(let event): state.fold(event, by: entry.sequence)
        case .debtCancelled(let event): state.fold(event, by: entry.sequence)
        case .cashRecorded(let event): state.collect(event, at: entry.recordedTime)
        case .cashRemittanceRecorded(let event): state.remit(event)
        }
    }
}

extension OrderState {
    fileprivate func list(_ event: ProductRecorded) {
        let id = event.productId
        let listing = listings[id]
        products.upsert(id) { $0.list(event, listing) }
        listings[id] = nil
    }

    /// Tracks the money paid out of escrow and not taken back, deposits by providers, and the amounts held for
    /// disputes.
    fileprivate func fold(_ posted: TransferPosted, by sequence: EntrySequence) {
        switch posted.purpose {
        case "escrow.release":
            releases.upsert(posted.reference) {
                $0.add(posted)
                $0.sequence = sequence.padded
            }
        case "escrow.refund": takeBack(posted, of: posted.reference)
        case "escrow.return":
            // An amount that the buyer gave back, or now owes, no longer counts as refunded.
            var returned = Amount.zero
            for transfer in posted.transfers {
                let amount = Amount(transfer.amount)
                returned += amount
                guard !transfer.debitAccount.hasPrefix("owed/"), !transfer.creditAccount.hasPrefix("escrow/") else {
                    continue
                }
                give(amount, to: transfer.creditAccount, of: posted.reference, by: sequence)
            }
            orders.update(posted.reference) { $0.refunded -= min($0.refunded, returned) }
        case "deposit": foldDeposit(posted)
        case "dispute.hold": foldHold(posted)
        case "dispute.won": foldWon(posted)
        case "dispute.lost": foldLost(posted)
        default: break
        }
    }

    /// Takes transfers off the parts of an order's release.
    /// - Parameter former: True where a franchise's part may come from its owner at the time.
    func takeBack(_ posted: TransferPosted, of orderId: String, former: Bool = false) {
        guard releases.update(orderId, { $0.takeBack(posted, former) }) else { return }
        if releases[orderId]?.total == .zero { releases[orderId] = nil }
    }
}

extension Release {
    fileprivate mutating func add(_ posted: TransferPosted) {
        orderId = posted.reference
        for transfer in posted.transfers { parts.append(ReleasePart(transfer)) }
        total = parts.reduce(.zero) { $0 + $1.amount }
    }

    /// Deducts what was taken back; an amount that a party owes instead is deducted from its part too.
    fileprivate mutating func takeBack(_ posted: TransferPosted, _ former: Bool) {
        for transfer in posted.transfers {
            let debited = transfer.debitAccount
            let account = debited.hasPrefix("owed/") ? String(debited.dropFirst(5)) : debited
            var left = Amount(transfer.amount)
            take(&left) { $0 == account }
            if former, !account.hasPrefix("escrow/") { take(&left) { $0.hasPrefix("franchise/") } }
        }
        parts.removeAll { $0.amount == .zero }
        total = parts.reduce(.zero) { $0 + $1.amount }
    }

    private mutating func take(_ left: inout Amount, from isMeant: (String) -> Bool) {
        for index in parts.indices where isMeant(parts[index].account) {
            let taken = min(left, parts[index].amount)
            parts[index].amount -= taken
            left -= taken
        }
    }
}

extension Product {
    /// Applies a listing; one that is repeated keeps the stock and whatever else it does not name.
    fileprivate mutating func list(_ event: ProductRecorded, _ listing: Listing?) {
        id = event.productId
        sellerId = event.sellerId
        title = event.title
        price = Amount(event.price)
        currency = event.currency
        if let given = event.stock { stock = given }
        if let fee = event.deliveryFee { deliveryFee = Amount(fee) }
        category = event.category
        tags = event.tags
        area = event.area
        if let level = event.requiredLevel { requiredLevel = level }
        if let given = listing?.revision { revision = given }
    }

    /// Adds pieces (removes them where negative), clamped to the integers that JSON carries exactly.
    fileprivate mutating func add(_ delta: Int64) {
        let greatest = Amount.greatest.minorUnits
        stock = min(greatest, max(-greatest, stock + delta))
    }
}

extension Order {
    fileprivate init(_ event: OrderAccepted, at time: Instant) {
        id = event.orderId
        buyerId = event.buyerId
        sellerId = event.sellerId
        productId = event.productId
        quantity = event.quantity
        amount = Amount(event.amount)
        deliveryFee = Amount(event.deliveryFee)
        currency = event.currency
        paymentMethod = event.paymentMethod
        area = event.area
        delivery = event.delivery
        placedAt = time
        awaitsCash = paymentMethod == "cash" && total > .zero
    }

    fileprivate var total: Amount { amount + deliveryFee }

    fileprivate mutating func retry(_ event: OrderPaymentRetryAccepted) {
        status = .awaitingPayment
        paymentMethod = event.paymentMethod
        attempt = event.attempt
        paidBy = nil
        paymentReference = nil
    }

    fileprivate mutating func wait(_ event: OrderSettlementDeferred) {
        isDeferred = true
        deferredBy = event.by
        deferredFor = event.reason
    }

    /// Closes the complaint. Where it is rejected before delivery, an order that the buyer had not completed goes on as
    /// before.
    fileprivate mutating func close(_ event: ComplaintClosed) {
        hasOpenComplaint = false
        complaintOutcome = event.outcome
        switch event.outcome {
        case "rejected":
            owe(.zero)
            if status != .delivered, deferredBy != "buyer" { isDeferred = false }
        case "partial": owe(Amount(event.refundAmount))
        default: owe(total)
        }
    }

    /// Sets the refund due. Cash goes back once it is handed in, up to what was collected; any other money goes back at
    /// once.
    fileprivate mutating func owe(_ refund: Amount) {
        refundDue = awaitsCash ? min(refund, collected ?? .zero) : .zero
    }

    /// Adds a refund. An order that was cancelled or expired stays so, and a partly refunded one goes on to settle.
    fileprivate mutating func refund(_ returned: Amount) {
        refunded += returned
        refundDue = .zero
        if status != .cancelled, status != .expired, complaintOutcome != "partial" { status = .refunded }
    }
}
