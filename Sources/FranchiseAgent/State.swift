package import AgentKit

/// The tree of areas, and the franchises that serve them with their service records and income.
package struct FranchiseState {
    package let areas: Table<Area>
    package let franchises: Table<Franchise>
    package let sales: Table<Sale>
    /// By `FranchiseIncome.key`.
    package let income: Table<FranchiseIncome>
    let seats: Table<Seat>
    let days: Table<PerformanceDay>
    /// One row, under `LedgerDay.key`.
    let today: Table<LedgerDay>
    /// By complaint.
    let holders: Table<ComplaintHolder>
    /// By fine: who was fined, and on which day.
    let fineDays: Table<ComplaintPass>

    init(in tables: TableSet) {
        areas = tables.table("areas")
        franchises = tables.table("franchises")
        sales = tables.table("sales")
        income = tables.table("franchiseIncome")
        seats = tables.table("seats", isProjection: false)
        days = tables.table("franchiseDays", isProjection: false)
        today = tables.table("franchiseToday", isProjection: false)
        holders = tables.table("complaintHolders", isProjection: false)
        fineDays = tables.table("fineDays", isProjection: false)
    }
}

/// A place that franchises are sold for; areas form a tree.
package struct Area: Row {
    package var id = ""
    package var parent: String?

    package init() {}

    package static let name = "area"
    package static let fields: RowFields<Area> = [.init("id", \.id), .init("parent", \.parent)]
}

/// The right to serve an area at one tier.
package struct Franchise: Row {
    package var id = ""
    /// Sub, master or corporate.
    package var tier = ""
    package var area = ""
    package var ownerId = ""
    package var parentId: String?
    /// The sale that is under way.
    package var saleId: String?
    /// Indicates that it changed hands in this ledger before.
    package var isSold = false
    /// The currencies it ever earned or was fined in, oldest first.
    package var currencies: [String] = []

    package init() {}

    package static let name = "franchise"
    package static let fields: RowFields<Franchise> = [
        .init("id", \.id), .init("tier", \.tier), .init("area", \.area), .init("ownerId", \.ownerId),
        .init("parentId", \.parentId), .init("saleId", \.saleId), .init("isSold", \.isSold),
        .init("currencies", \.currencies),
    ]
}

/// The franchises registered for one area and tier, oldest first: the first one serves it.
struct Seat: Row {
    var franchiseIds: [String] = []

    static let name = "seat"
    static let fields: RowFields<Seat> = [.init("franchiseIds", \.franchiseIds)]

    /// Areas hold no `/`.
    static func key(_ area: String, _ tier: String) -> String { area + "/" + tier }
}

/// The sale of a franchise.
package struct Sale: Row {
    package var id = ""
    package var franchiseId = ""
    package var buyerId = ""
    package var price = Amount.zero
    package var currency = ""
    package var status = SaleStatus.accepted

    package init() {}

    package static let name = "sale"
    package static let fields: RowFields<Sale> = [
        .init("id", \.id), .init("franchiseId", \.franchiseId), .init("buyerId", \.buyerId),
        .init("price", \.price), .init("currency", \.currency), .init("status", \.status),
    ]
}

/// The state of a sale.
package enum SaleStatus: String, RowValue, CaseIterable, Sendable {
    /// The price, and before it perhaps a vote, is outstanding.
    case accepted
    /// The price was paid; what the franchise holds is still to go to the outgoing owner.
    case paid
    /// Ended: the buyer owns the franchise.
    case completed
    /// Ended without a change of owner.
    case refused
}
