// Written by `tools/generate` from the declarations of event types and `folds.yaml`; change those.
package import AgentKit

extension ComplianceAgent {
    /// The events that the reducer folds.
    package enum Fold: EventFold {
        case accessDenied(AccessDenied)
        case adminOverride(AdminOverride)
        case complianceReported
        case erasureCompleted(ErasureCompleted)
        case erasureDeferred(ErasureDeferred)
        case overrideRefused(OverrideRefused)

        package init(_ number: Int, _ data: View) {
            switch number {
            case 0: self = .accessDenied(AccessDenied(data))
            case 1: self = .adminOverride(AdminOverride(data))
            case 2: self = .complianceReported
            case 3: self = .erasureCompleted(ErasureCompleted(data))
            case 4: self = .erasureDeferred(ErasureDeferred(data))
            case 5: self = .overrideRefused(OverrideRefused(data))
            default: preconditionFailure("no fold of number \(number)")
            }
        }

        package static let readings: [EventReading] = [
            EventReading("access.denied", [.init("userId", .text), .init("feature", .text)]),
            EventReading("admin.override", [.init("corrects", .text)]),
            EventReading("compliance.reported", []),
            EventReading("erasure.completed", [.init("requestId", .text), .init("userId", .text)]),
            EventReading(
                "erasure.deferred",
                [
                    .init("requestId", .text),
                    .init("userId", .text),
                    .init("reason", .text),
                ]),
            EventReading("override.refused", [.init("override", .text), .init("reason", .text)]),
        ]
    }
}
