// Written by `tools/generate` from the declarations of event types and `folds.yaml`; change those.
package import AgentKit

/// The data of `complaint.closed`, as far as it is read here.
package struct ComplaintClosed: EventView {
    package static let type = "complaint.closed"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var complaintId: String { Field.text(data.document, Field.node(data, "complaintId")) }
    package var orderId: String? { Field.textIfAny(data.document, Field.node(data, "orderId")) }
    package var outcome: String { Field.text(data.document, Field.node(data, "outcome")) }
    package var by: String? { Field.textIfAny(data.document, Field.node(data, "by")) }
}

/// The data of `complaint.resumed`, as far as it is read here.
package struct ComplaintResumed: EventView {
    package static let type = "complaint.resumed"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var complaintId: String { Field.text(data.document, Field.node(data, "complaintId")) }
}

/// The data of `fine.imposed`, as far as it is read here.
package struct FineImposed: EventView {
    package static let type = "fine.imposed"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var amount: Int64 { Field.integer(data.document, Field.node(data, "amount")) }
    package var currency: String { Field.text(data.document, Field.node(data, "currency")) }
}

/// The data of `level.changed`, as far as it is read here.
package struct LevelChanged: EventView {
    package static let type = "level.changed"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var userId: String { Field.text(data.document, Field.node(data, "userId")) }
    package var to: String { Field.text(data.document, Field.node(data, "to")) }
}

/// The data of `order.accepted`, as far as it is read here.
package struct OrderAccepted: EventView {
    package static let type = "order.accepted"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var area: String { Field.text(data.document, Field.node(data, "area")) }
    package var productId: String { Field.text(data.document, Field.node(data, "productId")) }
}

/// The data of `order.cancellation.accepted`, as far as it is read here.
package struct OrderCancellationAccepted: EventView {
    package static let type = "order.cancellation.accepted"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var orderId: String { Field.text(data.document, Field.node(data, "orderId")) }
    package var by: String { Field.text(data.document, Field.node(data, "by")) }
}

/// The data of `order.expired`, as far as it is read here.
package struct OrderExpired: EventView {
    package static let type = "order.expired"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var orderId: String { Field.text(data.document, Field.node(data, "orderId")) }
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

/// The data of `report.issued`, as far as it is read here.
package struct ReportIssued: EventView {
    package static let type = "report.issued"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var period: String { Field.text(data.document, Field.node(data, "period")) }
    package var agents: RecordMap<Agent> { RecordMap(data.document, Field.node(data, "agents")) }

    /// A value of `agents`.
    package struct Agent: RecordView {
        package let document: Document
        package private(set) var decisionsNode: UInt32 = 0
        package private(set) var failuresNode: UInt32 = 0

        package init(_ document: Document, _ object: UInt32) {
            self.document = document
            guard object != 0, document.kind(of: object) == .object else { return }
            var node = object + 1
            let end = document.nodeAfter(object)
            while node < end {
                switch document.nameLength(of: node) {
                case 8 where document.isNamed(node, "failures"): failuresNode = node
                case 9 where document.isNamed(node, "decisions"): decisionsNode = node
                default: break
                }
                node = document.nodeAfter(node)
            }
        }

        package var decisions: Int64 { Field.integer(document, decisionsNode) }
        package var failures: Int64 { Field.integer(document, failuresNode) }
    }
}

/// The data of `schedule.daily`, as far as it is read here.
package struct ScheduleDaily: EventView {
    package static let type = "schedule.daily"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var date: String { Field.text(data.document, Field.node(data, "date")) }
}

/// The data of `schedule.monthly`, as far as it is read here.
package struct ScheduleMonthly: EventView {
    package static let type = "schedule.monthly"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var date: String { Field.text(data.document, Field.node(data, "date")) }
}

/// The data of `schedule.weekly`, as far as it is read here.
package struct ScheduleWeekly: EventView {
    package static let type = "schedule.weekly"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var date: String { Field.text(data.document, Field.node(data, "date")) }
}

/// The data of `transfer.posted`, as far as it is read here.
package struct TransferPosted: EventView {
    package static let type = "transfer.posted"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var purpose: String { Field.text(data.document, Field.node(data, "purpose")) }
    package var transfers: RecordList<Transfer> { RecordList(data.document, Field.node(data, "transfers")) }

    /// An element of `transfers`.
    package struct Transfer: RecordView {
        package let document: Document
        package private(set) var amountNode: UInt32 = 0
        package private(set) var currencyNode: UInt32 = 0
        package private(set) var creditAccountNode: UInt32 = 0
        package private(set) var debitAccountNode: UInt32 = 0

        package init(_ document: Document, _ object: UInt32) {
            self.document = document
            guard object != 0, document.kind(of: object) == .object else { return }
            var node = object + 1
            let end = document.nodeAfter(object)
            while node < end {
                switch document.nameLength(of: node) {
                case 6 where document.isNamed(node, "amount"): amountNode = node
                case 8 where document.isNamed(node, "currency"): currencyNode = node
                case 12 where document.isNamed(node, "debitAccount"): debitAccountNode = node
                case 13 where document.isNamed(node, "creditAccount"): creditAccountNode = node
                default: break
                }
                node = document.nodeAfter(node)
            }
        }

        package var amount: Int64 { Field.integer(document, amountNode) }
        package var currency: String { Field.text(document, currencyNode) }
        package var creditAccount: String { Field.text(document, creditAccountNode) }
        package var debitAccount: String { Field.text(document, debitAccountNode) }
    }
}

/// The data of `transfer.requested`, as far as it is read here.
package struct TransferRequested: EventView {
    package static let type = "transfer.requested"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var purpose: String { Field.text(data.document, Field.node(data, "purpose")) }
    package var reference: String { Field.text(data.document, Field.node(data, "reference")) }
}

/// The data of `user.recorded`, as far as it is read here.
package struct UserRecorded: EventView {
    package static let type = "user.recorded"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var userId: String { Field.text(data.document, Field.node(data, "userId")) }
    package var level: String? { Field.textIfAny(data.document, Field.node(data, "level")) }
}
