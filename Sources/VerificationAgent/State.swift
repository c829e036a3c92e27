package import AgentKit

/// The registered users with their levels and trust, and the ledger's own records of them. Confined to the thread that
/// folds and decides; functions of rules, which run there too, hold it.
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
    /// The owner of each franchise.
    let franchiseOwners: Table<Owner>
    /// The provider of each service.
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

/// A registered person or company; names and mail addresses are never projected.
package struct User: Row {
    package var id = ""
    package var role = ""
    package var area = ""
    package var referredBy: String?
    package var tags: [String] = []
    package var registeredAt = Instant.earliest
    /// The service quality level: free, basic, normal, high or vip.
    package var level = "free"
    /// Indicates that the level's features are locked until the next verification.
    package var isExpired = false
    /// The end of the level that was last approved; absent where none ever was.
    package var validUntil: Instant?
    /// Indicates that the person's identity was verified.
    package var isKnown = false
    /// 0 to 100.
    package var trustScore: Int64 = 50
    /// The moment at which the first of the approved documents expires.
    package var documentsUntil: Instant?
    /// Tests reported as failed since the level last changed or was approved.
    package var failedTests: Int64 = 0
    /// The moment at which complaints last lowered the level.
    package var loweredAt: Instant?

    package init() {}

    package static let name = "user"
    package static let fields: RowFields<User> = [
        .init("id", \.id), .init("role", \.role), .init("area", \.area), .init("referredBy", \.referredBy),
        .init("tags", \.tags), .init("registeredAt", \.registeredAt), .init("level", \.level),
        .init("isExpired", \.isExpired), .init("validUntil", \.validUntil), .init("isKnown", \.isKnown),
        .init("trustScore", \.trustScore), .init("documentsUntil", \.documentsUntil),
        .init("failedTests", \.failedTests), .init("loweredAt", \.loweredAt),
    ]
}

/// A verification that was requested, kept until it is answered.
package struct Request: Row {
    package var userId = ""
    /// `kyc` or `upgrade`.
    package var kind = ""
    package var targetLevel: String?
    package var documents: [SubmittedDocument] = []
    /// The tests reported as passed: mcq, practical, interview.
    package var passed: [String] = []

    package init() {}

    package static let name = "verification"
    package static let fields: RowFields<Request> = [
        .init("userId", \.userId), .init("kind", \.kind), .init("targetLevel", \.targetLevel),
        .init("documents", \.documents), .init("passed", \.passed),
    ]
}

/// A document of a verification; its hash stays in the entry.
package struct SubmittedDocument: Row {
    package var type = ""
    package var expires: Instant?

    package init() {}

    package static let name = "submittedDocument"
    package static let fields: RowFields<SubmittedDocument> = [.init("type", \.type), .init("expires", \.expires)]
}
