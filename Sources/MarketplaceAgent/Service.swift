package import AgentKit

/// A service of the AI marketplace.
package struct Service: Row {
    package var id = ""
    package var providerId = ""
    package var modelOwnerId: String?
    package var title = ""
    /// Of one license.
    package var price = Amount.zero
    package var currency = ""
    /// Call or subscription.
    package var licenseKind = ""
    package var licenseCalls: Int64?
    package var licenseDays: Int64?
    /// The lowest level that a user needs.
    package var requiredLevel = "free"
    package var isAvailable = false
    package var tags: [String] = []
    package var validatorIds: [String] = []
    /// What the last requests that were settled cost, in the present currency; oldest first, at most `feesMax`.
    package var fees: [Amount] = []
    /// The sum of `fees`.
    package var feeSum = Amount.zero

    package init() {}

    /// Settled requests whose fees are kept.
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
