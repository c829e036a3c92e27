package import AgentKit

/// A user's request for a service.
package struct ServiceRequest: Row {
    package var id = ""
    package var serviceId = ""
    package var userId = ""
    package var amount = Amount.zero
    package var currency = ""
    package var status = RequestStatus.awaitingPayment
    package var licenseId: String?
    package var licensedAt: Instant?
    package var deliveredAt: Instant?
    /// When the price is shared out, where nobody complains.
    package var releaseAt: Instant?
    /// The complaint about it: there is at most one.
    package var complaintId: String?
    package var hasOpenComplaint = false
    /// How the complaint ended.
    package var complaintOutcome: String?
    /// What the complaint's end gives back.
    package var complaintRefund: Amount?
    /// What went back to the user.
    package var refunded = Amount.zero
    /// Whether the user reported how well it went.
    package var isReported = false

    package init() {}

    package static let name = "serviceRequest"
    package static let fields: RowFields<ServiceRequest> = [
        .init("id", \.id), .init("serviceId", \.serviceId), .init("userId", \.userId), .init("amount", \.amount),
        .init("currency", \.currency), .init("status", \.status), .init("licenseId", \.licenseId),
        .init("licensedAt", \.licensedAt), .init("deliveredAt", \.deliveredAt), .init("releaseAt", \.releaseAt),
        .init("complaintId", \.complaintId), .init("hasOpenComplaint", \.hasOpenComplaint),
        .init("complaintOutcome", \.complaintOutcome), .init("complaintRefund", \.complaintRefund),
        .init("refunded", \.refunded), .init("isReported", \.isReported),
    ]
}
