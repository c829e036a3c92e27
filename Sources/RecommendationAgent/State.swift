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
