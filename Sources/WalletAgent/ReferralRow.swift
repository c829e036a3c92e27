package import AgentKit

/// What the referrer of a user was paid for; its key is the referred user.
package struct ReferralRow: Row {
    /// The first settled order; absent while only the sign-up was paid for.
    package var orderId: String?

    package init() {}

    package static let name = "referral"
    package static let fields: RowFields<ReferralRow> = [.init("orderId", \.orderId)]
}
