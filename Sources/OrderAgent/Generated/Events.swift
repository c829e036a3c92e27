// Written by `tools/generate` from the declarations of event types and `folds.yaml`; change those.
package import AgentKit

/// The data of `cash.recorded`, as far as it is read here.
package struct CashRecorded: EventView {
    package static let type = "cash.recorded"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var orderId: String { Field.text(data.document, Field.node(data, "orderId")) }
    package var riderId: String { Field.text(data.document, Field.node(data, "riderId")) }
    package var amount: Int64 { Field.integer(data.document, Field.node(data, "amount")) }
}

/// The data of `cash.remittance.recorded`, as far as it is read here.
package struct CashRemittanceRecorded: EventView {
    package static let type = "cash.remittance.recorded"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var riderId: String { Field.text(data.document, Field.node(data, "riderId")) }
    package var amount: Int64 { Field.integer(data.document, Field.node(data, "amount")) }
    package var currency: String { Field.text(data.document, Field.node(data, "currency")) }
}

/// The data of `complaint.closed`, as far as it is read here.
package struct ComplaintClosed: EventView {
    package static let type = "complaint.closed"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var complaintId: String { Field.text(data.document, Field.node(data, "complaintId")) }
    package var orderId: String? { Field.textIfAny(data.document, Field.node(data, "orderId")) }
    package var outcome: String { Field.text(data.document, Field.node(data, "outcome")) }
    package var refundAmount: Int64 { Field.integer(data.document, Field.node(data, "refundAmount")) }
}

/// The data of `complaint.opened`, as far as it is read here.
package struct ComplaintOpened: EventView {
    package static let type = "complaint.opened"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var orderId: String? { Field.textIfAny(data.document, Field.node(data, "orderId")) }
    package var complaintId: String { Field.text(data.document, Field.node(data, "complaintId")) }
}

/// The data of `debt.cancelled`, as far as it is read here.
package struct DebtCancelled: EventView {
    package static let type = "debt.cancelled"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var debtId: String { Field.text(data.document, Field.node(data, "debtId")) }
    package var amount: Int64 { Field.integer(data.document, Field.node(data, "amount")) }
}

/// The data of `debt.collected`, as far as it is read here.
package struct DebtCollected: EventView {
    package static let type = "debt.collected"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var debtId: String { Field.text(data.document, Field.node(data, "debtId")) }
    package var amount: Int64 { Field.integer(data.document, Field.node(data, "amount")) }
}

/// The data of `debt.recorded`, as far as it is read here.
package struct DebtRecorded: EventView {
    package static let type = "debt.recorded"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var debtId: String { Field.text(data.document, Field.node(data, "debtId")) }
    package var party: String { Field.text(data.document, Field.node(data, "party")) }
    package var partyId: String { Field.text(data.document, Field.node(data, "partyId")) }
    package var kind: String { Field.text(data.document, Field.node(data, "kind")) }
    package var creditorId: String? { Field.textIfAny(data.document, Field.node(data, "creditorId")) }
    package var amount: Int64 { Field.integer(data.document, Field.node(data, "amount")) }
    package var currency: String { Field.text(data.document, Field.node(data, "currency")) }
    package var reference: String { Field.text(data.document, Field.node(data, "reference")) }
}

/// The data of `delivery.assigned`, as far as it is read here.
package struct DeliveryAssigned: EventView {
    package static let type = "delivery.assigned"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var orderId: String { Field.text(data.document, Field.node(data, "orderId")) }
    package var franchiseId: String? { Field.textIfAny(data.document, Field.node(data, "franchiseId")) }
}

/// The data of `dispute.closed`, as far as it is read here.
package struct DisputeClosed: EventView {
    package static let type = "dispute.closed"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var disputeId: String { Field.text(data.document, Field.node(data, "disputeId")) }
    package var outcome: String { Field.text(data.document, Field.node(data, "outcome")) }
}

/// The data of `dispute.opened`, as far as it is read here.
package struct DisputeOpened: EventView {
    package static let type = "dispute.opened"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var disputeId: String { Field.text(data.document, Field.node(data, "disputeId")) }
    package var orderId: String? { Field.textIfAny(data.document, Field.node(data, "orderId")) }
}

/// The data of `inventory.released`, as far as it is read here.
package struct InventoryReleased: EventView {
    package static let type = "inventory.released"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var orderId: String { Field.text(data.document, Field.node(data, "orderId")) }
    package var productId: String { Field.text(data.document, Field.node(data, "productId")) }
    package var quantity: Int64 { Field.integer(data.document, Field.node(data, "quantity")) }
}

/// The data of `inventory.reserved`, as far as it is read here.
package struct InventoryReserved: EventView {
    package static let type = "inventory.reserved"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var orderId: String { Field.text(data.document, Field.node(data, "orderId")) }
    package var productId: String { Field.text(data.document, Field.node(data, "productId")) }
    package var quantity: Int64 { Field.integer(data.document, Field.node(data, "quantity")) }
}

