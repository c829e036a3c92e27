package import AgentKit
import Ledger

/// The accounts with their pending transfers, withdrawals, coin locks and debts. Confined to the thread that folds and
/// decides; functions of rules, which run there too, hold it, by reference: a copy of so many tables is costly.
///
/// A rule that wants to move money calls `post`, `spend` or `pay`. The transfers are tried without any change: plain
/// ones in `trial`, over a `TentativeStore` beside the tables, others in `ledger`, whose changes the journal undoes.
/// The rule gets them back as a `TransferList` and records them; the reducer then applies the recorded entry without
/// checking it again.
package final class WalletState: @unchecked Sendable {
    package let accounts: Table<AccountRow>
    package let pendingTransfers: Table<PendingRow>
    package let debts: Table<DebtRow>
    package let debtors: Table<DebtorRow>
    package let locks: Table<LockRow>
    /// The coins in open locks, by `user/currency`.
    package let lockedCoins: Table<CounterRow>
    package let withdrawals: Table<WithdrawalRow>
    package let releasedOrders: Table<ReleasedOrder>
    package let holders: Table<HolderRow>
    let withdrawers: Table<WithdrawerRow>
    let ages: Table<AgeRow>
    let pendingAges: Table<AgeRow>
    /// The number of open debts, under `openDebts`.
    package let counters: Table<CounterRow>

    let ledger: LedgerMachine<WalletStore>
    let trial: LedgerMachine<TentativeStore>
    let journal: Journal
    let context: RuleContext

    init(in tables: TableSet) {
        accounts = tables.table("accounts")
        pendingTransfers = tables.table("pendingTransfers")
        debts = tables.table("debts")
        debtors = tables.table("debtors")
        locks = tables.table("locks")
        lockedCoins = tables.table("lockedCoins", isProjection: false)
        withdrawals = tables.table("withdrawals")
        releasedOrders = tables.table("releasedOrders")
        holders = tables.table("holders", isProjection: false)
        withdrawers = tables.table("withdrawers", isProjection: false)
        ages = tables.table("ages", isProjection: false)
        pendingAges = tables.table("pendingAges", isProjection: false)
        counters = tables.table("walletCounters", isProjection: false)
        journal = tables.journal
        context = tables.context
        trial = LedgerMachine(TentativeStore(accounts))
        ledger = LedgerMachine(WalletStore(accounts, pendingTransfers, tables.journal))
    }
}

/// Coins set aside for a term.
package struct LockRow: Row {
    package var id = ""
    package var userId = ""
    package var amount = Amount.zero
    package var currency = ""
    package var months: Int64 = 0
    package var since = Instant.earliest
    package var until = Instant.earliest
    /// The number of months whose bonus was granted.
    package var bonuses: Int64 = 0
    /// `locked` or `released`.
    package var status = "locked"

    package init() {}

    package static let name = "lock"
    package static let fields: RowFields<LockRow> = [
        .init("id", \.id), .init("userId", \.userId), .init("amount", \.amount), .init("currency", \.currency),
        .init("months", \.months), .init("since", \.since), .init("until", \.until), .init("bonuses", \.bonuses),
        .init("status", \.status),
    ]
}

/// A withdrawal to a bank.
package struct WithdrawalRow: Row {
    package var id = ""
    package var userId = ""
    package var amount = Amount.zero
    package var currency = ""
    /// `accepted`, `completed`, `failed`, or `returned` once a completed payout came back from the bank.
    package var status = "accepted"
    /// The pending transfer that holds the money.
    package var transferId: String?
    package var since = Instant.earliest

    package init() {}

    package static let name = "withdrawal"
    package static let fields: RowFields<WithdrawalRow> = [
        .init("id", \.id), .init("userId", \.userId), .init("amount", \.amount), .init("currency", \.currency),
        .init("status", \.status), .init("transferId", \.transferId), .init("since", \.since),
    ]
}

/// A user's recent withdrawals, oldest first; its key is the user.
package struct WithdrawerRow: Row {
    package var withdrawalIds: [String] = []

    package init() {}

    package static let name = "withdrawer"
    package static let fields: RowFields<WithdrawerRow> = [.init("withdrawalIds", \.withdrawalIds)]
}

/// The money paid out of an order's escrow, and the part taken back; its key is the order.
package struct ReleasedOrder: Row {
    package var amount = Amount.zero
    package var takenBack = Amount.zero
    package var currency = ""
    /// The entry that paid out.
    package var sequence = EntrySequence(0)

    package init() {}

    package static let name = "releasedOrder"
    package static let fields: RowFields<ReleasedOrder> = [
        .init("amount", \.amount), .init("takenBack", \.takenBack), .init("currency", \.currency),
        .init("sequence", \.sequence),
    ]
}

/// A person who may have a wallet; its key is the user.
package struct HolderRow: Row {
    /// Indicates that the person's data is erased and the wallet no longer usable.
    package var isErased = false

    package init() {}

    init(isErased: Bool) { self.isErased = isErased }

    package static let name = "holder"
    package static let fields: RowFields<HolderRow> = [.init("isErased", \.isErased)]
}

/// A running count, or a sum of money without an upper limit.
package struct CounterRow: Row {
    package var value = Total.zero

    package init() {}

    package static let name = "walletCounter"
    package static let fields: RowFields<CounterRow> = [.init("value", \.value)]
}
