// Written by `tools/generate` from the declarations of event types and `folds.yaml`; change those.
package import AgentKit

/// The data of `coins.locked`, as far as it is read here.
package struct CoinsLocked: EventView {
    package static let type = "coins.locked"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var lockId: String { Field.text(data.document, Field.node(data, "lockId")) }
    package var userId: String { Field.text(data.document, Field.node(data, "userId")) }
    package var amount: Int64 { Field.integer(data.document, Field.node(data, "amount")) }
    package var currency: String { Field.text(data.document, Field.node(data, "currency")) }
}

/// The data of `coins.unlocked`, as far as it is read here.
package struct CoinsUnlocked: EventView {
    package static let type = "coins.unlocked"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var lockId: String { Field.text(data.document, Field.node(data, "lockId")) }
}

/// The data of `complaint.closed`, as far as it is read here.
package struct ComplaintClosed: EventView {
    package static let type = "complaint.closed"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var complaintId: String { Field.text(data.document, Field.node(data, "complaintId")) }
    package var orderId: String? { Field.textIfAny(data.document, Field.node(data, "orderId")) }
    package var requestId: String? { Field.textIfAny(data.document, Field.node(data, "requestId")) }
    package var outcome: String { Field.text(data.document, Field.node(data, "outcome")) }
}

/// The data of `complaint.opened`, as far as it is read here.
package struct ComplaintOpened: EventView {
    package static let type = "complaint.opened"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var complaintId: String { Field.text(data.document, Field.node(data, "complaintId")) }
    package var orderId: String? { Field.textIfAny(data.document, Field.node(data, "orderId")) }
    package var requestId: String? { Field.textIfAny(data.document, Field.node(data, "requestId")) }
    package var buyerId: String { Field.text(data.document, Field.node(data, "buyerId")) }
    package var sellerId: String { Field.text(data.document, Field.node(data, "sellerId")) }
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
    package var remaining: Int64 { Field.integer(data.document, Field.node(data, "remaining")) }
}

/// The data of `debt.recorded`, as far as it is read here.
package struct DebtRecorded: EventView {
    package static let type = "debt.recorded"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var debtId: String { Field.text(data.document, Field.node(data, "debtId")) }
    package var party: String { Field.text(data.document, Field.node(data, "party")) }
    package var partyId: String { Field.text(data.document, Field.node(data, "partyId")) }
    package var amount: Int64 { Field.integer(data.document, Field.node(data, "amount")) }
}

/// The data of `franchise.recorded`, as far as it is read here.
package struct FranchiseRecorded: EventView {
    package static let type = "franchise.recorded"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var franchiseId: String { Field.text(data.document, Field.node(data, "franchiseId")) }
    package var ownerId: String { Field.text(data.document, Field.node(data, "ownerId")) }
}

/// The data of `level.changed`, as far as it is read here.
package struct LevelChanged: EventView {
    package static let type = "level.changed"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var userId: String { Field.text(data.document, Field.node(data, "userId")) }
    package var to: String { Field.text(data.document, Field.node(data, "to")) }
    package var reason: String { Field.text(data.document, Field.node(data, "reason")) }
}

/// The data of `level.expired`, as far as it is read here.
package struct LevelExpired: EventView {
    package static let type = "level.expired"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var userId: String { Field.text(data.document, Field.node(data, "userId")) }
}

/// The data of `license.granted`, as far as it is read here.
package struct LicenseGranted: EventView {
    package static let type = "license.granted"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var requestId: String { Field.text(data.document, Field.node(data, "requestId")) }
    package var serviceId: String { Field.text(data.document, Field.node(data, "serviceId")) }
}

/// The data of `order.accepted`, as far as it is read here.
package struct OrderAccepted: EventView {
    package static let type = "order.accepted"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var orderId: String { Field.text(data.document, Field.node(data, "orderId")) }
    package var buyerId: String { Field.text(data.document, Field.node(data, "buyerId")) }
    package var sellerId: String { Field.text(data.document, Field.node(data, "sellerId")) }
    package var currency: String { Field.text(data.document, Field.node(data, "currency")) }
}

/// The data of `order.cancellation.accepted`, as far as it is read here.
package struct OrderCancellationAccepted: EventView {
    package static let type = "order.cancellation.accepted"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var orderId: String { Field.text(data.document, Field.node(data, "orderId")) }
    package var by: String { Field.text(data.document, Field.node(data, "by")) }
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
    package var reason: String { Field.text(data.document, Field.node(data, "reason")) }
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

    package var sellerId: String { Field.text(data.document, Field.node(data, "sellerId")) }
    package var stars: Int64 { Field.integer(data.document, Field.node(data, "stars")) }
}

/// The data of `order.refunded`, as far as it is read here.
package struct OrderRefunded: EventView {
    package static let type = "order.refunded"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var orderId: String { Field.text(data.document, Field.node(data, "orderId")) }
}

/// The data of `order.settled`, as far as it is read here.
package struct OrderSettled: EventView {
    package static let type = "order.settled"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var orderId: String { Field.text(data.document, Field.node(data, "orderId")) }
}

/// The data of `ownership.changed`, as far as it is read here.
package struct OwnershipChanged: EventView {
    package static let type = "ownership.changed"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var franchiseId: String { Field.text(data.document, Field.node(data, "franchiseId")) }
    package var to: String { Field.text(data.document, Field.node(data, "to")) }
}

