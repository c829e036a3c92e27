package import AgentKit

/// The offers, the interest profiles of users, and the indexes that match the two. Confined to the thread that folds
/// and decides; functions of rules, which run there too, hold it.
package struct RecommendationState: @unchecked Sendable {
    /// By kind and id: `product/P-1`.
    package let offers: Table<Offer>
    package let topIndexes: Table<TopIndex>
    package let profiles: Table<InterestProfile>
    package let preferences: Table<Preferences>
    package let standings: Table<MemberStanding>
    package let purchases: Table<Purchase>
    package let unpaid: Table<UnpaidOrder>
    package let coPurchases: Table<CoPurchases>
    package let counts: Table<PurchaseCount>

    let context: RuleContext

    init(in tables: TableSet) {
        offers = tables.table("offers")
        topIndexes = tables.table("shelves", isProjection: false)
        profiles = tables.table("tastes")
        preferences = tables.table("preferences")
        standings = tables.table("memberStandings", isProjection: false)
        purchases = tables.table("purchases", isProjection: false)
        unpaid = tables.table("unpaidOrders", isProjection: false)
        coPurchases = tables.table("companions", isProjection: false)
        counts = tables.table("purchaseCount", isProjection: false)
        context = tables.context
    }
}

/// The offers a user does not want to see.
package struct Preferences: Row {
    package var userId = ""
    package var hiddenCategories: [String] = []
    /// In minor units of any currency.
    package var maxPrice: Int64?
    package var maxKm: Int64?
    /// Indicates that what the user does may be remembered.
    package var profiling = true

    package init() {}

    package static let name = "preferences"
    package static let fields: RowFields<Preferences> = [
        .init("userId", \.userId), .init("hiddenCategories", \.hiddenCategories), .init("maxPrice", \.maxPrice),
        .init("maxKm", \.maxKm), .init("profiling", \.profiling),
    ]
}

/// A user's level and trust.
package struct MemberStanding: Row {
    /// The rank of the level, 0 (free) to 4 (vip).
    package var level: Int64 = 0
    package var isExpired = false
    /// 0 to 100.
    package var trust = trustAtFirst
    /// Indicates that the person was erased: no interests are kept any more.
    package var isForgotten = false

    package init() {}

    /// The trust of an unknown user.
    static let trustAtFirst: Int64 = 50

    package static let name = "standing"
    package static let fields: RowFields<MemberStanding> = [
        .init("level", \.level), .init("isExpired", \.isExpired), .init("trust", \.trust),
        .init("isForgotten", \.isForgotten),
    ]

    /// The rank of the level in force: that of free where the level has expired.
    package var openLevel: Int64 { isExpired ? 0 : level }

    /// The rank of a level: 0 for free and for an unknown name.
    package static func rank(_ level: String) -> Int64 { (ServiceLevel(rawValue: level) ?? .free).rank }
}

/// The time of a user's last purchase of an offer; its key is the user and the offer.
package struct Purchase: Row {
    package var at = Instant.earliest

    package init() {}

    package static let name = "purchase"
    package static let fields: RowFields<Purchase> = [.init("at", \.at)]

    static func key(_ user: String, _ offer: String) -> String { user + "/" + offer }
}

/// The number of purchases ever: one row.
package struct PurchaseCount: Row {
    package var purchases: Int64 = 0

    package init() {}

    package static let name = "purchaseCount"
    package static let fields: RowFields<PurchaseCount> = [.init("purchases", \.purchases)]

    static let only = "all"
}

/// An order that counts as a purchase once it is paid.
package struct UnpaidOrder: Row {
    package var userId = ""
    package var productId = ""

    package init() {}

    package static let name = "unpaidOrder"
    package static let fields: RowFields<UnpaidOrder> = [
        .init("userId", \.userId), .init("productId", \.productId),
    ]
}
