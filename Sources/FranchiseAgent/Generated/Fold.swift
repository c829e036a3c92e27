// Written by `tools/generate` from the declarations of event types and `folds.yaml`; change those.
package import AgentKit

extension FranchiseAgent {
    /// The events that the reducer folds.
    package enum Fold: EventFold {
        case areaRecorded(AreaRecorded)
        case areaSaleAccepted(AreaSaleAccepted)
        case areaSaleRefused(AreaSaleRefused)
        case complaintClosed(ComplaintClosed)
        case complaintEscalated(ComplaintEscalated)
        case complaintOpened(ComplaintOpened)
        case fineImposed(FineImposed)
        case fineReversed(FineReversed)
        case franchiseRecorded(FranchiseRecorded)
        case orderAccepted(OrderAccepted)
        case ownershipChanged(OwnershipChanged)
        case scheduleDaily
        case settlementIssued(SettlementIssued)
        case transferPosted(TransferPosted)

        package init(_ number: Int, _ data: View) {
            switch number {
            case 0: self = .areaRecorded(AreaRecorded(data))
            case 1: self = .areaSaleAccepted(AreaSaleAccepted(data))
            case 2: self = .areaSaleRefused(AreaSaleRefused(data))
            case 3: self = .complaintClosed(ComplaintClosed(data))
            case 4: self = .complaintEscalated(ComplaintEscalated(data))
            case 5: self = .complaintOpened(ComplaintOpened(data))
            case 6: self = .fineImposed(FineImposed(data))
            case 7: self = .fineReversed(FineReversed(data))
            case 8: self = .franchiseRecorded(FranchiseRecorded(data))
            case 9: self = .orderAccepted(OrderAccepted(data))
            case 10: self = .ownershipChanged(OwnershipChanged(data))
            case 11: self = .scheduleDaily
            case 12: self = .settlementIssued(SettlementIssued(data))
            case 13: self = .transferPosted(TransferPosted(data))
            default: preconditionFailure("no fold of number \(number)")
            }
        }

        package static let readings: [EventReading] = [
            EventReading("area.recorded", [.init("area", .text), .init("parent", .text, isOptional: true)]),
            EventReading(
                "area.sale.accepted",
                [
                    .init("saleId", .text),
                    .init("franchiseId", .text),
                    .init("buyerId", .text),
                    .init("price", .integer),
                    .init("currency", .text),
                ]),
            EventReading("area.sale.refused", [.init("saleId", .text)]),
            EventReading(
                "complaint.closed",
                [
                    .init("complaintId", .text),
                    .init("outcome", .text),
                    .init("by", .text, isOptional: true),
                ]),
            EventReading(
                "complaint.escalated",
                [
                    .init("complaintId", .text),
                    .init("franchiseId", .text, isOptional: true),
                ]),
            EventReading(
                "complaint.opened",
                [
                    .init("complaintId", .text),
                    .init("franchiseId", .text, isOptional: true),
                ]),
            EventReading(
                "fine.imposed",
                [
                    .init("fineId", .text),
                    .init("party", .text),
                    .init("partyId", .text),
                    .init("amount", .integer),
                    .init("currency", .text),
                ]),
            EventReading(
                "fine.reversed",
                [
                    .init("fineId", .text),
                    .init("party", .text),
                    .init("partyId", .text),
                    .init("amount", .integer),
                    .init("currency", .text),
                ]),
            EventReading(
                "franchise.recorded",
                [
                    .init("franchiseId", .text),
                    .init("tier", .text),
                    .init("area", .text),
                    .init("ownerId", .text),
                    .init("parentId", .text, isOptional: true),
                ]),
            EventReading("order.accepted", [.init("area", .text)]),
            EventReading(
                "ownership.changed",
                [
                    .init("saleId", .text),
                    .init("franchiseId", .text),
                    .init("to", .text),
                ]),
            EventReading("schedule.daily", []),
            EventReading(
                "settlement.issued",
                [
                    .init("franchiseId", .text),
                    .init("currency", .text),
                    .init("income", .integer),
                    .init("fines", .integer),
                ]),
            EventReading(
                "transfer.posted",
                [
                    .init("purpose", .text),
                    .init("reference", .text),
                    .init("transfers", .records),
                    .init("transfers[].creditAccount", .text),
                    .init("transfers[].amount", .integer),
                    .init("transfers[].flags", .texts, isOptional: true),
                ]),
        ]
    }
}
