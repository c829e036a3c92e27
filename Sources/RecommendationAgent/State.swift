package import AgentKit

/// What is on offer, what users like, and where to look for the one that fits the other. It stays with the thread that
/// folds and decides; functions of rules, which run there too, carry it.
package struct RecommendationState: @unchecked Sendable {
    /// By kind and id: `product/P-1`.
    package let offers: Table<Offer>
    package let shelves: Table<Shelf>
    package let tastes: Table<Taste>
    package let preferences: Table<Preferences>
    package let standings: Table<Standing>
    package let purchases: Table<Purchase>
    package let unpaid: Table<UnpaidOrder>
    package let companions: Table<Companions>
    package let counts: Table<PurchaseCount>

    let context: RuleContext

    init(in tables: TableSet) {
        offers = tables.table("offers")
        shelves = tables.table("shelves", isProjection: false)
        tastes = tables.table("tastes")
        preferences = tables.table("preferences")
        standings = tables.table("memberStandings", isProjection: false)
        purchases = tables.table("purchases", isProjection: false)
        unpaid = tables.table("unpaidOrders", isProjection: false)
        companions = tables.table("companions", isProjection: false)
        counts = tables.table("purchaseCount", isProjection: false)
        context = tables.context
    }
}

/// What a user does not want to see.
package struct Preferences: Row {
    package var userId = ""
    package var hiddenCategories: [String] = []
    /// In minor units, whatever the currency.
    package var maxPrice: Int64?
    package var maxKm: Int64?

    package init() {}

    package static let name = "preferences"
    package static let fields: RowFields<Preferences> = [
        .init("userId", \.userId), .init("hiddenCategories", \.hiddenCategories), .init("maxPrice", \.maxPrice),
        .init("maxKm", \.maxKm),
    ]
}

/// A user's level and trust.
package struct Standing: Row {
    /// 0 (free) to 4 (vip).
    package var level: Int64 = 0
    package var isExpired = false
    /// 0 to 100.
    package var trust = trustAtFirst
    /// Whether the person was erased: what they look for and like is not kept any more.
    package var isForgotten = false

    package init() {}

    /// Of whom nothing is known.
    static let trustAtFirst: Int64 = 50

    package static let name = "standing"
    package static let fields: RowFields<Standing> = [
        .init("level", \.level), .init("isExpired", \.isExpired), .init("trust", \.trust),
        .init("isForgotten", \.isForgotten),
    ]

    /// The level whose features are not locked.
    package var openLevel: Int64 { isExpired ? 0 : level }

    /// The rank of a level: 0 for free and what is none.
    package static func rank(_ level: String) -> Int64 { ranks[level] ?? 0 }

    private static let ranks: [String: Int64] = ["free": 0, "basic": 1, "normal": 2, "high": 3, "vip": 4]
}

/// When a user last bought something; its key is the user and the offer.
package struct Purchase: Row {
    package var at = Instant.earliest

    package init() {}

    package static let name = "purchase"
    package static let fields: RowFields<Purchase> = [.init("at", \.at)]

    static func key(_ user: String, _ offer: String) -> String { user + "/" + offer }
}

/// All purchases ever: one row.
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
