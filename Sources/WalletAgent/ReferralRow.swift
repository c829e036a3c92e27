package import AgentKit

/// The first settled order of a referred user, for which the referrer was paid; its key is the referred user.
package struct ReferralRow: Row {
    package var orderId = ""

    package init() {}

    package static let name = "referral"
    package static let fields: [RowField<ReferralRow>] = [.init("orderId", \.orderId)]
}
