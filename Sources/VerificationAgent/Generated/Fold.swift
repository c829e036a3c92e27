// Written by `tools/generate` from the declarations of event types and `folds.yaml`; change those.
package import AgentKit

extension VerificationAgent {
    /// The events that the reducer folds.
    package enum Fold: EventFold {
        case coinsLocked(CoinsLocked)
        case coinsUnlocked(CoinsUnlocked)
        case complaintClosed(ComplaintClosed)
        case complaintOpened(ComplaintOpened)
        case debtCancelled(DebtCancelled)
        case debtCollected(DebtCollected)
        case debtRecorded(DebtRecorded)
        case franchiseRecorded(FranchiseRecorded)
        case levelChanged(LevelChanged)
        case levelExpired(LevelExpired)
        case licenseGranted(LicenseGranted)
        case orderAccepted(OrderAccepted)
        case orderCancellationAccepted(OrderCancellationAccepted)
        case orderDispatchRecorded(OrderDispatchRecorded)
        case orderExpired(OrderExpired)
        case orderProcessing(OrderProcessing)
        case orderRatingRecorded(OrderRatingRecorded)
        case orderRefunded(OrderRefunded)
        case orderSettled(OrderSettled)
        case ownershipChanged(OwnershipChanged)
        case serviceAccepted(ServiceAccepted)
        case serviceRecorded(ServiceRecorded)
        case serviceRefunded(ServiceRefunded)
        case serviceRefused(ServiceRefused)
        case serviceSettled(ServiceSettled)
        case trustChanged(TrustChanged)
        case userRecorded(UserRecorded)
        case verificationApproved(VerificationApproved)
        case verificationBlocked(VerificationBlocked)
        case verificationRequested(VerificationRequested)
        case verificationReviewRequired(VerificationReviewRequired)
        case verificationSuggested(VerificationSuggested)

        package init(_ number: Int, _ data: View) {
            switch number {
            case 0: self = .coinsLocked(CoinsLocked(data))
            case 1: self = .coinsUnlocked(CoinsUnlocked(data))
            case 2: self = .complaintClosed(ComplaintClosed(data))
            case 3: self = .complaintOpened(ComplaintOpened(data))
            case 4: self = .debtCancelled(DebtCancelled(data))
            case 5: self = .debtCollected(DebtCollected(data))
            case 6: self = .debtRecorded(DebtRecorded(data))
            case 7: self = .franchiseRecorded(FranchiseRecorded(data))
            case 8: self = .levelChanged(LevelChanged(data))
            case 9: self = .levelExpired(LevelExpired(data))
            case 10: self = .licenseGranted(LicenseGranted(data))
            case 11: self = .orderAccepted(OrderAccepted(data))
            case 12: self = .orderCancellationAccepted(OrderCancellationAccepted(data))
            case 13: self = .orderDispatchRecorded(OrderDispatchRecorded(data))
            case 14: self = .orderExpired(OrderExpired(data))
            case 15: self = .orderProcessing(OrderProcessing(data))
            case 16: self = .orderRatingRecorded(OrderRatingRecorded(data))
            case 17: self = .orderRefunded(OrderRefunded(data))
            case 18: self = .orderSettled(OrderSettled(data))
            case 19: self = .ownershipChanged(OwnershipChanged(data))
            case 20: self = .serviceAccepted(ServiceAccepted(data))
            case 21: self = .serviceRecorded(ServiceRecorded(data))
            case 22: self = .serviceRefunded(ServiceRefunded(data))
            case 23: self = .serviceRefused(ServiceRefused(data))
            case 24: self = .serviceSettled(ServiceSettled(data))
            case 25: self = .trustChanged(TrustChanged(data))
            case 26: self = .userRecorded(UserRecorded(data))
            case 27: self = .verificationApproved(VerificationApproved(data))
            case 28: self = .verificationBlocked(VerificationBlocked(data))
            case 29: self = .verificationRequested(VerificationRequested(data))
            case 30: self = .verificationReviewRequired(VerificationReviewRequired(data))
            case 31: self = .verificationSuggested(VerificationSuggested(data))
            default: preconditionFailure("no fold of number \(number)")
            }
        }

        package static let readings: [EventReading] = [
            EventReading(
                "coins.locked",
                [
                    .init("lockId", .text),
                    .init("userId", .text),
                    .init("amount", .integer),
                    .init("currency", .text),
                ]),
            EventReading("coins.unlocked", [.init("lockId", .text)]),
            EventReading(
                "complaint.closed",
                [
                    .init("complaintId", .text),
                    .init("orderId", .text, isOptional: true),
                    .init("requestId", .text, isOptional: true),
                    .init("outcome", .text),
                ]),
            EventReading(
                "complaint.opened",
                [
                    .init("complaintId", .text),
                    .init("orderId", .text, isOptional: true),
                    .init("requestId", .text, isOptional: true),
                    .init("buyerId", .text),
                    .init("sellerId", .text),
                ]),
            EventReading("debt.cancelled", [.init("debtId", .text), .init("amount", .integer)]),
            EventReading("debt.collected", [.init("debtId", .text), .init("remaining", .integer)]),
            EventReading(
                "debt.recorded",
                [
                    .init("debtId", .text),
                    .init("party", .text),
                    .init("partyId", .text),
                    .init("amount", .integer),
                ]),
            EventReading("franchise.recorded", [.init("franchiseId", .text), .init("ownerId", .text)]),
            EventReading("level.changed", [.init("userId", .text), .init("to", .text), .init("reason", .text)]),
            EventReading("level.expired", [.init("userId", .text)]),
            EventReading("license.granted", [.init("requestId", .text), .init("serviceId", .text)]),
            EventReading(
                "order.accepted",
                [
                    .init("orderId", .text),
                    .init("buyerId", .text),
                    .init("sellerId", .text),
                    .init("currency", .text),
                ]),
            EventReading("order.cancellation.accepted", [.init("orderId", .text), .init("by", .text)]),
            EventReading(
                "order.dispatch.recorded",
                [
                    .init("orderId", .text),
                    .init("riderId", .text, isOptional: true),
                ]),
            EventReading("order.expired", [.init("orderId", .text), .init("reason", .text)]),
            EventReading("order.processing", [.init("orderId", .text)]),
            EventReading("order.rating.recorded", [.init("sellerId", .text), .init("stars", .integer)]),
            EventReading("order.refunded", [.init("orderId", .text)]),
            EventReading("order.settled", [.init("orderId", .text)]),
            EventReading("ownership.changed", [.init("franchiseId", .text), .init("to", .text)]),
            EventReading(
                "service.accepted",
                [
                    .init("requestId", .text),
                    .init("serviceId", .text),
                    .init("userId", .text),
                    .init("currency", .text),
                ]),
            EventReading("service.recorded", [.init("serviceId", .text), .init("providerId", .text)]),
            EventReading("service.refunded", [.init("requestId", .text)]),
            EventReading("service.refused", [.init("requestId", .text)]),
            EventReading("service.settled", [.init("requestId", .text)]),
            EventReading("trust.changed", [.init("userId", .text), .init("to", .integer)]),
            EventReading(
                "user.recorded",
                [
                    .init("userId", .text),
                    .init("role", .text),
                    .init("area", .text),
                    .init("referredBy", .text, isOptional: true),
                    .init("tags", .texts, isOptional: true),
                    .init("level", .text, isOptional: true),
                    .init("trustScore", .integer, isOptional: true),
                ]),
            EventReading(
                "verification.approved",
                [
                    .init("requestId", .text),
                    .init("userId", .text),
                    .init("kind", .text),
                    .init("validUntil", .moment),
                    .init("documents", .records),
                    .init("documents[].expires", .moment, isOptional: true),
                ]),
            EventReading("verification.blocked", [.init("requestId", .text)]),
            EventReading(
                "verification.requested",
                [
                    .init("requestId", .text),
                    .init("userId", .text),
                    .init("kind", .text),
                    .init("targetLevel", .text, isOptional: true),
                    .init("documents", .records),
                    .init("documents[].type", .text),
                    .init("documents[].expires", .moment, isOptional: true),
                    .init("tests", .map, isOptional: true),
                ]),
            EventReading("verification.review.required", [.init("requestId", .text)]),
            EventReading("verification.suggested", [.init("requestId", .text)]),
        ]
    }
}
