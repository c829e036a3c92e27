// Written by `tools/generate` from the declarations of event types and `folds.yaml`; change those.
package import AgentKit

extension OrderAgent {
    /// The events that the reducer folds.
    package enum Fold: EventFold {
        case complaintClosed(ComplaintClosed)
        case complaintOpened(ComplaintOpened)
        case deliveryAssigned(DeliveryAssigned)
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
        case productListed(ProductListed)
        case productStockAdjusted(ProductStockAdjusted)
        case transferPosted(TransferPosted)

        package init(_ number: Int, _ data: View) {
            switch number {
            case 0: self = .complaintClosed(ComplaintClosed(data))
            case 1: self = .complaintOpened(ComplaintOpened(data))
            case 2: self = .deliveryAssigned(DeliveryAssigned(data))
            case 3: self = .inventoryReleased(InventoryReleased(data))
            case 4: self = .inventoryReserved(InventoryReserved(data))
            case 5: self = .orderAccepted(OrderAccepted(data))
            case 6: self = .orderCancellationAccepted(OrderCancellationAccepted(data))
            case 7: self = .orderDeliveryRecorded(OrderDeliveryRecorded(data))
            case 8: self = .orderDispatchRecorded(OrderDispatchRecorded(data))
            case 9: self = .orderExpired(OrderExpired(data))
            case 10: self = .orderPaymentRejected(OrderPaymentRejected(data))
            case 11: self = .orderPaymentRetryAccepted(OrderPaymentRetryAccepted(data))
            case 12: self = .orderProcessing(OrderProcessing(data))
            case 13: self = .orderRatingRecorded(OrderRatingRecorded(data))
            case 14: self = .orderRefunded(OrderRefunded(data))
            case 15: self = .orderSettled(OrderSettled(data))
            case 16: self = .orderSettlementDeferred(OrderSettlementDeferred(data))
            case 17: self = .productListed(ProductListed(data))
            case 18: self = .productStockAdjusted(ProductStockAdjusted(data))
            case 19: self = .transferPosted(TransferPosted(data))
            default: preconditionFailure("no fold of number \(number)")
            }
        }

        package static let readings: [EventReading] = [
            EventReading("complaint.closed", [.init("orderId", .text), .init("outcome", .text)]),
            EventReading("complaint.opened", [.init("orderId", .text), .init("complaintId", .text)]),
            EventReading(
                "delivery.assigned",
                [
                    .init("orderId", .text),
                    .init("franchiseId", .text, isOptional: true),
                ]),
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
            EventReading("order.settlement.deferred", [.init("orderId", .text)]),
            EventReading(
                "product.listed",
                [
                    .init("productId", .text),
                    .init("sellerId", .text),
                    .init("title", .text),
                    .init("price", .integer),
                    .init("currency", .text),
                    .init("stock", .integer),
                    .init("category", .text),
                    .init("tags", .texts),
                    .init("area", .text),
                    .init("requiredLevel", .text, isOptional: true),
                ]),
            EventReading("product.stock.adjusted", [.init("productId", .text), .init("delta", .integer)]),
            EventReading(
                "transfer.posted",
                [
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
