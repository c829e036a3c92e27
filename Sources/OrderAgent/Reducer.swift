package import AgentKit

/// Folds listings and the decisions on orders.
package enum OrderAgent: Agent {
    package static let name = "order"
    package static let agentClass = AgentClass.commerce

    package static func state(in tables: TableSet) -> OrderState { OrderState(in: tables) }

    package static func reduce(_ state: OrderState, _ fold: Fold, _ entry: Event) {
        func order(_ id: String, _ change: (inout Order) -> Void) { state.orders.update(id, change) }
        func product(_ id: String, _ delta: Int64) { state.products.update(id) { $0.add(delta) } }
        switch fold {
        case .productListed(let event): state.products.upsert(event.productId) { $0.list(event) }
        case .productStockAdjusted(let event): product(event.productId, event.delta)
        case .orderAccepted(let event): state.orders[event.orderId] = Order(event, at: entry.recordedTime)
        case .inventoryReserved(let event):
            product(event.productId, -event.quantity)
            order(event.orderId) { $0.isReserved = true }
        case .inventoryReleased(let event):
            product(event.productId, event.quantity)
            order(event.orderId) { $0.isReserved = false }
        case .deliveryAssigned(let event): order(event.orderId) { $0.franchiseId = event.franchiseId }
        case .orderProcessing(let event): order(event.orderId) { $0.status = .processing }
        case .orderPaymentRejected(let event): order(event.orderId) { $0.status = .paymentRejected }
        case .orderPaymentRetryAccepted(let event): order(event.orderId) { $0.retry(event) }
        case .orderDispatchRecorded(let event):
            order(event.orderId) {
                $0.status = .dispatched
                $0.riderId = event.riderId
            }
        case .orderDeliveryRecorded(let event):
            order(event.orderId) {
                $0.status = .delivered
                $0.deliveredAt = entry.recordedTime
            }
        case .orderSettlementDeferred(let event): order(event.orderId) { $0.isDeferred = true }
        case .orderSettled(let event): order(event.orderId) { $0.status = .settled }
        case .orderCancellationAccepted(let event): order(event.orderId) { $0.status = .cancelled }
        case .orderExpired(let event): order(event.orderId) { $0.status = .expired }
        case .orderRefunded(let event): order(event.orderId) { $0.refund(Amount(event.amount)) }
        case .orderRatingRecorded(let event): order(event.orderId) { $0.stars = event.stars }
        case .transferPosted(let event): state.fold(event)
        case .complaintOpened(let event):
            order(event.orderId) {
                $0.complaintId = event.complaintId
                $0.hasOpenComplaint = true
            }
        case .complaintClosed(let event):
            order(event.orderId) {
                $0.hasOpenComplaint = false
                $0.complaintOutcome = event.outcome
            }
        }
    }
}

extension OrderState {
    /// Keeps what left escrow, and of it what was not taken back.
    fileprivate func fold(_ posted: TransferPosted) {
        let purpose = posted.purpose
        if purpose == "escrow.release" {
            releases.upsert(posted.reference) { $0.add(posted) }
        } else if purpose == "escrow.refund", releases.contains(posted.reference) {
            releases.update(posted.reference) { $0.takeBack(posted) }
            if releases[posted.reference]?.total == .zero { releases[posted.reference] = nil }
        }
    }
}

extension Release {
    fileprivate mutating func add(_ posted: TransferPosted) {
        orderId = posted.reference
        for transfer in posted.transfers { parts.append(ReleasePart(transfer)) }
        total = parts.reduce(.zero) { $0 + $1.amount }
    }

    /// Takes off what went back; what a party owes instead of it is gone from its part too.
    fileprivate mutating func takeBack(_ posted: TransferPosted) {
        for transfer in posted.transfers {
            let debited = transfer.debitAccount
            let account = debited.hasPrefix("owed/") ? String(debited.dropFirst(5)) : debited
            var left = Amount(transfer.amount)
            for index in parts.indices where parts[index].account == account {
                let taken = min(left, parts[index].amount)
                parts[index].amount -= taken
                left -= taken
            }
        }
        parts.removeAll { $0.amount == .zero }
        total = parts.reduce(.zero) { $0 + $1.amount }
    }
}

extension Product {
    fileprivate mutating func list(_ event: ProductListed) {
        id = event.productId
        sellerId = event.sellerId
        title = event.title
        price = Amount(event.price)
        currency = event.currency
        stock = event.stock
        category = event.category
        tags = event.tags
        area = event.area
        requiredLevel = event.requiredLevel ?? "free"
    }

    /// Pieces more, or fewer where it is negative; held within what JSON carries exactly.
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
    }

    fileprivate mutating func retry(_ event: OrderPaymentRetryAccepted) {
        status = .awaitingPayment
        paymentMethod = event.paymentMethod
        attempt = event.attempt
    }

    /// A cancelled order stays cancelled; a partly refunded one goes on to settle.
    fileprivate mutating func refund(_ returned: Amount) {
        refunded += returned
        if status != .cancelled, complaintOutcome != "partial" { status = .refunded }
    }
}
