package import AgentKit

/// The AI services on offer, the requests for them and the licenses to use them.
package struct MarketplaceState {
    package let services: Table<Service>
    package let requests: Table<ServiceRequest>
    package let licenses: Table<License>
    /// By `OpenLicense.key`.
    package let openLicenses: Table<OpenLicense>

    init(in tables: TableSet) {
        services = tables.table("services")
        requests = tables.table("serviceRequests")
        licenses = tables.table("licenses")
        openLicenses = tables.table("openLicenses")
    }
}

/// A service of the AI marketplace.
package struct Service: Row {
    package var id = ""
    package var providerId = ""
    package var modelOwnerId: String?
    package var title = ""
    /// The price of one license.
    package var price = Amount.zero
    package var currency = ""
    /// The kind of license: call or subscription.
    package var licenseKind = ""
    package var licenseCalls: Int64?
    package var licenseDays: Int64?
    /// The lowest level that a user must have.
    package var requiredLevel = "free"
    package var isAvailable = false
    package var tags: [String] = []
    package var validatorIds: [String] = []
    /// The fees of the latest settled requests in the current currency, oldest first; at most `feesMax`.
    package var fees: [Amount] = []
    /// The sum of `fees`.
    package var feeSum = Amount.zero

    package init() {}

    /// The number of settled requests whose fees are kept.
    static let feesMax = 20

    package static let name = "service"
    package static let fields: RowFields<Service> = [
        .init("id", \.id), .init("providerId", \.providerId), .init("modelOwnerId", \.modelOwnerId),
        .init("title", \.title), .init("price", \.price), .init("currency", \.currency),
        .init("licenseKind", \.licenseKind), .init("licenseCalls", \.licenseCalls),
        .init("licenseDays", \.licenseDays), .init("requiredLevel", \.requiredLevel),
        .init("isAvailable", \.isAvailable), .init("tags", \.tags), .init("validatorIds", \.validatorIds),
        .init("fees", \.fees), .init("feeSum", \.feeSum),
    ]
}

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
    /// The moment at which the price is paid out, unless somebody complains.
    package var releaseAt: Instant?
    /// Its complaint, open or closed; a request has at most one.
    package var complaintId: String?
    package var hasOpenComplaint = false
    /// The outcome of its complaint.
    package var complaintOutcome: String?
    /// The amount that the complaint's outcome gives back.
    package var complaintRefund: Amount?
    /// The total returned to the user.
    package var refunded = Amount.zero
    /// Indicates that the user has reported on its quality.
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

/// The status of a request for a service.
package enum RequestStatus: String, RowValue, CaseIterable, Sendable {
    /// Accepted; the hold on the wallet is outstanding.
    case awaitingPayment = "awaiting_payment"
    /// The price is held and the user has the license.
    case licensed
    /// The user has the service; the price is held while the user may complain.
    case delivered
    /// Ended: the price was paid out.
    case settled
    /// Ended: the money went back to the user.
    case refunded
    /// Ended: the user could not pay.
    case refused
}

/// The right to call a service.
package struct License: Row {
    package var id = ""
    package var requestId = ""
    package var serviceId = ""
    package var userId = ""
    package var status = LicenseStatus.active
    /// The calls left; absent where calls are not counted.
    package var callsLeft: Int64?
    /// The end of its term; absent where it has none.
    package var expires: Instant?

    package init() {}

    package static let name = "license"
    package static let fields: RowFields<License> = [
        .init("id", \.id), .init("requestId", \.requestId), .init("serviceId", \.serviceId),
        .init("userId", \.userId), .init("status", \.status), .init("callsLeft", \.callsLeft),
        .init("expires", \.expires),
    ]
}

/// The status of a license.
package enum LicenseStatus: String, RowValue, CaseIterable, Sendable {
    case active
    /// Ended: used up, or past its term.
    case expired
    /// Ended: taken back together with the money.
    case revoked
}

/// A user's active license for a service; its key is `OpenLicense.key`.
package struct OpenLicense: Row {
    package var licenseId = ""

    package init() {}

    package static let name = "openLicense"
    package static let fields: RowFields<OpenLicense> = [.init("licenseId", \.licenseId)]

    /// The key of a user and a service, as `user/service`; identifiers contain no `/`.
    static func key(_ userId: String, _ serviceId: String) -> String { userId + "/" + serviceId }
}
