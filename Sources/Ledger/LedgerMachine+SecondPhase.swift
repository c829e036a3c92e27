public import AgentKit

extension LedgerMachine {
    /// Posts or voids a pending transfer, and stores what resolved it.
    @usableFromInline package func resolve(_ transfer: Transfer, at now: Instant) -> Outcome {
        if let code = secondFormError(transfer) { return .refused(code) }
        guard let stored = store.transfer(transfer.pendingId) else { return .refused(.pendingTransferNotFound) }
        guard let status = stored.status else { return .refused(.pendingTransferNotPending) }
        let pending = stored.transfer
        let isPost = transfer.flags.contains(.postPendingTransfer)
        let meansAll = isPost ? transfer.amount == .greatest : transfer.amount == .zero
        let amount = meansAll ? pending.amount : transfer.amount
        if let code = difference(transfer, amount, pending) { return .refused(code) }
        switch status {
        case .posted: return .refused(.pendingTransferAlreadyPosted)
        case .voided: return .refused(.pendingTransferAlreadyVoided)
        case .expired: return .refused(.pendingTransferExpired)
        case .pending: break
        }
        guard let debit = store.find(pending.debitAccount), let credit = store.find(pending.creditAccount) else {
            return .refused(.pendingTransferNotFound)
        }
        if isPost {
            if store.account(debit).isClosed { return .refused(.debitAccountAlreadyClosed) }
            if store.account(credit).isClosed { return .refused(.creditAccountAlreadyClosed) }
        }
        settle(pending, posting: isPost ? amount : nil, isPost ? .posted : .voided)
        var applied = pending
        applied.id = transfer.id
        applied.amount = amount
        applied.flags = transfer.flags
        applied.pendingId = transfer.pendingId
        applied.timeoutSeconds = 0
        store.insert(StoredTransfer(applied, status: nil, created: now, due: nil))
        return .applied(amount)
    }

    /// Ends a pending transfer whose time is over; nothing happens where it was resolved before.
    package func expire(_ pendingId: String) {
        guard let stored = store.transfer(pendingId), stored.status == .pending else { return }
        settle(stored.transfer, posting: nil, .expired)
    }

    /// Takes a pending transfer out of the pending sums, posts a part of it, and sets its state; nothing is checked.
    package func settle(_ pending: Transfer, posting amount: Amount?, _ status: PendingStatus) {
        guard let debit = store.find(pending.debitAccount), let credit = store.find(pending.creditAccount) else {
            return
        }
        var debited = store.account(debit)
        var credited = store.account(credit)
        debited.debitsPending -= pending.amount
        credited.creditsPending -= pending.amount
        if let amount {
            debited.debitsPosted += amount
            credited.creditsPosted += amount
        } else {
            if pending.flags.contains(.closingDebit) { debited.close(false) }
            if pending.flags.contains(.closingCredit) { credited.close(false) }
        }
        store.set(debited, debit)
        store.set(credited, credit)
        store.setStatus(status, of: pending.id)
    }

    private func secondFormError(_ transfer: Transfer) -> ResultCode? {
        let flags = transfer.flags
        let both: TransferFlags = [.postPendingTransfer, .voidPendingTransfer]
        if flags.isSuperset(of: both) || flags.contains(.pending) || flags.isBalancing || flags.isClosing {
            return .flagsAreMutuallyExclusive
        }
        if transfer.pendingId.isEmpty { return .pendingIdMustNotBeZero }
        if transfer.pendingId == transfer.id { return .pendingIdMustBeDifferent }
        return transfer.timeoutSeconds != 0 ? .timeoutReservedForPendingTransfer : nil
    }

    /// A field that is not set is not compared.
    private func difference(_ transfer: Transfer, _ amount: Amount, _ pending: Transfer) -> ResultCode? {
        if !transfer.debitAccount.isEmpty, transfer.debitAccount != pending.debitAccount {
            return .pendingTransferHasDifferentDebitAccountId
        }
        if !transfer.creditAccount.isEmpty, transfer.creditAccount != pending.creditAccount {
            return .pendingTransferHasDifferentCreditAccountId
        }
        if transfer.currency.isSet, transfer.currency != pending.currency { return .pendingTransferHasDifferentLedger }
        if transfer.code != 0, transfer.code != pending.code { return .pendingTransferHasDifferentCode }
        if amount > pending.amount { return .exceedsPendingTransferAmount }
        if transfer.flags.contains(.voidPendingTransfer), amount < pending.amount {
            return .pendingTransferHasDifferentAmount
        }
        return nil
    }
}
