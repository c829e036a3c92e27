// Written by `tools/generate` from the declarations of event types and `folds.yaml`; change those.
package import AgentKit

extension QualityAgent {
    /// The events that the reducer folds.
    package enum Fold: EventFold {
        case qualityScored(QualityScored)
        case serviceRestored(ServiceRestored)
        case serviceSuspended(ServiceSuspended)

        package init(_ number: Int, _ data: View) {
            switch number {
            case 0: self = .qualityScored(QualityScored(data))
            case 1: self = .serviceRestored(ServiceRestored(data))
            case 2: self = .serviceSuspended(ServiceSuspended(data))
            default: preconditionFailure("no fold of number \(number)")
            }
        }

        package static let readings: [EventReading] = [
            EventReading(
                "quality.scored",
                [
                    .init("serviceId", .text),
                    .init("userId", .text),
                    .init("score", .integer),
                    .init("mean", .integer),
                    .init("reports", .integer),
                ]),
            EventReading("service.restored", [.init("serviceId", .text)]),
            EventReading("service.suspended", [.init("serviceId", .text), .init("count", .integer)]),
        ]
    }
}
