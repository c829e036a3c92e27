// Written by `tools/generate` from the declarations of event types and `folds.yaml`; change those.
package import AgentKit

/// The data of `complaint.closed`, as far as it is read here.
package struct ComplaintClosed: EventView {
    package static let type = "complaint.closed"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var complaintId: String { Field.text(data.document, Field.node(data, "complaintId")) }
    package var orderId: String? { Field.textIfAny(data.document, Field.node(data, "orderId")) }
    package var requestId: String? { Field.textIfAny(data.document, Field.node(data, "requestId")) }
    package var outcome: String { Field.text(data.document, Field.node(data, "outcome")) }
    package var refundAmount: Int64 { Field.integer(data.document, Field.node(data, "refundAmount")) }
    package var by: String? { Field.textIfAny(data.document, Field.node(data, "by")) }
    package var row: String? { Field.textIfAny(data.document, Field.node(data, "row")) }
}

/// The data of `complaint.escalated`, as far as it is read here.
package struct ComplaintEscalated: EventView {
    package static let type = "complaint.escalated"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var complaintId: String { Field.text(data.document, Field.node(data, "complaintId")) }
    package var tier: String { Field.text(data.document, Field.node(data, "tier")) }
    package var franchiseId: String? { Field.textIfAny(data.document, Field.node(data, "franchiseId")) }
    package var deadline: Instant { Field.moment(data.document, Field.node(data, "deadline")) }
}

/// The data of `complaint.frozen`, as far as it is read here.
package struct ComplaintFrozen: EventView {
    package static let type = "complaint.frozen"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var complaintId: String { Field.text(data.document, Field.node(data, "complaintId")) }
    package var left: String { Field.text(data.document, Field.node(data, "left")) }
}

/// The data of `complaint.opened`, as far as it is read here.
package struct ComplaintOpened: EventView {
    package static let type = "complaint.opened"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var complaintId: String { Field.text(data.document, Field.node(data, "complaintId")) }
    package var orderId: String? { Field.textIfAny(data.document, Field.node(data, "orderId")) }
    package var requestId: String? { Field.textIfAny(data.document, Field.node(data, "requestId")) }
    package var buyerId: String { Field.text(data.document, Field.node(data, "buyerId")) }
    package var sellerId: String { Field.text(data.document, Field.node(data, "sellerId")) }
    package var tier: String { Field.text(data.document, Field.node(data, "tier")) }
    package var franchiseId: String? { Field.textIfAny(data.document, Field.node(data, "franchiseId")) }
    package var deadline: Instant { Field.moment(data.document, Field.node(data, "deadline")) }
}

/// The data of `complaint.resumed`, as far as it is read here.
package struct ComplaintResumed: EventView {
    package static let type = "complaint.resumed"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var complaintId: String { Field.text(data.document, Field.node(data, "complaintId")) }
    package var deadline: Instant { Field.moment(data.document, Field.node(data, "deadline")) }
}

/// The data of `fine.imposed`, as far as it is read here.
package struct FineImposed: EventView {
    package static let type = "fine.imposed"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var complaintId: String? { Field.textIfAny(data.document, Field.node(data, "complaintId")) }
    package var amount: Int64 { Field.integer(data.document, Field.node(data, "amount")) }
}

/// The data of `fine.reversed`, as far as it is read here.
package struct FineReversed: EventView {
    package static let type = "fine.reversed"
    package let data: View

    package init(_ data: View) { self.data = data }

    package var complaintId: String? { Field.textIfAny(data.document, Field.node(data, "complaintId")) }
    package var amount: Int64 { Field.integer(data.document, Field.node(data, "amount")) }
}
