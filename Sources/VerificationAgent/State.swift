package import AgentKit

/// Who is registered, at which level and with what trust, and what the ledger itself knows of them. It stays with the
/// thread that folds and decides; functions of rules, which run there too, carry it.
package struct VerificationState: @unchecked Sendable {
    package let users: Table<User>
    /// Requests that wait for their answer, which comes in the same cascade.
    package let verifications: Table<Request>
    package let standings: Table<Standing>
    /// Orders and service requests under way, by `Trade.key`.
    package let trades: Table<Trade>
    /// Orders that have ended, by `Trade.key`.
    let endedTrades: Table<EndedTrade>
    /// By `user/day`, the day counted from 1970-01-01 in UTC.
    let tradeDays: Table<TradeDay>
    package let countedComplaints: Table<CountedComplaint>
    /// Who owns each franchise.
    let franchiseOwners: Table<Owner>
    /// Who provides each service.
    let serviceProviders: Table<Owner>
    let coinLocks: Table<CoinLock>
    /// The debts of users that are not paid.
    let openDebts: Table<OpenDebt>

    init(in tables: TableSet) {
        users = tables.table("users")
        verifications = tables.table("verifications")
        standings = tables.table("standings")
        trades = tables.table("trades")
        endedTrades = tables.table("endedTrades", isProjection: false)
        tradeDays = tables.table("tradeDays", isProjection: false)
        countedComplaints = tables.table("countedComplaints")
        franchiseOwners = tables.table("franchiseOwners", isProjection: false)
        serviceProviders = tables.table("serviceProviders", isProjection: false)
        coinLocks = tables.table("coinLocks", isProjection: false)
        openDebts = tables.table("openDebts", isProjection: false)
    }
}
