import AgentKit
import Ledger

/// The checks on a transfer beyond those of the ledger.
struct PostingChecks: OptionSet {
    let rawValue: UInt8

    /// A wallet or franchise keeps enough to pay its debts.
    static let debts = PostingChecks(rawValue: 1)
    /// The amount is above zero, the accounts differ, and the holders of wallets are known and not erased.
    static let parties = PostingChecks(rawValue: 2)
}

/// The code of a refusal that the ledger itself would not make.
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

    /// The same for accounts that were found already: a person who was found to have a wallet is looked up again only after
    /// the holders have changed.
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
            if let slot = unsafe holders.knownSlot(user) { holder = unsafe holders.row(at: slot, user) }
            guard let holder = unsafe holder ?? holders.row(user) else { return .unknownUser }
            return holder.isErased ? .erased : nil
        }
    }

    /// Returns true where an account would hold less than its party owes.
    func leavesDebts(_ path: String, _ account: (String) -> Account?) -> Bool {
        guard accounts[path].map({ $0.openDebts > 0 }) ?? false, let owed = accounts["owed/" + path]?.account.balance,
            let left = account(path)?.available
        else { return false }
        return left + owed < .zero
    }
}
