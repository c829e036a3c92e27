package import AgentKit

/// The record of a person, from what the ledger itself has seen.
package struct Standing: Row {
    /// Orders under way, as buyer, seller or rider.
    package var openOrders: Int64 = 0
    /// Service requests under way, as user or provider.
    package var openRequests: Int64 = 0
    package var settledOrders: Int64 = 0
    /// Orders that came to nothing through this person.
    package var lostOrders: Int64 = 0
    /// Complaints under way, on either side.
    package var openComplaints: Int64 = 0
    package var openDebts: Int64 = 0
    /// The sum of the stars that buyers gave.
    package var stars: Int64 = 0
    package var ratings: Int64 = 0
    /// Franchises owned.
    package var franchises: Int64 = 0
    /// Coins in open locks by currency, in minor units.
    package var lockedCoins: [String: Total] = [:]

    package init() {}

    package static let name = "standing"
    package static let fields: RowFields<Standing> = [
        .init("openOrders", \.openOrders), .init("openRequests", \.openRequests),
        .init("settledOrders", \.settledOrders), .init("lostOrders", \.lostOrders),
        .init("openComplaints", \.openComplaints), .init("openDebts", \.openDebts), .init("stars", \.stars),
        .init("ratings", \.ratings), .init("franchises", \.franchises), .init("lockedCoins", \.lockedCoins),
    ]
}

/// Coins that a person has locked.
struct CoinLock: Row {
    var userId = ""
    var amount: Int64 = 0
    var currency = ""

    static let name = "coinLock"
    static let fields: RowFields<CoinLock> = [
        .init("userId", \.userId), .init("amount", \.amount), .init("currency", \.currency),
    ]
}

/// The owner of a franchise or the provider of a service.
struct Owner: Row {
    var userId = ""

    static let name = "owner"
    static let fields: RowFields<Owner> = [.init("userId", \.userId)]
}

/// The debtor of an open debt; its key is the debt.
struct OpenDebt: Row {
    var userId = ""
    var left = Amount.zero

    static let name = "openDebt"
    static let fields: RowFields<OpenDebt> = [.init("userId", \.userId), .init("left", \.left)]
}
