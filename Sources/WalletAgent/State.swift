package import AgentKit
import Ledger

/// Accounts, and what the wallet has promised and is owed. It stays with the thread that folds and decides; functions
/// of rules, which run there too, carry it: by reference, as a copy of so many tables is costly for each call.
package final class WalletState: @unchecked Sendable {
    package let accounts: Table<AccountRow>
    package let pendingTransfers: Table<PendingRow>
    package let debts: Table<DebtRow>
    package let debtors: Table<DebtorRow>
    package let locks: Table<LockRow>
    /// Coins in open locks by `user/currency`.
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
