// Written by `tools/generate` from the declarations of event types and `folds.yaml`; change those.
package import AgentKit

extension AnalyticsAgent {
    /// The events that the reducer folds.
    package enum Fold: EventFold {
        case complaintClosed(ComplaintClosed)
        case complaintEscalated
        case complaintFrozen
        case complaintOpened
        case complaintRefused
        case complaintResumed(ComplaintResumed)
        case fineImposed(FineImposed)
        case levelChanged(LevelChanged)
        case orderAccepted(OrderAccepted)
        case orderCancellationAccepted(OrderCancellationAccepted)
        case orderDeliveryRecorded
        case orderExpired(OrderExpired)
        case orderProcessing
        case orderRefunded(OrderRefunded)
        case orderRejected
        case orderSettled(OrderSettled)
        case reportIssued(ReportIssued)
        case scheduleDaily(ScheduleDaily)
        case scheduleMonthly(ScheduleMonthly)
        case scheduleWeekly(ScheduleWeekly)
        case transferPosted(TransferPosted)
        case transferRequested(TransferRequested)
        case userRecorded(UserRecorded)

        package init(_ number: Int, _ data: View) {
            switch number {
            case 0: self = .complaintClosed(ComplaintClosed(data))
            case 1: self = .complaintEscalated
            case 2: self = .complaintFrozen
            case 3: self = .complaintOpened
            case 4: self = .complaintRefused
            case 5: self = .complaintResumed(ComplaintResumed(data))
            case 6: self = .fineImposed(FineImposed(data))
            case 7: self = .levelChanged(LevelChanged(data))
            case 8: self = .orderAccepted(OrderAccepted(data))
            case 9: self = .orderCancellationAccepted(OrderCancellationAccepted(data))
            case 10: self = .orderDeliveryRecorded
            case 11: self = .orderExpired(OrderExpired(data))
            case 12: self = .orderProcessing
            case 13: self = .orderRefunded(OrderRefunded(data))
            case 14: self = .orderRejected
            case 15: self = .orderSettled(OrderSettled(data))
            case 16: self = .reportIssued(ReportIssued(data))
            case 17: self = .scheduleDaily(ScheduleDaily(data))
            case 18: self = .scheduleMonthly(ScheduleMonthly(data))
            case 19: self = .scheduleWeekly(ScheduleWeekly(data))
            case 20: self = .transferPosted(TransferPosted(data))
            case 21: self = .transferRequested(TransferRequested(data))
            case 22: self = .userRecorded(UserRecorded(data))
            default: preconditionFailure("no fold of number \(number)")
            }
        }

        package static let readings: [EventReading] = [
            EventReading(
                "complaint.closed",
                [
                    .init("complaintId", .text),
                    .init("orderId", .text, isOptional: true),
                    .init("outcome", .text),
                    .init("by", .text, isOptional: true),
                ]),
            EventReading("complaint.escalated", []),
            EventReading("complaint.frozen", []),
            EventReading("complaint.opened", []),
            EventReading("complaint.refused", []),
            EventReading("complaint.resumed", [.init("complaintId", .text)]),
            EventReading("fine.imposed", [.init("amount", .integer), .init("currency", .text)]),
            EventReading("level.changed", [.init("userId", .text), .init("to", .text)]),
            EventReading("order.accepted", [.init("area", .text), .init("productId", .text)]),
            EventReading("order.cancellation.accepted", [.init("orderId", .text), .init("by", .text)]),
            EventReading("order.delivery.recorded", []),
            EventReading("order.expired", [.init("orderId", .text)]),
            EventReading("order.processing", []),
            EventReading("order.refunded", [.init("orderId", .text)]),
            EventReading("order.rejected", []),
            EventReading("order.settled", [.init("orderId", .text)]),
            EventReading(
                "report.issued",
                [
                    .init("period", .text),
                    .init("agents", .map),
                    .init("agents[].decisions", .integer),
                    .init("agents[].failures", .integer),
                ]),
            EventReading("schedule.daily", [.init("date", .text)]),
            EventReading("schedule.monthly", [.init("date", .text)]),
            EventReading("schedule.weekly", [.init("date", .text)]),
            EventReading(
                "transfer.posted",
                [
                    .init("purpose", .text),
                    .init("transfers", .records),
                    .init("transfers[].amount", .integer),
                    .init("transfers[].currency", .text),
                    .init("transfers[].creditAccount", .text),
                    .init("transfers[].debitAccount", .text),
                ]),
            EventReading("transfer.requested", [.init("purpose", .text), .init("reference", .text)]),
            EventReading("user.recorded", [.init("userId", .text), .init("level", .text, isOptional: true)]),
        ]
    }
}
