package import AgentKit

/// The complaints, open and closed.
package struct ComplaintState {
    package let complaints: Table<Complaint>

    init(in tables: TableSet) {
        complaints = tables.table("complaints")
    }
}

/// A buyer's complaint on one order, or a user's on one request for a service.
package struct Complaint: Row {
    package var id = ""
    package var orderId: String?
    package var requestId: String?
    package var buyerId = ""
    /// The seller, or the provider of a request.
    package var sellerId = ""
    package var status = ComplaintStatus.open
    /// The tier that has it: sub, master or corporate.
    package var tier = "sub"
    /// The franchise of that tier; absent where the area has none at all.
    package var franchiseId: String?
    package var openedAt = Instant.earliest
    /// The end of the tier's time.
    package var deadline = Instant.earliest
    /// While frozen: what was left of the tier's time, in seconds as entries write it (`21600s`).
    package var left: String?
    package var outcome: String?
    /// The cause of its end: person, table, timer or override.
    package var closedBy: String?
    /// The row of the table that ended it.
    package var row: String?
    /// The amount that its closing gives back to the buyer.
    package var refundAmount = Amount.zero
    /// The sum of the fines it led to.
    package var fined = Amount.zero

    package init() {}

    package static let name = "complaint"
    package static let fields: RowFields<Complaint> = [
        .init("id", \.id), .init("orderId", \.orderId), .init("requestId", \.requestId),
        .init("buyerId", \.buyerId), .init("sellerId", \.sellerId), .init("status", \.status), .init("tier", \.tier),
        .init("franchiseId", \.franchiseId), .init("openedAt", \.openedAt), .init("deadline", \.deadline),
        .init("left", \.left), .init("outcome", \.outcome),
        .init("closedBy", \.closedBy), .init("row", \.row), .init("refundAmount", \.refundAmount),
        .init("fined", \.fined),
    ]
}

/// The state of a complaint.
package enum ComplaintStatus: String, RowValue, CaseIterable, Sendable {
    case open
    /// Its clock stands still until an administrator unfreezes it.
    case frozen
    case closed
}
