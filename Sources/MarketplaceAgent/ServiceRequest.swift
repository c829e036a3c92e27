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

    package init() {}

    package static let name = "serviceRequest"
    package static let fields: RowFields<ServiceRequest> = [
        .init("id", \.id), .init("serviceId", \.serviceId), .init("userId", \.userId), .init("amount", \.amount),
        .init("currency", \.currency), .init("status", \.status), .init("licenseId", \.licenseId),
    ]
}
