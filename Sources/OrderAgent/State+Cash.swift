import AgentKit

extension OrderState {
    /// The orders that an amount of cash covers, oldest first, with the part that each takes.
    func covered(by amount: Amount, from riderId: String, _ currency: String) -> [(order: Order, taken: Amount)] {
        var left = amount
        var covered: [(order: Order, taken: Amount)] = []
        let prefix = CashPlace.prefix(riderId, currency)
        cash.forEachKey(from: prefix) { key in
            guard left > .zero, key.hasPrefix(prefix) else { return false }
            guard let place = cash[key], let order = orders[place.orderId] else { return true }
            let taken = min(left, order.owedInCash)
            covered.append((order, taken))
            left -= taken
            return true
        }
        return covered
    }

    /// The number of orders whose cash a rider has held since before a moment, and the first `most` of them.
    func cashHeld(before moment: Instant, most: Int64) -> (count: Int64, orders: [Order]) {
        var count: Int64 = 0
        var held: [Order] = []
        cash.forEachKey { key in
            guard let place = cash[key], place.since < moment, let order = orders[place.orderId] else { return true }
            if count < most { held.append(order) }
            count += 1
            return true
        }
        return (count, held)
    }

    /// Returns true while a rider has collected cash and not handed it in.
    func holdsCash(_ riderId: String) -> Bool {
        let prefix = riderId + "/"
        var isHeld = false
        cash.forEachKey(from: prefix) { key in
            isHeld = key.hasPrefix(prefix)
            return false
        }
        return isHeld
    }

    func collect(_ event: CashRecorded, at time: Instant) {
        orders.update(event.orderId) {
            $0.collected = Amount(event.amount)
            $0.collectedBy = event.riderId
        }
        guard let order = orders[event.orderId] else { return }
        cash.upsert(CashPlace.key(event.riderId, order)) {
            $0.orderId = order.id
            $0.since = time
        }
    }

    func remit(_ event: CashRemittanceRecorded) {
        for (order, taken) in covered(by: Amount(event.amount), from: event.riderId, event.currency) {
            orders.update(order.id) {
                $0.remitted += taken
                $0.awaitsCash = $0.owedInCash > .zero
            }
            if taken == order.owedInCash { cash[CashPlace.key(event.riderId, order)] = nil }
        }
    }

    /// Ends an order; cash that its rider did not hand in is no longer claimed for it.
    func expire(_ id: String) {
        orders.update(id) {
            if $0.status != .cancelled { $0.status = .expired }
            $0.awaitsCash = false
        }
        guard let order = orders[id], let riderId = order.collectedBy else { return }
        cash[CashPlace.key(riderId, order)] = nil
    }
}

extension Order {
    /// The cash collected and not handed in.
    var owedInCash: Amount { (collected ?? .zero) - remitted }
}

/// An order whose cash a rider holds.
struct CashPlace: Row {
    var orderId = ""
    var since = Instant.earliest

    static let name = "cashPlace"
    static let fields: RowFields<CashPlace> = [.init("orderId", \.orderId), .init("since", \.since)]

    /// The common prefix of the keys for a rider's cash in one currency: `U-bilal/PKR/`.
    static func prefix(_ riderId: String, _ currency: String) -> String { riderId + "/" + currency + "/" }

    /// The key, which sorts by the time of placing: milliseconds since `Instant.earliest`, padded with zeros to 19
    /// digits.
    static func key(_ riderId: String, _ order: Order) -> String {
        let since = order.placedAt.milliseconds - Instant.earliest.milliseconds
        return prefix(riderId, order.currency) + since.zeroPadded(to: 19) + "/" + order.id
    }
}