/// The data of `service.accepted`, as far as it is read here.
package struct ServiceAccepted: EventView {
    package static let type = "service.accepted"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var requestId: String { Field.text(data.document, Field.node(data, "requestId")) }
    package var serviceId: String { Field.text(data.document, Field.node(data, "serviceId")) }
    package var userId: String { Field.text(data.document, Field.node(data, "userId")) }
    package var currency: String { Field.text(data.document, Field.node(data, "currency")) }
}

/// The data of `service.recorded`, as far as it is read here.
package struct ServiceRecorded: EventView {
    package static let type = "service.recorded"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var serviceId: String { Field.text(data.document, Field.node(data, "serviceId")) }
    package var providerId: String { Field.text(data.document, Field.node(data, "providerId")) }
}

/// The data of `service.refunded`, as far as it is read here.
package struct ServiceRefunded: EventView {
    package static let type = "service.refunded"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var requestId: String { Field.text(data.document, Field.node(data, "requestId")) }
}

/// The data of `service.refused`, as far as it is read here.
package struct ServiceRefused: EventView {
    package static let type = "service.refused"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var requestId: String { Field.text(data.document, Field.node(data, "requestId")) }
}

/// The data of `service.settled`, as far as it is read here.
package struct ServiceSettled: EventView {
    package static let type = "service.settled"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var requestId: String { Field.text(data.document, Field.node(data, "requestId")) }
}

/// The data of `trust.changed`, as far as it is read here.
package struct TrustChanged: EventView {
    package static let type = "trust.changed"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var userId: String { Field.text(data.document, Field.node(data, "userId")) }
    package var to: Int64 { Field.integer(data.document, Field.node(data, "to")) }
}

/// The data of `user.recorded`, as far as it is read here.
package struct UserRecorded: EventView {
    package static let type = "user.recorded"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var userId: String { Field.text(data.document, Field.node(data, "userId")) }
    package var role: String { Field.text(data.document, Field.node(data, "role")) }
    package var area: String { Field.text(data.document, Field.node(data, "area")) }
    package var referredBy: String? { Field.textIfAny(data.document, Field.node(data, "referredBy")) }
    package var tags: [String] { Field.texts(data.document, Field.node(data, "tags")) }
    package var level: String? { Field.textIfAny(data.document, Field.node(data, "level")) }
    package var trustScore: Int64? { Field.integerIfAny(data.document, Field.node(data, "trustScore")) }
}

/// The data of `verification.approved`, as far as it is read here.
package struct VerificationApproved: EventView {
    package static let type = "verification.approved"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var requestId: String { Field.text(data.document, Field.node(data, "requestId")) }
    package var userId: String { Field.text(data.document, Field.node(data, "userId")) }
    package var kind: String { Field.text(data.document, Field.node(data, "kind")) }
    package var validUntil: Instant { Field.moment(data.document, Field.node(data, "validUntil")) }
    package var documents: RecordList<DocumentRecord> { RecordList(data.document, Field.node(data, "documents")) }

    /// An element of `documents`.
    package struct DocumentRecord: RecordView {
        package let document: Document
        package private(set) var expiresNode: UInt32 = 0

        package init(_ document: Document, _ object: UInt32) {
            self.document = document
            guard object != 0, document.kind(of: object) == .object else { return }
            var node = object + 1
            let end = document.nodeAfter(object)
            while node < end {
                switch document.nameLength(of: node) {
                case 7 where document.isNamed(node, "expires"): expiresNode = node
                default: break
                }
                node = document.nodeAfter(node)
            }
        }

        package var expires: Instant? { Field.momentIfAny(document, expiresNode) }
    }
}

/// The data of `verification.blocked`, as far as it is read here.
package struct VerificationBlocked: EventView {
    package static let type = "verification.blocked"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var requestId: String { Field.text(data.document, Field.node(data, "requestId")) }
}

/// The data of `verification.requested`, as far as it is read here.
package struct VerificationRequested: EventView {
    package static let type = "verification.requested"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var requestId: String { Field.text(data.document, Field.node(data, "requestId")) }
    package var userId: String { Field.text(data.document, Field.node(data, "userId")) }
    package var kind: String { Field.text(data.document, Field.node(data, "kind")) }
    package var targetLevel: String? { Field.textIfAny(data.document, Field.node(data, "targetLevel")) }
    package var documents: RecordList<DocumentRecord> { RecordList(data.document, Field.node(data, "documents")) }
    package var tests: View? { Field.view(data.document, Field.node(data, "tests")) }

    /// An element of `documents`.
    package struct DocumentRecord: RecordView {
        package let document: Document
        package private(set) var typeNode: UInt32 = 0
        package private(set) var expiresNode: UInt32 = 0

        package init(_ document: Document, _ object: UInt32) {
            self.document = document
            guard object != 0, document.kind(of: object) == .object else { return }
            var node = object + 1
            let end = document.nodeAfter(object)
            while node < end {
                switch document.nameLength(of: node) {
                case 4 where document.isNamed(node, "type"): typeNode = node
                case 7 where document.isNamed(node, "expires"): expiresNode = node
                default: break
                }
                node = document.nodeAfter(node)
            }
        }

        package var type: String { Field.text(document, typeNode) }
        package var expires: Instant? { Field.momentIfAny(document, expiresNode) }
    }
}

/// The data of `verification.review.required`, as far as it is read here.
package struct VerificationReviewRequired: EventView {
    package static let type = "verification.review.required"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var requestId: String { Field.text(data.document, Field.node(data, "requestId")) }
}

/// The data of `verification.suggested`, as far as it is read here.
package struct VerificationSuggested: EventView {
    package static let type = "verification.suggested"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var requestId: String { Field.text(data.document, Field.node(data, "requestId")) }
}
