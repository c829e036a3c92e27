// Written by `tools/generate` from the declarations of event types and `folds.yaml`; change those.
package import AgentKit

extension RecommendationAgent {
    /// The events that the reducer folds.
    package enum Fold: EventFold {
        case erasureCompleted(ErasureCompleted)
        case inventoryReleased(InventoryReleased)
        case inventoryReserved(InventoryReserved)
        case levelChanged(LevelChanged)
        case levelExpired(LevelExpired)
        case licenseGranted(LicenseGranted)
        case orderAccepted(OrderAccepted)
        case orderCancellationAccepted(OrderCancellationAccepted)
        case orderExpired(OrderExpired)
        case orderProcessing(OrderProcessing)
        case preferencesSet(PreferencesSet)
        case productRecorded(ProductRecorded)
        case productStockRecorded(ProductStockRecorded)
        case productViewed(ProductViewed)
        case searchPerformed(SearchPerformed)
        case serviceAvailabilityChanged(ServiceAvailabilityChanged)
        case serviceRecorded(ServiceRecorded)
        case serviceRestored(ServiceRestored)
        case serviceSuspended(ServiceSuspended)
        case sessionStarted(SessionStarted)
        case trustChanged(TrustChanged)
        case userRecorded(UserRecorded)
        case verificationApproved(VerificationApproved)

        package init(_ number: Int, _ data: View) {
            switch number {
            case 0: self = .erasureCompleted(ErasureCompleted(data))
            case 1: self = .inventoryReleased(InventoryReleased(data))
            case 2: self = .inventoryReserved(InventoryReserved(data))
            case 3: self = .levelChanged(LevelChanged(data))
            case 4: self = .levelExpired(LevelExpired(data))
            case 5: self = .licenseGranted(LicenseGranted(data))
            case 6: self = .orderAccepted(OrderAccepted(data))
            case 7: self = .orderCancellationAccepted(OrderCancellationAccepted(data))
            case 8: self = .orderExpired(OrderExpired(data))
            case 9: self = .orderProcessing(OrderProcessing(data))
            case 10: self = .preferencesSet(PreferencesSet(data))
            case 11: self = .productRecorded(ProductRecorded(data))
            case 12: self = .productStockRecorded(ProductStockRecorded(data))
            case 13: self = .productViewed(ProductViewed(data))
            case 14: self = .searchPerformed(SearchPerformed(data))
            case 15: self = .serviceAvailabilityChanged(ServiceAvailabilityChanged(data))
            case 16: self = .serviceRecorded(ServiceRecorded(data))
            case 17: self = .serviceRestored(ServiceRestored(data))
            case 18: self = .serviceSuspended(ServiceSuspended(data))
            case 19: self = .sessionStarted(SessionStarted(data))
            case 20: self = .trustChanged(TrustChanged(data))
            case 21: self = .userRecorded(UserRecorded(data))
            case 22: self = .verificationApproved(VerificationApproved(data))
            default: preconditionFailure("no fold of number \(number)")
            }
        }

        package static let readings: [EventReading] = [
            EventReading("erasure.completed", [.init("userId", .text)]),
            EventReading("inventory.released", [.init("productId", .text), .init("quantity", .integer)]),
            EventReading("inventory.reserved", [.init("productId", .text), .init("quantity", .integer)]),
            EventReading("level.changed", [.init("userId", .text), .init("to", .text)]),
            EventReading("level.expired", [.init("userId", .text)]),
            EventReading("license.granted", [.init("serviceId", .text), .init("userId", .text)]),
            EventReading(
                "order.accepted",
                [
                    .init("orderId", .text),
                    .init("buyerId", .text),
                    .init("productId", .text),
                ]),
            EventReading("order.cancellation.accepted", [.init("orderId", .text)]),
            EventReading("order.expired", [.init("orderId", .text)]),
            EventReading("order.processing", [.init("orderId", .text)]),
            EventReading(
                "preferences.set",
                [
                    .init("userId", .text),
                    .init("hiddenCategories", .texts, isOptional: true),
                    .init("maxPrice", .integer, isOptional: true),
                    .init("maxKm", .integer, isOptional: true),
                    .init("profiling", .flag, isOptional: true),
                ]),
            EventReading(
                "product.recorded",
                [
                    .init("productId", .text),
                    .init("sellerId", .text),
                    .init("category", .text),
                    .init("tags", .texts),
                    .init("price", .integer),
                    .init("stock", .integer, isOptional: true),
                    .init("location", .record, isOptional: true),
                    .init("location.lat", .decimal),
                    .init("location.lon", .decimal),
                    .init("requiredLevel", .text, isOptional: true),
                ]),
            EventReading("product.stock.recorded", [.init("productId", .text), .init("delta", .integer)]),
            EventReading("product.viewed", [.init("userId", .text), .init("productId", .text)]),
            EventReading(
                "search.performed",
                [
                    .init("userId", .text),
                    .init("terms", .texts),
                    .init("location", .record, isOptional: true),
                    .init("location.lat", .decimal),
                    .init("location.lon", .decimal),
                ]),
            EventReading("service.availability.changed", [.init("serviceId", .text), .init("available", .flag)]),
            EventReading(
                "service.recorded",
                [
                    .init("serviceId", .text),
                    .init("providerId", .text),
                    .init("tags", .texts, isOptional: true),
                    .init("price", .integer),
                    .init("available", .flag),
                    .init("requiredLevel", .text),
                ]),
            EventReading("service.restored", [.init("serviceId", .text)]),
            EventReading("service.suspended", [.init("serviceId", .text)]),
            EventReading(
                "session.started",
                [
                    .init("userId", .text),
                    .init("location", .record, isOptional: true),
                    .init("location.lat", .decimal),
                    .init("location.lon", .decimal),
                ]),
            EventReading("trust.changed", [.init("userId", .text), .init("to", .integer)]),
            EventReading(
                "user.recorded",
                [
                    .init("userId", .text),
                    .init("level", .text, isOptional: true),
                    .init("trustScore", .integer, isOptional: true),
                    .init("tags", .texts, isOptional: true),
                ]),
            EventReading("verification.approved", [.init("userId", .text), .init("kind", .text)]),
        ]
    }
}
