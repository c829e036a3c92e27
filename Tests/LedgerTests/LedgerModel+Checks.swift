import AgentKit
import Ledger

extension LedgerModel {
    func again(_ new: Transfer, _ known: Transfer) -> ResultCode {
        let isSecond = new.flags.isSecondPhase
        let asked: Int64
        if !isSecond {
            asked = new.amount.minorUnits
        } else if new.flags.contains(.postPendingTransfer) {
            asked =
                new.amount == .greatest ? entry(new.pendingId)?.transfer.amount.minorUnits ?? -1 : new.amount.minorUnits
        } else {
            asked = new.amount == .zero ? entry(new.pendingId)?.transfer.amount.minorUnits ?? -1 : new.amount.minorUnits
        }
        let isBalancing = new.flags.contains(.balancingDebit) || new.flags.contains(.balancingCredit)
        let stored = known.amount.minorUnits
        let table: [(Bool, ResultCode)] = [
            (new.flags != known.flags, .existsWithDifferentFlags),
            (new.pendingId != known.pendingId, .existsWithDifferentPendingId),
            (new.timeoutSeconds != known.timeoutSeconds, .existsWithDifferentTimeout),
            (
                new.debitAccount != known.debitAccount && !(isSecond && new.debitAccount == ""),
                .existsWithDifferentDebitAccountId
            ),
            (
                new.creditAccount != known.creditAccount && !(isSecond && new.creditAccount == ""),
                .existsWithDifferentCreditAccountId
            ),
            (isBalancing ? asked < stored : asked != stored, .existsWithDifferentAmount),
            (new.currency != known.currency && !(isSecond && !new.currency.isSet), .existsWithDifferentLedger),
            (new.code != known.code && !(isSecond && new.code == 0), .existsWithDifferentCode),
        ]
        return table.first { $0.0 }?.1 ?? .exists
    }

    mutating func first(_ transfer: Transfer) -> ResultCode {
        let flags = transfer.flags
        let isPending = flags.contains(.pending)
        let form: [(Bool, ResultCode)] = [
            (transfer.debitAccount == "", .debitAccountIdMustNotBeZero),
            (transfer.creditAccount == "", .creditAccountIdMustNotBeZero),
            (transfer.debitAccount == transfer.creditAccount, .accountsMustBeDifferent),
            (transfer.pendingId != "", .pendingIdMustBeZero),
            (transfer.timeoutSeconds != 0 && !isPending, .timeoutReservedForPendingTransfer),
            (
                !isPending && (flags.contains(.closingDebit) || flags.contains(.closingCredit)),
                .closingTransferMustBePending
            ),
            (!transfer.currency.isSet, .ledgerMustNotBeZero),
            (accounts[transfer.debitAccount] == nil, .debitAccountNotFound),
            (accounts[transfer.creditAccount] == nil, .creditAccountNotFound),
        ]
        if let code = form.first(where: { $0.0 })?.1 { return code }
        let debitAccount = accounts[transfer.debitAccount]!
        let creditAccount = accounts[transfer.creditAccount]!
        let debit = sums(transfer.debitAccount)
        let credit = sums(transfer.creditAccount)
        var amount = Int128(transfer.amount.minorUnits)
        if flags.contains(.balancingDebit) {
            amount = Swift.min(amount, Swift.max(0, debit.creditsPosted - debit.debitsPosted - debit.debitsPending))
        }
        if flags.contains(.balancingCredit) {
            amount = Swift.min(amount, Swift.max(0, credit.debitsPosted - credit.creditsPosted - credit.creditsPending))
        }
        let state: [(Bool, ResultCode)] = [
            (debitAccount.currency != creditAccount.currency, .accountsMustHaveTheSameLedger),
            (transfer.currency != debitAccount.currency, .transferMustHaveTheSameLedgerAsAccounts),
            (isClosed(transfer.debitAccount), .debitAccountAlreadyClosed),
            (isClosed(transfer.creditAccount), .creditAccountAlreadyClosed),
            (isPending && debit.debitsPending > greatestTotal - amount, .overflowsDebitsPending),
            (isPending && credit.creditsPending > greatestTotal - amount, .overflowsCreditsPending),
            (debit.debitsPosted > greatestTotal - amount, .overflowsDebitsPosted),
            (credit.creditsPosted > greatestTotal - amount, .overflowsCreditsPosted),
            (debit.debitsPending + debit.debitsPosted > greatestTotal - amount, .overflowsDebits),
            (credit.creditsPending + credit.creditsPosted > greatestTotal - amount, .overflowsCredits),
            (
                debitAccount.flags.contains(.debitsMustNotExceedCredits)
                    && debit.debitsPending + debit.debitsPosted + amount > debit.creditsPosted, .exceedsCredits
            ),
            (
                creditAccount.flags.contains(.creditsMustNotExceedDebits)
                    && credit.creditsPending + credit.creditsPosted + amount > credit.debitsPosted, .exceedsDebits
            ),
        ]
        if let code = state.first(where: { $0.0 })?.1 { return code }
        var done = transfer
        done.amount = Amount(Int64(amount))
        let due = transfer.timeoutSeconds > 0 ? now.adding(seconds: transfer.timeoutSeconds) : nil
        entries.append(Entry(transfer: done, due: due))
        return .created
    }

