import AgentKit

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
