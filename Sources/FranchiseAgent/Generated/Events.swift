// Written by `tools/generate` from the declarations of event types and `folds.yaml`; change those.
package import AgentKit

/// The data of `area.recorded`, as far as it is read here.
package struct AreaRecorded: EventView {
    package static let type = "area.recorded"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var area: String { Field.text(data.document, Field.node(data, "area")) }
    package var parent: String? { Field.textIfAny(data.document, Field.node(data, "parent")) }
}

/// The data of `area.sale.accepted`, as far as it is read here.
package struct AreaSaleAccepted: EventView {
    package static let type = "area.sale.accepted"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var saleId: String { Field.text(data.document, Field.node(data, "saleId")) }
    package var franchiseId: String { Field.text(data.document, Field.node(data, "franchiseId")) }
    package var buyerId: String { Field.text(data.document, Field.node(data, "buyerId")) }
    package var price: Int64 { Field.integer(data.document, Field.node(data, "price")) }
    package var currency: String { Field.text(data.document, Field.node(data, "currency")) }
}

/// The data of `area.sale.refused`, as far as it is read here.
package struct AreaSaleRefused: EventView {
    package static let type = "area.sale.refused"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var saleId: String { Field.text(data.document, Field.node(data, "saleId")) }
}

/// The data of `complaint.closed`, as far as it is read here.
package struct ComplaintClosed: EventView {
    package static let type = "complaint.closed"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var complaintId: String { Field.text(data.document, Field.node(data, "complaintId")) }
    package var outcome: String { Field.text(data.document, Field.node(data, "outcome")) }
    package var by: String? { Field.textIfAny(data.document, Field.node(data, "by")) }
}

/// The data of `complaint.escalated`, as far as it is read here.
package struct ComplaintEscalated: EventView {
    package static let type = "complaint.escalated"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var complaintId: String { Field.text(data.document, Field.node(data, "complaintId")) }
    package var franchiseId: String? { Field.textIfAny(data.document, Field.node(data, "franchiseId")) }
}

/// The data of `complaint.opened`, as far as it is read here.
package struct ComplaintOpened: EventView {
    package static let type = "complaint.opened"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var complaintId: String { Field.text(data.document, Field.node(data, "complaintId")) }
    package var franchiseId: String? { Field.textIfAny(data.document, Field.node(data, "franchiseId")) }
}

/// The data of `fine.imposed`, as far as it is read here.
package struct FineImposed: EventView {
    package static let type = "fine.imposed"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var fineId: String { Field.text(data.document, Field.node(data, "fineId")) }
    package var party: String { Field.text(data.document, Field.node(data, "party")) }
    package var partyId: String { Field.text(data.document, Field.node(data, "partyId")) }
    package var amount: Int64 { Field.integer(data.document, Field.node(data, "amount")) }
    package var currency: String { Field.text(data.document, Field.node(data, "currency")) }
}

/// The data of `fine.reversed`, as far as it is read here.
package struct FineReversed: EventView {
    package static let type = "fine.reversed"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var fineId: String { Field.text(data.document, Field.node(data, "fineId")) }
    package var party: String { Field.text(data.document, Field.node(data, "party")) }
    package var partyId: String { Field.text(data.document, Field.node(data, "partyId")) }
    package var amount: Int64 { Field.integer(data.document, Field.node(data, "amount")) }
    package var currency: String { Field.text(data.document, Field.node(data, "currency")) }
}

/// The data of `franchise.recorded`, as far as it is read here.
package struct FranchiseRecorded: EventView {
    package static let type = "franchise.recorded"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var franchiseId: String { Field.text(data.document, Field.node(data, "franchiseId")) }
    package var tier: String { Field.text(data.document, Field.node(data, "tier")) }
    package var area: String { Field.text(data.document, Field.node(data, "area")) }
    package var ownerId: String { Field.text(data.document, Field.node(data, "ownerId")) }
    package var parentId: String? { Field.textIfAny(data.document, Field.node(data, "parentId")) }
}

/// The data of `order.accepted`, as far as it is read here.
package struct OrderAccepted: EventView {
    package static let type = "order.accepted"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var area: String { Field.text(data.document, Field.node(data, "area")) }
}

/// The data of `ownership.changed`, as far as it is read here.
package struct OwnershipChanged: EventView {
    package static let type = "ownership.changed"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var saleId: String { Field.text(data.document, Field.node(data, "saleId")) }
    package var franchiseId: String { Field.text(data.document, Field.node(data, "franchiseId")) }
    package var to: String { Field.text(data.document, Field.node(data, "to")) }
}

/// The data of `settlement.issued`, as far as it is read here.
package struct SettlementIssued: EventView {
    package static let type = "settlement.issued"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var franchiseId: String { Field.text(data.document, Field.node(data, "franchiseId")) }
    package var currency: String { Field.text(data.document, Field.node(data, "currency")) }
    package var income: Int64 { Field.integer(data.document, Field.node(data, "income")) }
    package var fines: Int64 { Field.integer(data.document, Field.node(data, "fines")) }
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
        package private(set) var creditAccountNode: UInt32 = 0
        package private(set) var amountNode: UInt32 = 0
        package private(set) var flagsNode: UInt32 = 0

        package init(_ document: Document, _ object: UInt32) {
            self.document = document
            guard object != 0, document.kind(of: object) == .object else { return }
            var node = object + 1
            let end = document.nodeAfter(object)
            while node < end {
                switch document.nameLength(of: node) {
                case 5 where document.isNamed(node, "flags"): flagsNode = node
                case 6 where document.isNamed(node, "amount"): amountNode = node
                case 13 where document.isNamed(node, "creditAccount"): creditAccountNode = node
                default: break
                }
                node = document.nodeAfter(node)
            }
        }

        package var creditAccount: String { Field.text(document, creditAccountNode) }
        package var amount: Int64 { Field.integer(document, amountNode) }
        package var flags: [String] { Field.texts(document, flagsNode) }
    }
}
