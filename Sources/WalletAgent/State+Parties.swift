import AgentKit
import Ledger

/// What is asked of a transfer beside what the ledger asks.
struct PostingChecks: OptionSet {
    let rawValue: UInt8

    /// That what leaves a wallet or franchise leaves there what its debts need.
    static let debts = PostingChecks(rawValue: 1)
    /// That it moves something, between two, and that whoever has a wallet in it is known and not erased.
    static let parties = PostingChecks(rawValue: 2)
}

/// Why a transfer is refused that the ledger would make.
enum PartyCode: String {
    case amount, debt, erased, `self`
    case unknownUser = "unknown_user"
}

extension WalletState {
    func partyError(_ transfer: borrowing Transfer) -> PartyCode? {
        if transfer.amount == .zero { return .amount }
        if transfer.debitAccount == transfer.creditAccount { return .`self` }
        return holderError(transfer.debitAccount) ?? holderError(transfer.creditAccount)
    }

    /// The same with the accounts as they were found: whoever was found to have a wallet is asked for again only when the
    /// holders have changed.
    func partyError(
        _ transfer: borrowing Transfer, _ debit: TentativeStore.Found?, _ credit: TentativeStore.Found?
    ) -> PartyCode? {
        if transfer.amount == .zero { return .amount }
        if transfer.debitAccount == transfer.creditAccount { return .`self` }
        return holderError(transfer.debitAccount, debit) ?? holderError(transfer.creditAccount, credit)
    }

    private func holderError(_ account: String, _ found: TentativeStore.Found?) -> PartyCode? {
        let change = holders.changeNumber
        guard let found else { return holderError(account) }
        if trial.store.isHeld(found, since: change) { return nil }
        if let error = holderError(account) { return error }
        trial.store.noteHeld(found, since: change)
        return nil
    }

    private func holderError(_ account: String) -> PartyCode? {
        unsafe KeyIndex.withBytes(of: account) { path in
            guard let user = unsafe AccountPath.holder(path) else { return nil }
            var holder: HolderRow?
            if let place = unsafe holders.knownPlace(user) { holder = unsafe holders.row(at: place, user) }
            guard let holder = unsafe holder ?? holders.row(user) else { return .unknownUser }
            return holder.isErased ? .erased : nil
        }
    }

    /// Returns true if an account, as it is then, holds less than its party owes.
    func leavesDebts(_ path: String, _ account: (String) -> Account?) -> Bool {
        guard accounts[path].map({ $0.openDebts > 0 }) ?? false, let owed = accounts["owed/" + path]?.account.balance,
            let left = account(path)?.available
        else { return false }
        return left + owed < .zero
    }

    /// Returns true if a person may have a wallet: known, and not erased.
    func isHolder(_ user: String) -> Bool { holders[user].map { !$0.isErased } ?? false }

    /// Which part of what may be withdrawn without a known identity a user has used after a moment, with this amount, in
    /// millionths: the sum over the currencies, each rounded up. What failed does not count; in a currency without a limit
    /// nothing may be.
    func shareOfLimits(_ user: String, after since: Instant, with amount: Money, _ limit: (String) -> Int64?) -> Int64 {
        var sums = [amount.currency.text: Int128(amount.minorUnits)]
        for id in (withdrawers[user]?.withdrawalIds ?? []).reversed() {
            guard let row = withdrawals[id] else { continue }
            if row.since <= since { break }
            if row.status == "accepted" || row.status == "completed" {
                sums[row.currency, default: 0] += Int128(row.amount.minorUnits)
            }
        }
        let most = Int128(Amount.greatest.minorUnits)
        var share: Int128 = 0
        for (currency, sum) in sums where sum > 0 {
            guard let limit = limit(currency), limit > 0 else { return Amount.greatest.minorUnits }
            share = min(most, share + (sum * 1_000_000 + Int128(limit) - 1) / Int128(limit))
        }
        return Int64(share)
    }
}