/// The data of `order.accepted`, as far as it is read here.
package struct OrderAccepted: EventView {
    package static let type = "order.accepted"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var orderId: String { Field.text(data.document, Field.node(data, "orderId")) }
    package var buyerId: String { Field.text(data.document, Field.node(data, "buyerId")) }
    package var sellerId: String { Field.text(data.document, Field.node(data, "sellerId")) }
    package var productId: String { Field.text(data.document, Field.node(data, "productId")) }
    package var quantity: Int64 { Field.integer(data.document, Field.node(data, "quantity")) }
    package var amount: Int64 { Field.integer(data.document, Field.node(data, "amount")) }
    package var deliveryFee: Int64 { Field.integer(data.document, Field.node(data, "deliveryFee")) }
    package var currency: String { Field.text(data.document, Field.node(data, "currency")) }
    package var paymentMethod: String { Field.text(data.document, Field.node(data, "paymentMethod")) }
    package var area: String { Field.text(data.document, Field.node(data, "area")) }
    package var delivery: String { Field.text(data.document, Field.node(data, "delivery")) }
}

/// The data of `order.cancellation.accepted`, as far as it is read here.
package struct OrderCancellationAccepted: EventView {
    package static let type = "order.cancellation.accepted"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var orderId: String { Field.text(data.document, Field.node(data, "orderId")) }
}

/// The data of `order.delivery.recorded`, as far as it is read here.
package struct OrderDeliveryRecorded: EventView {
    package static let type = "order.delivery.recorded"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var orderId: String { Field.text(data.document, Field.node(data, "orderId")) }
}

/// The data of `order.dispatch.recorded`, as far as it is read here.
package struct OrderDispatchRecorded: EventView {
    package static let type = "order.dispatch.recorded"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var orderId: String { Field.text(data.document, Field.node(data, "orderId")) }
    package var riderId: String? { Field.textIfAny(data.document, Field.node(data, "riderId")) }
}

/// The data of `order.expired`, as far as it is read here.
package struct OrderExpired: EventView {
    package static let type = "order.expired"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var orderId: String { Field.text(data.document, Field.node(data, "orderId")) }
}

/// The data of `order.payment.rejected`, as far as it is read here.
package struct OrderPaymentRejected: EventView {
    package static let type = "order.payment.rejected"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var orderId: String { Field.text(data.document, Field.node(data, "orderId")) }
}

/// The data of `order.payment.retry.accepted`, as far as it is read here.
package struct OrderPaymentRetryAccepted: EventView {
    package static let type = "order.payment.retry.accepted"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var orderId: String { Field.text(data.document, Field.node(data, "orderId")) }
    package var paymentMethod: String { Field.text(data.document, Field.node(data, "paymentMethod")) }
    package var attempt: Int64 { Field.integer(data.document, Field.node(data, "attempt")) }
}

/// The data of `order.processing`, as far as it is read here.
package struct OrderProcessing: EventView {
    package static let type = "order.processing"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var orderId: String { Field.text(data.document, Field.node(data, "orderId")) }
}

/// The data of `order.rating.recorded`, as far as it is read here.
package struct OrderRatingRecorded: EventView {
    package static let type = "order.rating.recorded"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var orderId: String { Field.text(data.document, Field.node(data, "orderId")) }
    package var stars: Int64 { Field.integer(data.document, Field.node(data, "stars")) }
}

/// The data of `order.refunded`, as far as it is read here.
package struct OrderRefunded: EventView {
    package static let type = "order.refunded"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var orderId: String { Field.text(data.document, Field.node(data, "orderId")) }
    package var amount: Int64 { Field.integer(data.document, Field.node(data, "amount")) }
}

/// The data of `order.settled`, as far as it is read here.
package struct OrderSettled: EventView {
    package static let type = "order.settled"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var orderId: String { Field.text(data.document, Field.node(data, "orderId")) }
}

/// The data of `order.settlement.deferred`, as far as it is read here.
package struct OrderSettlementDeferred: EventView {
    package static let type = "order.settlement.deferred"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var orderId: String { Field.text(data.document, Field.node(data, "orderId")) }
    package var by: String { Field.text(data.document, Field.node(data, "by")) }
    package var reason: String { Field.text(data.document, Field.node(data, "reason")) }
}

/// The data of `payment.authorized`, as far as it is read here.
package struct PaymentAuthorized: EventView {
    package static let type = "payment.authorized"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var orderId: String { Field.text(data.document, Field.node(data, "orderId")) }
    package var provider: String { Field.text(data.document, Field.node(data, "provider")) }
    package var reference: String { Field.text(data.document, Field.node(data, "reference")) }
    package var amount: Int64 { Field.integer(data.document, Field.node(data, "amount")) }
    package var currency: String { Field.text(data.document, Field.node(data, "currency")) }
}

/// The data of `payment.disputed`, as far as it is read here.
package struct PaymentDisputed: EventView {
    package static let type = "payment.disputed"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var disputeId: String { Field.text(data.document, Field.node(data, "disputeId")) }
    package var provider: String { Field.text(data.document, Field.node(data, "provider")) }
    package var reference: String { Field.text(data.document, Field.node(data, "reference")) }
    package var amount: Int64 { Field.integer(data.document, Field.node(data, "amount")) }
    package var currency: String { Field.text(data.document, Field.node(data, "currency")) }
}

