// Written by `tools/generate` from the declarations of event types and `folds.yaml`; change those.
package import AgentKit

extension MarketplaceAgent {
    /// The events that the reducer folds.
    package enum Fold: EventFold {
        case callRecorded(CallRecorded)
        case complaintClosed(ComplaintClosed)
        case complaintOpened(ComplaintOpened)
        case licenseExpired(LicenseExpired)
        case licenseGranted(LicenseGranted)
        case licenseRevoked(LicenseRevoked)
        case qualityScored(QualityScored)
        case serviceAccepted(ServiceAccepted)
        case serviceAvailabilityChanged(ServiceAvailabilityChanged)
        case serviceDeliveryRecorded(ServiceDeliveryRecorded)
        case serviceRecorded(ServiceRecorded)
        case serviceRefunded(ServiceRefunded)
        case serviceRefused(ServiceRefused)
        case serviceSettled(ServiceSettled)
        case transferPosted(TransferPosted)

        package init(_ number: Int, _ data: View) {
            switch number {
            case 0: self = .callRecorded(CallRecorded(data))
            case 1: self = .complaintClosed(ComplaintClosed(data))
            case 2: self = .complaintOpened(ComplaintOpened(data))
            case 3: self = .licenseExpired(LicenseExpired(data))
            case 4: self = .licenseGranted(LicenseGranted(data))
            case 5: self = .licenseRevoked(LicenseRevoked(data))
            case 6: self = .qualityScored(QualityScored(data))
            case 7: self = .serviceAccepted(ServiceAccepted(data))
            case 8: self = .serviceAvailabilityChanged(ServiceAvailabilityChanged(data))
            case 9: self = .serviceDeliveryRecorded(ServiceDeliveryRecorded(data))
            case 10: self = .serviceRecorded(ServiceRecorded(data))
            case 11: self = .serviceRefunded(ServiceRefunded(data))
            case 12: self = .serviceRefused(ServiceRefused(data))
            case 13: self = .serviceSettled(ServiceSettled(data))
            case 14: self = .transferPosted(TransferPosted(data))
            default: preconditionFailure("no fold of number \(number)")
            }
        }

        package static let readings: [EventReading] = [
            EventReading("call.recorded", [.init("licenseId", .text), .init("remaining", .integer, isOptional: true)]),
            EventReading(
                "complaint.closed",
                [
                    .init("complaintId", .text),
                    .init("requestId", .text, isOptional: true),
                    .init("outcome", .text),
                    .init("refundAmount", .integer),
                ]),
            EventReading(
                "complaint.opened",
                [
                    .init("complaintId", .text),
                    .init("requestId", .text, isOptional: true),
                ]),
            EventReading("license.expired", [.init("licenseId", .text)]),
            EventReading(
                "license.granted",
                [
                    .init("licenseId", .text),
                    .init("requestId", .text),
                    .init("serviceId", .text),
                    .init("userId", .text),
                    .init("calls", .integer, isOptional: true),
                    .init("expires", .moment, isOptional: true),
                ]),
            EventReading("license.revoked", [.init("licenseId", .text)]),
            EventReading("quality.scored", [.init("requestId", .text, isOptional: true)]),
            EventReading(
                "service.accepted",
                [
                    .init("requestId", .text),
                    .init("serviceId", .text),
                    .init("userId", .text),
                    .init("amount", .integer),
                    .init("currency", .text),
                ]),
            EventReading("service.availability.changed", [.init("serviceId", .text), .init("available", .flag)]),
            EventReading("service.delivery.recorded", [.init("requestId", .text), .init("releaseAt", .moment)]),
            EventReading(
                "service.recorded",
                [
                    .init("serviceId", .text),
                    .init("providerId", .text),
                    .init("modelOwnerId", .text, isOptional: true),
                    .init("title", .text),
                    .init("price", .integer),
                    .init("currency", .text),
                    .init("license", .record),
                    .init("license.calls", .integer, isOptional: true),
                    .init("license.days", .integer, isOptional: true),
                    .init("license.kind", .text),
                    .init("requiredLevel", .text),
                    .init("available", .flag),
                    .init("tags", .texts, isOptional: true),
                    .init("validatorIds", .texts, isOptional: true),
                ]),
            EventReading("service.refunded", [.init("requestId", .text), .init("amount", .integer)]),
            EventReading("service.refused", [.init("requestId", .text)]),
            EventReading("service.settled", [.init("requestId", .text)]),
            EventReading(
                "transfer.posted",
                [
                    .init("purpose", .text),
                    .init("reference", .text),
                    .init("transfers", .records),
                    .init("transfers[].amount", .integer),
                ]),
        ]
    }
}
