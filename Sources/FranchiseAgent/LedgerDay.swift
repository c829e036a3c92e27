import AgentKit

/// The day that is under way: how many times midnight came since the ledger began, in the calendar's zone.
struct LedgerDay: Row {
    var number: Int64 = 0

    static let name = "ledgerDay"
    static let fields: RowFields<LedgerDay> = [.init("number", \.number)]

    /// The only row's key.
    static let key = "day"
}
