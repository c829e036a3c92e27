// Written by `tools/generate` from the declarations of event types and `folds.yaml`; change those.
package import AgentKit

extension ComplaintAgent {
    /// The events that the reducer folds.
    package enum Fold: EventFold {
        case complaintClosed(ComplaintClosed)
        case complaintEscalated(ComplaintEscalated)
        case complaintFrozen(ComplaintFrozen)
        case complaintOpened(ComplaintOpened)
        case complaintResumed(ComplaintResumed)
        case fineImposed(FineImposed)
        case fineReversed(FineReversed)

        package init(_ number: Int, _ data: View) {
            switch number {
            case 0: self = .complaintClosed(ComplaintClosed(data))
            case 1: self = .complaintEscalated(ComplaintEscalated(data))
            case 2: self = .complaintFrozen(ComplaintFrozen(data))
            case 3: self = .complaintOpened(ComplaintOpened(data))
            case 4: self = .complaintResumed(ComplaintResumed(data))
            case 5: self = .fineImposed(FineImposed(data))
            case 6: self = .fineReversed(FineReversed(data))
            default: preconditionFailure("no fold of number \(number)")
            }
        }

        package static let readings: [EventReading] = [
            EventReading(
                "complaint.closed",
                [
                    .init("complaintId", .text),
                    .init("orderId", .text, isOptional: true),
                    .init("requestId", .text, isOptional: true),
                    .init("outcome", .text),
                    .init("refundAmount", .integer),
                    .init("by", .text, isOptional: true),
                    .init("row", .text, isOptional: true),
                ]),
            EventReading(
                "complaint.escalated",
                [
                    .init("complaintId", .text),
                    .init("tier", .text),
                    .init("franchiseId", .text, isOptional: true),
                    .init("deadline", .moment),
                ]),
            EventReading("complaint.frozen", [.init("complaintId", .text), .init("left", .length)]),
            EventReading(
                "complaint.opened",
                [
                    .init("complaintId", .text),
                    .init("orderId", .text, isOptional: true),
                    .init("requestId", .text, isOptional: true),
                    .init("buyerId", .text),
                    .init("sellerId", .text),
                    .init("tier", .text),
                    .init("franchiseId", .text, isOptional: true),
                    .init("deadline", .moment),
                ]),
            EventReading("complaint.resumed", [.init("complaintId", .text), .init("deadline", .moment)]),
            EventReading("fine.imposed", [.init("complaintId", .text, isOptional: true), .init("amount", .integer)]),
            EventReading("fine.reversed", [.init("complaintId", .text, isOptional: true), .init("amount", .integer)]),
        ]
    }
}