    mutating func second(_ transfer: Transfer) -> ResultCode {
        let flags = transfer.flags
        let isPost = flags.contains(.postPendingTransfer)
        let others: TransferFlags = [.pending, .balancingDebit, .balancingCredit, .closingDebit, .closingCredit]
        let pending = entry(transfer.pendingId)
        let form: [(Bool, ResultCode)] = [
            (
                isPost && flags.contains(.voidPendingTransfer) || !flags.isDisjoint(with: others),
                .flagsAreMutuallyExclusive
            ),
            (transfer.pendingId == "", .pendingIdMustNotBeZero),
            (transfer.pendingId == transfer.id, .pendingIdMustBeDifferent),
            (transfer.timeoutSeconds != 0, .timeoutReservedForPendingTransfer),
            (pending == nil, .pendingTransferNotFound),
        ]
        if let code = form.first(where: { $0.0 })?.1 { return code }
        let held = pending!.transfer
        let reserved = held.amount.minorUnits
        let all = isPost ? transfer.amount == .greatest : transfer.amount == .zero
        let amount = all ? reserved : transfer.amount.minorUnits
        let state: [(Bool, ResultCode)] = [
            (!held.flags.contains(.pending), .pendingTransferNotPending),
            (
                transfer.debitAccount != "" && transfer.debitAccount != held.debitAccount,
                .pendingTransferHasDifferentDebitAccountId
            ),
            (
                transfer.creditAccount != "" && transfer.creditAccount != held.creditAccount,
                .pendingTransferHasDifferentCreditAccountId
            ),
            (
                transfer.currency.isSet && transfer.currency != held.currency, .pendingTransferHasDifferentLedger
            ),
            (transfer.code != 0 && transfer.code != held.code, .pendingTransferHasDifferentCode),
            (amount > reserved, .exceedsPendingTransferAmount),
            (!isPost && amount < reserved, .pendingTransferHasDifferentAmount),
            (status(pending!) == .posted, .pendingTransferAlreadyPosted),
            (status(pending!) == .voided, .pendingTransferAlreadyVoided),
            (status(pending!) == .expired, .pendingTransferExpired),
            (isPost && isClosed(held.debitAccount), .debitAccountAlreadyClosed),
            (isPost && isClosed(held.creditAccount), .creditAccountAlreadyClosed),
        ]
        if let code = state.first(where: { $0.0 })?.1 { return code }
        var done = held
        done.id = transfer.id
        done.amount = Amount(Int64(amount))
        done.flags = flags
        done.pendingId = transfer.pendingId
        done.timeoutSeconds = 0
        entries.append(Entry(transfer: done, due: nil))
        return .created
    }
}