/// The data of `payment.refund.closed`, as far as it is read here.
package struct PaymentRefundClosed: EventView {
    package static let type = "payment.refund.closed"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var refundId: String { Field.text(data.document, Field.node(data, "refundId")) }
}

/// The data of `payment.refund.requested`, as far as it is read here.
package struct PaymentRefundRequested: EventView {
    package static let type = "payment.refund.requested"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var refundId: String { Field.text(data.document, Field.node(data, "refundId")) }
    package var orderId: String? { Field.textIfAny(data.document, Field.node(data, "orderId")) }
}

/// The data of `product.listed`, as far as it is read here.
package struct ProductListed: EventView {
    package static let type = "product.listed"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var productId: String { Field.text(data.document, Field.node(data, "productId")) }
    package var revision: Int64? { Field.integerIfAny(data.document, Field.node(data, "revision")) }
}

/// The data of `product.recorded`, as far as it is read here.
package struct ProductRecorded: EventView {
    package static let type = "product.recorded"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var productId: String { Field.text(data.document, Field.node(data, "productId")) }
    package var sellerId: String { Field.text(data.document, Field.node(data, "sellerId")) }
    package var title: String { Field.text(data.document, Field.node(data, "title")) }
    package var price: Int64 { Field.integer(data.document, Field.node(data, "price")) }
    package var deliveryFee: Int64? { Field.integerIfAny(data.document, Field.node(data, "deliveryFee")) }
    package var currency: String { Field.text(data.document, Field.node(data, "currency")) }
    package var stock: Int64? { Field.integerIfAny(data.document, Field.node(data, "stock")) }
    package var category: String { Field.text(data.document, Field.node(data, "category")) }
    package var tags: [String] { Field.texts(data.document, Field.node(data, "tags")) }
    package var area: String { Field.text(data.document, Field.node(data, "area")) }
    package var requiredLevel: String? { Field.textIfAny(data.document, Field.node(data, "requiredLevel")) }
}

/// The data of `product.stock.recorded`, as far as it is read here.
package struct ProductStockRecorded: EventView {
    package static let type = "product.stock.recorded"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var productId: String { Field.text(data.document, Field.node(data, "productId")) }
    package var delta: Int64 { Field.integer(data.document, Field.node(data, "delta")) }
}

/// The data of `suspense.matched`, as far as it is read here.
package struct SuspenseMatched: EventView {
    package static let type = "suspense.matched"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var suspenseId: String { Field.text(data.document, Field.node(data, "suspenseId")) }
    package var orderId: String? { Field.textIfAny(data.document, Field.node(data, "orderId")) }
}

/// The data of `suspense.recorded`, as far as it is read here.
package struct SuspenseRecorded: EventView {
    package static let type = "suspense.recorded"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var suspenseId: String { Field.text(data.document, Field.node(data, "suspenseId")) }
    package var provider: String { Field.text(data.document, Field.node(data, "provider")) }
    package var reference: String { Field.text(data.document, Field.node(data, "reference")) }
    package var orderId: String? { Field.textIfAny(data.document, Field.node(data, "orderId")) }
    package var userId: String? { Field.textIfAny(data.document, Field.node(data, "userId")) }
    package var amount: Int64 { Field.integer(data.document, Field.node(data, "amount")) }
    package var currency: String { Field.text(data.document, Field.node(data, "currency")) }
}

/// The data of `transfer.posted`, as far as it is read here.
package struct TransferPosted: EventView {
    package static let type = "transfer.posted"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var requested: String { Field.text(data.document, Field.node(data, "requested")) }
    package var purpose: String { Field.text(data.document, Field.node(data, "purpose")) }
    package var reference: String { Field.text(data.document, Field.node(data, "reference")) }
    package var transfers: RecordList<Transfer> { RecordList(data.document, Field.node(data, "transfers")) }

    /// An element of `transfers`.
    package struct Transfer: RecordView {
        package let document: Document
        package private(set) var debitAccountNode: UInt32 = 0
        package private(set) var creditAccountNode: UInt32 = 0
        package private(set) var amountNode: UInt32 = 0

        package init(_ document: Document, _ object: UInt32) {
            self.document = document
            guard object != 0, document.kind(of: object) == .object else { return }
            var node = object + 1
            let end = document.nodeAfter(object)
            while node < end {
                switch document.nameLength(of: node) {
                case 6 where document.isNamed(node, "amount"): amountNode = node
                case 12 where document.isNamed(node, "debitAccount"): debitAccountNode = node
                case 13 where document.isNamed(node, "creditAccount"): creditAccountNode = node
                default: break
                }
                node = document.nodeAfter(node)
            }
        }

        package var debitAccount: String { Field.text(document, debitAccountNode) }
        package var creditAccount: String { Field.text(document, creditAccountNode) }
        package var amount: Int64 { Field.integer(document, amountNode) }
    }
}
