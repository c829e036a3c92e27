// Written by `tools/generate` from the declarations of event types and `folds.yaml`; change those.
package import AgentKit

/// The data of `call.recorded`, as far as it is read here.
package struct CallRecorded: EventView {
    package static let type = "call.recorded"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var licenseId: String { Field.text(data.document, Field.node(data, "licenseId")) }
    package var remaining: Int64? { Field.integerIfAny(data.document, Field.node(data, "remaining")) }
}

/// The data of `complaint.closed`, as far as it is read here.
package struct ComplaintClosed: EventView {
    package static let type = "complaint.closed"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var complaintId: String { Field.text(data.document, Field.node(data, "complaintId")) }
    package var requestId: String? { Field.textIfAny(data.document, Field.node(data, "requestId")) }
    package var outcome: String { Field.text(data.document, Field.node(data, "outcome")) }
    package var refundAmount: Int64 { Field.integer(data.document, Field.node(data, "refundAmount")) }
}

/// The data of `complaint.opened`, as far as it is read here.
package struct ComplaintOpened: EventView {
    package static let type = "complaint.opened"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var complaintId: String { Field.text(data.document, Field.node(data, "complaintId")) }
    package var requestId: String? { Field.textIfAny(data.document, Field.node(data, "requestId")) }
}

/// The data of `license.expired`, as far as it is read here.
package struct LicenseExpired: EventView {
    package static let type = "license.expired"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var licenseId: String { Field.text(data.document, Field.node(data, "licenseId")) }
}

/// The data of `license.granted`, as far as it is read here.
package struct LicenseGranted: EventView {
    package static let type = "license.granted"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var licenseId: String { Field.text(data.document, Field.node(data, "licenseId")) }
    package var requestId: String { Field.text(data.document, Field.node(data, "requestId")) }
    package var serviceId: String { Field.text(data.document, Field.node(data, "serviceId")) }
    package var userId: String { Field.text(data.document, Field.node(data, "userId")) }
    package var calls: Int64? { Field.integerIfAny(data.document, Field.node(data, "calls")) }
    package var expires: Instant? { Field.momentIfAny(data.document, Field.node(data, "expires")) }
}

/// The data of `license.revoked`, as far as it is read here.
package struct LicenseRevoked: EventView {
    package static let type = "license.revoked"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var licenseId: String { Field.text(data.document, Field.node(data, "licenseId")) }
}

/// The data of `quality.scored`, as far as it is read here.
package struct QualityScored: EventView {
    package static let type = "quality.scored"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var requestId: String? { Field.textIfAny(data.document, Field.node(data, "requestId")) }
}

/// The data of `service.accepted`, as far as it is read here.
package struct ServiceAccepted: EventView {
    package static let type = "service.accepted"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var requestId: String { Field.text(data.document, Field.node(data, "requestId")) }
    package var serviceId: String { Field.text(data.document, Field.node(data, "serviceId")) }
    package var userId: String { Field.text(data.document, Field.node(data, "userId")) }
    package var amount: Int64 { Field.integer(data.document, Field.node(data, "amount")) }
    package var currency: String { Field.text(data.document, Field.node(data, "currency")) }
}

/// The data of `service.availability.changed`, as far as it is read here.
package struct ServiceAvailabilityChanged: EventView {
    package static let type = "service.availability.changed"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var serviceId: String { Field.text(data.document, Field.node(data, "serviceId")) }
    package var available: Bool { Field.flag(data.document, Field.node(data, "available")) }
}

/// The data of `service.delivery.recorded`, as far as it is read here.
package struct ServiceDeliveryRecorded: EventView {
    package static let type = "service.delivery.recorded"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var requestId: String { Field.text(data.document, Field.node(data, "requestId")) }
    package var releaseAt: Instant { Field.moment(data.document, Field.node(data, "releaseAt")) }
}

/// The data of `service.recorded`, as far as it is read here.
package struct ServiceRecorded: EventView {
    package static let type = "service.recorded"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var serviceId: String { Field.text(data.document, Field.node(data, "serviceId")) }
    package var providerId: String { Field.text(data.document, Field.node(data, "providerId")) }
    package var modelOwnerId: String? { Field.textIfAny(data.document, Field.node(data, "modelOwnerId")) }
    package var title: String { Field.text(data.document, Field.node(data, "title")) }
    package var price: Int64 { Field.integer(data.document, Field.node(data, "price")) }
    package var currency: String { Field.text(data.document, Field.node(data, "currency")) }
    package var license: License { License(data.document, Field.node(data, "license")) }
    package var requiredLevel: String { Field.text(data.document, Field.node(data, "requiredLevel")) }
    package var available: Bool { Field.flag(data.document, Field.node(data, "available")) }
    package var tags: [String] { Field.texts(data.document, Field.node(data, "tags")) }
    package var validatorIds: [String] { Field.texts(data.document, Field.node(data, "validatorIds")) }

    /// The record `license`.
    package struct License: RecordView {
        package let document: Document
        package private(set) var callsNode: UInt32 = 0
        package private(set) var daysNode: UInt32 = 0
        package private(set) var kindNode: UInt32 = 0

        package init(_ document: Document, _ object: UInt32) {
            self.document = document
            guard object != 0, document.kind(of: object) == .object else { return }
            var node = object + 1
            let end = document.nodeAfter(object)
            while node < end {
                switch document.nameLength(of: node) {
                case 4 where document.isNamed(node, "days"): daysNode = node
                case 4 where document.isNamed(node, "kind"): kindNode = node
                case 5 where document.isNamed(node, "calls"): callsNode = node
                default: break
                }
                node = document.nodeAfter(node)
            }
        }

        package var calls: Int64? { Field.integerIfAny(document, callsNode) }
        package var days: Int64? { Field.integerIfAny(document, daysNode) }
        package var kind: String { Field.text(document, kindNode) }
    }
}

/// The data of `service.refunded`, as far as it is read here.
package struct ServiceRefunded: EventView {
    package static let type = "service.refunded"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var requestId: String { Field.text(data.document, Field.node(data, "requestId")) }
    package var amount: Int64 { Field.integer(data.document, Field.node(data, "amount")) }
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

/// The data of `transfer.posted`, as far as it is read here.
package struct TransferPosted: EventView {
    package static let type = "transfer.posted"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var purpose: String { Field.text(data.document, Field.node(data, "purpose")) }
    package var reference: String { Field.text(data.document, Field.node(data, "reference")) }
    package var transfers: RecordList<Transfer> { RecordList(data.document, Field.node(data, "transfers")) }

    /// An element of `transfers`.
    package struct Transfer: RecordView {
        package let document: Document
        package private(set) var amountNode: UInt32 = 0

        package init(_ document: Document, _ object: UInt32) {
            self.document = document
            guard object != 0, document.kind(of: object) == .object else { return }
            var node = object + 1
            let end = document.nodeAfter(object)
            while node < end {
                switch document.nameLength(of: node) {
                case 6 where document.isNamed(node, "amount"): amountNode = node
                default: break
                }
                node = document.nodeAfter(node)
            }
        }

        package var amount: Int64 { Field.integer(document, amountNode) }
    }
}
