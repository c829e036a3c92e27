// Written by `tools/generate` from the declarations of event types and `folds.yaml`; change those.
package import AgentKit

extension MarketplaceAgent {
    /// The events that the reducer folds.
    package enum Fold: EventFold {
        case callRecorded(CallRecorded)
        case licenseExpired(LicenseExpired)
        case licenseGranted(LicenseGranted)
        case licenseRevoked(LicenseRevoked)
        case serviceAccepted(ServiceAccepted)
        case serviceAvailabilityChanged(ServiceAvailabilityChanged)
        case serviceRefunded(ServiceRefunded)
        case serviceRefused(ServiceRefused)
        case serviceRegistered(ServiceRegistered)
        case serviceSettled(ServiceSettled)

        package init(_ number: Int, _ data: View) {
            switch number {
            case 0: self = .callRecorded(CallRecorded(data))
            case 1: self = .licenseExpired(LicenseExpired(data))
            case 2: self = .licenseGranted(LicenseGranted(data))
            case 3: self = .licenseRevoked(LicenseRevoked(data))
            case 4: self = .serviceAccepted(ServiceAccepted(data))
            case 5: self = .serviceAvailabilityChanged(ServiceAvailabilityChanged(data))
            case 6: self = .serviceRefunded(ServiceRefunded(data))
            case 7: self = .serviceRefused(ServiceRefused(data))
            case 8: self = .serviceRegistered(ServiceRegistered(data))
            case 9: self = .serviceSettled(ServiceSettled(data))
            default: preconditionFailure("no fold of number \(number)")
            }
        }

        package static let readings: [EventReading] = [
            EventReading("call.recorded", [.init("licenseId", .text), .init("remaining", .integer, isOptional: true)]),
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
            EventReading("service.refunded", [.init("requestId", .text)]),
            EventReading("service.refused", [.init("requestId", .text)]),
            EventReading(
                "service.registered",
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
            EventReading("service.settled", [.init("requestId", .text)]),
        ]
    }
}
