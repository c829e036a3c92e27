import AgentKit

extension LedgerMachine {
    /// A transfer whose id is known: `exists` where it asks for what was done.
    @usableFromInline package func compare(_ new: borrowing Transfer, with stored: Transfer) -> ResultCode {
        if new.flags != stored.flags { return .existsWithDifferentFlags }
        if new.pendingId != stored.pendingId { return .existsWithDifferentPendingId }
        if new.timeoutSeconds != stored.timeoutSeconds { return .existsWithDifferentTimeout }
        let mayOmit = new.flags.isSecondPhase
        if new.debitAccount != stored.debitAccount, !(mayOmit && new.debitAccount.isEmpty) {
            return .existsWithDifferentDebitAccountId
        }
        if new.creditAccount != stored.creditAccount, !(mayOmit && new.creditAccount.isEmpty) {
            return .existsWithDifferentCreditAccountId
        }
        if !isSameAmount(new, stored) { return .existsWithDifferentAmount }
        if new.currency != stored.currency, !(mayOmit && !new.currency.isSet) { return .existsWithDifferentLedger }
        if new.code != stored.code, !(mayOmit && new.code == 0) { return .existsWithDifferentCode }
        return .exists
    }

    private func isSameAmount(_ new: borrowing Transfer, _ stored: Transfer) -> Bool {
        if new.flags.isSecondPhase {
            let meansAll =
                new.flags.contains(.postPendingTransfer) ? new.amount == .greatest : new.amount == .zero
            let asked = meansAll ? store.transfer(new.pendingId)?.transfer.amount : new.amount
            return asked == stored.amount
        }
        return new.flags.isBalancing ? new.amount >= stored.amount : new.amount == stored.amount
    }
}
