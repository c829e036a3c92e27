import AgentKit

/// A refund that a provider was asked for and has not answered; its key is the refund's id.
struct PendingRefund: Row {
    /// The buyer to whom it goes.
    var userId = ""

    static let name = "pendingRefund"
    static let fields: RowFields<PendingRefund> = [.init("userId", \.userId)]
}

/// A buyer to whom providers are to pay back; the key is the user's id.
struct Refundee: Row {
    /// The number of their refunds that are not answered.
    var pending: Int64 = 0

    static let name = "refundee"
    static let fields: RowFields<Refundee> = [.init("pending", \.pending)]
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

    /// Whether somebody took cash and has not handed it in.
    func holdsCash(_ riderId: String) -> Bool {
        let prefix = riderId + "/"
        var isHeld = false
        cash.forEachKey(from: prefix) { key in
            isHeld = key.hasPrefix(prefix)
            return false
        }
        return isHeld
    }
}
