package import AgentKit

/// Folds listings and the decisions on orders.
package enum OrderAgent: Agent {
    package enum Fold: String, CaseIterable, Sendable {
        case productListed = "product.listed"
        case stockAdjusted = "product.stock.adjusted"
        case accepted = "order.accepted"
        case reserved = "inventory.reserved"
        case released = "inventory.released"
        case deliveryAssigned = "delivery.assigned"
        case processing = "order.processing"
        case paymentRejected = "order.payment.rejected"
        case retryAccepted = "order.payment.retry.accepted"
        case dispatched = "order.dispatch.recorded"
        case delivered = "order.delivery.recorded"
        case deferred = "order.settlement.deferred"
        case settled = "order.settled"
        case cancelled = "order.cancellation.accepted"
        case expired = "order.expired"
        case refunded = "order.refunded"
        case rated = "order.rating.recorded"
        case transferPosted = "transfer.posted"
        case complaintOpened = "complaint.opened"
        case complaintClosed = "complaint.closed"
    }

    package static let name = "order"
    package static let agentClass = AgentClass.commerce

    package static func state(in tables: TableSet) -> OrderState { OrderState(in: tables) }

    package static func reduce(_ state: OrderState, _ fold: Fold, _ event: Event) {
        let data = event.data
        func order(_ change: (inout Order) -> Void) { state.orders.update(data.text("orderId"), change) }
        switch fold {
        case .productListed: state.products.upsert(data.text("productId")) { $0.list(data) }
        case .stockAdjusted: state.products.update(data.text("productId")) { $0.add(data.integer("delta")) }
        case .accepted: state.orders[data.text("orderId")] = Order(accepted: data, at: event.recordedTime)
        case .reserved:
            state.products.update(data.text("productId")) { $0.add(-data.integer("quantity")) }
            order { $0.isReserved = true }
        case .released:
            state.products.update(data.text("productId")) { $0.add(data.integer("quantity")) }
            order { $0.isReserved = false }
        case .deliveryAssigned: order { $0.franchiseId = data["franchiseId"]?.string }
        case .processing: order { $0.status = .processing }
        case .paymentRejected: order { $0.status = .paymentRejected }
        case .retryAccepted: order { $0.retry(data) }
        case .dispatched:
            order {
                $0.status = .dispatched
                $0.riderId = data["riderId"]?.string
            }
        case .delivered:
            order {
                $0.status = .delivered
                $0.deliveredAt = event.recordedTime
            }
        case .deferred: order { $0.isDeferred = true }
        case .settled: order { $0.status = .settled }
        case .cancelled: order { $0.status = .cancelled }
        case .expired: order { $0.status = .expired }
        case .refunded: order { $0.refund(data.amount("amount")) }
        case .rated: order { $0.stars = data.integer("stars") }
        case .transferPosted: state.fold(transfers: data)
        case .complaintOpened:
            order {
                $0.complaintId = data.text("complaintId")
                $0.hasOpenComplaint = true
            }
        case .complaintClosed:
            order {
                $0.hasOpenComplaint = false
                $0.complaintOutcome = data.text("outcome")
            }
        }
    }
}

extension OrderState {
    /// Keeps what left escrow, and of it what was not taken back.
    fileprivate func fold(transfers data: View) {
        guard let purpose = data["purpose"] else { return }
        if purpose.isString("escrow.release") {
            releases.upsert(data.text("reference")) { $0.add(data) }
        } else if purpose.isString("escrow.refund"), releases.contains(data.text("reference")) {
            releases.update(data.text("reference")) { $0.takeBack(data) }
            if releases[data.text("reference")]?.total == .zero { releases[data.text("reference")] = nil }
        }
    }
}

extension Release {
    fileprivate mutating func add(_ data: View) {
        orderId = data.text("reference")
        data["transfers"]?.forEachElement { parts.append(ReleasePart($0)) }
        total = parts.reduce(.zero) { $0 + $1.amount }
    }

    /// Takes off what went back; what a party owes instead of it is gone from its part too.
    fileprivate mutating func takeBack(_ data: View) {
        data["transfers"]?.forEachElement { transfer in
            let debited = transfer.text("debitAccount")
            let account = debited.hasPrefix("owed/") ? String(debited.dropFirst(5)) : debited
            var left = transfer.amount("amount")
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
    fileprivate mutating func list(_ data: View) {
        id = data.text("productId")
        sellerId = data.text("sellerId")
        title = data.text("title")
        price = data.amount("price")
        currency = data.text("currency")
        stock = data.integer("stock")
        category = data.text("category")
        tags = data.texts("tags")
        area = data.text("area")
        requiredLevel = data["requiredLevel"]?.string ?? "free"
    }

    /// Pieces more, or fewer where it is negative; held within what JSON carries exactly.
    fileprivate mutating func add(_ delta: Int64) {
        let greatest = Amount.greatest.minorUnits
        stock = min(greatest, max(-greatest, stock + delta))
    }
}

extension Order {
    fileprivate init(accepted data: View, at time: Instant) {
        id = data.text("orderId")
        buyerId = data.text("buyerId")
        sellerId = data.text("sellerId")
        productId = data.text("productId")
        quantity = data.integer("quantity")
        amount = data.amount("amount")
        deliveryFee = data.amount("deliveryFee")
        currency = data.text("currency")
        paymentMethod = data.text("paymentMethod")
        area = data.text("area")
        delivery = data.text("delivery")
        placedAt = time
    }

    fileprivate mutating func retry(_ data: View) {
        status = .awaitingPayment
        paymentMethod = data.text("paymentMethod")
        attempt = data.integer("attempt")
    }

    /// A cancelled order stays cancelled; a partly refunded one goes on to settle.
    fileprivate mutating func refund(_ returned: Amount) {
        refunded += returned
        if status != .cancelled, complaintOutcome != "partial" { status = .refunded }
    }
}
