// Written by `tools/generate` from the declarations of event types and `folds.yaml`; change those.
package import AgentKit

extension OrderAgent {
    /// The events that the reducer folds.
    package enum Fold: EventFold {
        case cashRecorded(CashRecorded)
        case cashRemittanceRecorded(CashRemittanceRecorded)
        case complaintClosed(ComplaintClosed)
        case complaintOpened(ComplaintOpened)
        case debtCancelled(DebtCancelled)
        case debtCollected(DebtCollected)
        case debtRecorded(DebtRecorded)
        case deliveryAssigned(DeliveryAssigned)
        case disputeClosed(DisputeClosed)
        case disputeOpened(DisputeOpened)
        case inventoryReleased(InventoryReleased)
        case inventoryReserved(InventoryReserved)
        case orderAccepted(OrderAccepted)
        case orderCancellationAccepted(OrderCancellationAccepted)
        case orderDeliveryRecorded(OrderDeliveryRecorded)
        case orderDispatchRecorded(OrderDispatchRecorded)
        case orderExpired(OrderExpired)
        case orderPaymentRejected(OrderPaymentRejected)
        case orderPaymentRetryAccepted(OrderPaymentRetryAccepted)
        case orderProcessing(OrderProcessing)
        case orderRatingRecorded(OrderRatingRecorded)
        case orderRefunded(OrderRefunded)
        case orderSettled(OrderSettled)
        case orderSettlementDeferred(OrderSettlementDeferred)
        case paymentAuthorized(PaymentAuthorized)
        case paymentDisputed(PaymentDisputed)
        case paymentRefundClosed(PaymentRefundClosed)
        case paymentRefundRequested(PaymentRefundRequested)
        case productListed(ProductListed)
        case productRecorded(ProductRecorded)
        case productStockRecorded(ProductStockRecorded)
        case suspenseMatched(SuspenseMatched)
        case suspenseRecorded(SuspenseRecorded)
        case transferPosted(TransferPosted)

        package init(_ number: Int, _ data: View) {
            switch number {
            case 0: self = .cashRecorded(CashRecorded(data))
            case 1: self = .cashRemittanceRecorded(CashRemittanceRecorded(data))
            case 2: self = .complaintClosed(ComplaintClosed(data))
            case 3: self = .complaintOpened(ComplaintOpened(data))
            case 4: self = .debtCancelled(DebtCancelled(data))
            case 5: self = .debtCollected(DebtCollected(data))
            case 6: self = .debtRecorded(DebtRecorded(data))
            case 7: self = .deliveryAssigned(DeliveryAssigned(data))
            case 8: self = .disputeClosed(DisputeClosed(data))
            case 9: self = .disputeOpened(DisputeOpened(data))
            case 10: self = .inventoryReleased(InventoryReleased(data))
            case 11: self = .inventoryReserved(InventoryReserved(data))
            case 12: self = .orderAccepted(OrderAccepted(data))
            case 13: self = .orderCancellationAccepted(OrderCancellationAccepted(data))
            case 14: self = .orderDeliveryRecorded(OrderDeliveryRecorded(data))
            case 15: self = .orderDispatchRecorded(OrderDispatchRecorded(data))
            case 16: self = .orderExpired(OrderExpired(data))
            case 17: self = .orderPaymentRejected(OrderPaymentRejected(data))
            case 18: self = .orderPaymentRetryAccepted(OrderPaymentRetryAccepted(data))
            case 19: self = .orderProcessing(OrderProcessing(data))
            case 20: self = .orderRatingRecorded(OrderRatingRecorded(data))
            case 21: self = .orderRefunded(OrderRefunded(data))
            case 22: self = .orderSettled(OrderSettled(data))
            case 23: self = .orderSettlementDeferred(OrderSettlementDeferred(data))
            case 24: self = .paymentAuthorized(PaymentAuthorized(data))
            case 25: self = .paymentDisputed(PaymentDisputed(data))
            case 26: self = .paymentRefundClosed(PaymentRefundClosed(data))
            case 27: self = .paymentRefundRequested(PaymentRefundRequested(data))
            case 28: self = .productListed(ProductListed(data))
            case 29: self = .productRecorded(ProductRecorded(data))
            case 30: self = .productStockRecorded(ProductStockRecorded(data))
            case 31: self = .suspenseMatched(SuspenseMatched(data))
            case 32: self = .suspenseRecorded(SuspenseRecorded(data))
            case 33: self = .transferPosted(TransferPosted(data))
            default: preconditionFailure("no fold of number \(number)")
            }
        }

        package static let readings: [EventReading] = [
            EventReading(
                "cash.recorded",
                [
                    .init("orderId", .text),
                    .init("riderId", .text),
                    .init("amount", .integer),
                ]),
            EventReading(
                "cash.remittance.recorded",
                [
                    .init("riderId", .text),
                    .init("amount", .integer),
                    .init("currency", .text),
                ]),
            EventReading(
                "complaint.closed",
                [
                    .init("complaintId", .text),
                    .init("orderId", .text, isOptional: true),
                    .init("outcome", .text),
                    .init("refundAmount", .integer),
                ]),
            EventReading("complaint.opened", [.init("orderId", .text, isOptional: true), .init("complaintId", .text)]),
            EventReading("debt.cancelled", [.init("debtId", .text), .init("amount", .integer)]),
            EventReading("debt.collected", [.init("debtId", .text), .init("amount", .integer)]),
            EventReading(
                "debt.recorded",
                [
                    .init("debtId", .text),
                    .init("party", .text),
                    .init("partyId", .text),
                    .init("kind", .text),
                    .init("creditorId", .text, isOptional: true),
                    .init("amount", .integer),
                    .init("currency", .text),
                    .init("reference", .text),
                ]),
            EventReading(
                "delivery.assigned",
                [
                    .init("orderId", .text),
                    .init("franchiseId", .text, isOptional: true),
                ]),
            EventReading("dispute.closed", [.init("disputeId", .text), .init("outcome", .text)]),
            EventReading("dispute.opened", [.init("disputeId", .text), .init("orderId", .text, isOptional: true)]),
            EventReading(
                "inventory.released",
                [
                    .init("orderId", .text),
                    .init("productId", .text),
                    .init("quantity", .integer),
                ]),
            EventReading(
                "inventory.reserved",
                [
                    .init("orderId", .text),
                    .init("productId", .text),
                    .init("quantity", .integer),
                ]),
            EventReading(
                "order.accepted",
                [
                    .init("orderId", .text),
                    .init("buyerId", .text),
                    .init("sellerId", .text),
                    .init("productId", .text),
                    .init("quantity", .integer),
                    .init("amount", .integer),
                    .init("deliveryFee", .integer),
                    .init("currency", .text),
                    .init("paymentMethod", .text),
                    .init("area", .text),
                    .init("delivery", .text),
                ]),
            EventReading("order.cancellation.accepted", [.init("orderId", .text)]),
            EventReading("order.delivery.recorded", [.init("orderId", .text)]),
            EventReading(
                "order.dispatch.recorded",
                [
                    .init("orderId", .text),
                    .init("riderId", .text, isOptional: true),
                ]),
            EventReading("order.expired", [.init("orderId", .text)]),
            EventReading("order.payment.rejected", [.init("orderId", .text)]),
            EventReading(
                "order.payment.retry.accepted",
                [
                    .init("orderId", .text),
                    .init("paymentMethod", .text),
                    .init("attempt", .integer),
                ]),
            EventReading("order.processing", [.init("orderId", .text)]),
            EventReading("order.rating.recorded", [.init("orderId", .text), .init("stars", .integer)]),
            EventReading("order.refunded", [.init("orderId", .text), .init("amount", .integer)]),
            EventReading("order.settled", [.init("orderId", .text)]),
            EventReading(
                "order.settlement.deferred",
                [
                    .init("orderId", .text),
                    .init("by", .text),
                    .init("reason", .text),
                ]),
            EventReading(
                "payment.authorized",
                [
                    .init("orderId", .text),
                    .init("provider", .text),
                    .init("reference", .text),
                    .init("amount", .integer),
                    .init("currency", .text),
                ]),
            EventReading(
                "payment.disputed",
                [
                    .init("disputeId", .text),
                    .init("provider", .text),
                    .init("reference", .text),
                    .init("amount", .integer),
                    .init("currency", .text),
                ]),
            EventReading("payment.refund.closed", [.init("refundId", .text)]),
            EventReading(
                "payment.refund.requested",
                [
                    .init("refundId", .text),
                    .init("orderId", .text, isOptional: true),
                ]),
            EventReading("product.listed", [.init("productId", .text), .init("revision", .integer, isOptional: true)]),
            EventReading(
                "product.recorded",
                [
                    .init("productId", .text),
                    .init("sellerId", .text),
                    .init("title", .text),
                    .init("price", .integer),
                    .init("deliveryFee", .integer, isOptional: true),
                    .init("currency", .text),
                    .init("stock", .integer, isOptional: true),
                    .init("category", .text),
                    .init("tags", .texts),
                    .init("area", .text),
                    .init("requiredLevel", .text, isOptional: true),
                ]),
            EventReading("product.stock.recorded", [.init("productId", .text), .init("delta", .integer)]),
            EventReading("suspense.matched", [.init("suspenseId", .text), .init("orderId", .text, isOptional: true)]),
            EventReading(
                "suspense.recorded",
                [
                    .init("suspenseId", .text),
                    .init("provider", .text),
                    .init("reference", .text),
                    .init("orderId", .text, isOptional: true),
                    .init("userId", .text, isOptional: true),
                    .init("amount", .integer),
                    .init("currency", .text),
                ]),
            EventReading(
                "transfer.posted",
                [
                    .init("requested", .text),
                    .init("purpose", .text),
                    .init("reference", .text),
                    .init("transfers", .records),
                    .init("transfers[].debitAccount", .text),
                    .init("transfers[].creditAccount", .text),
                    .init("transfers[].amount", .integer),
                ]),
        ]
    }
}
