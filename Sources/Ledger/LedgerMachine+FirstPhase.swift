public import AgentKit

extension LedgerMachine {
    /// Applies one transfer whose id is known to be new, and hands it to the store as applied.
    @inlinable package func place(_ transfer: borrowing Transfer, at now: Instant) -> Outcome {
        if transfer.flags.isSecondPhase { return resolve(copy transfer, at: now) }
        let outcome = enter(transfer, at: now)
        if case .applied(let amount) = outcome {
            let isPending = transfer.flags.contains(.pending)
            var applied = copy transfer
            applied.amount = amount
            store.insert(
                StoredTransfer(
                    applied, status: isPending ? .pending : nil, created: now,
                    due: transfer.timeoutSeconds > 0 ? now.adding(seconds: transfer.timeoutSeconds) : nil))
        }
        return outcome
    }

    /// Checks a plain or pending transfer and moves its amount; the transfer itself is not stored.
    @inlinable package func enter(_ transfer: borrowing Transfer, at now: Instant) -> Outcome {
        if let code = formError(transfer) { return .refused(code) }
        return move(transfer, store.find(transfer.debitAccount), store.find(transfer.creditAccount), at: now)
    }

    /// The same with the accounts as the store found them.
    @inlinable package func enter(
        _ transfer: borrowing Transfer, _ debit: Store.Found?, _ credit: Store.Found?, at now: Instant
    ) -> Outcome {
        if let code = formError(transfer) { return .refused(code) }
        return move(transfer, debit, credit, at: now)
    }

    @inlinable func move(
        _ transfer: borrowing Transfer, _ debit: Store.Found?, _ credit: Store.Found?, at now: Instant
    ) -> Outcome {
        guard let debit else { return .refused(.debitAccountNotFound) }
        guard let credit else { return .refused(.creditAccountNotFound) }
        var debited = store.account(debit)
        var credited = store.account(credit)
        if debited.currency != credited.currency { return .refused(.accountsMustHaveTheSameLedger) }
        if transfer.currency != debited.currency { return .refused(.transferMustHaveTheSameLedgerAsAccounts) }
        if debited.isClosed { return .refused(.debitAccountAlreadyClosed) }
        if credited.isClosed { return .refused(.creditAccountAlreadyClosed) }
        let amount = Self.balanced(transfer, debited, credited)
        let isPending = transfer.flags.contains(.pending)
        if let code = overflow(amount, debited, credited, isPending: isPending) { return .refused(code) }
        if transfer.timeoutSeconds > (Instant.latest.milliseconds - now.milliseconds) / 1000 {
            return .refused(.overflowsTimeout)
        }
        if let code = Self.limitError(amount, debited, credited) { return .refused(code) }
        Self.move(amount, transfer.flags, &debited, &credited)
        store.set(debited, debit)
        store.set(credited, credit)
        return .applied(amount)
    }

    /// The change of both accounts; nothing is checked.
    @inlinable package static func move(
        _ amount: Amount, _ flags: TransferFlags, _ debited: inout Account, _ credited: inout Account
    ) {
        if flags.contains(.pending) {
            debited.debitsPending += amount
            credited.creditsPending += amount
            if flags.contains(.closingDebit) { debited.close(true) }
            if flags.contains(.closingCredit) { credited.close(true) }
        } else {
            debited.debitsPosted += amount
            credited.creditsPosted += amount
        }
    }

    @inlinable func formError(_ transfer: borrowing Transfer) -> ResultCode? {
        if transfer.debitAccount.isEmpty { return .debitAccountIdMustNotBeZero }
        if transfer.creditAccount.isEmpty { return .creditAccountIdMustNotBeZero }
        if transfer.debitAccount == transfer.creditAccount { return .accountsMustBeDifferent }
        if !transfer.pendingId.isEmpty { return .pendingIdMustBeZero }
        if !transfer.flags.contains(.pending) {
            if transfer.timeoutSeconds != 0 { return .timeoutReservedForPendingTransfer }
            if transfer.flags.isClosing { return .closingTransferMustBePending }
        }
        return transfer.currency.isSet ? nil : .ledgerMustNotBeZero
    }

    @inlinable static func balanced(
        _ transfer: borrowing Transfer, _ debited: Account, _ credited: Account
    ) -> Amount {
        var amount = transfer.amount
        if transfer.flags.contains(.balancingDebit) {
            amount = min(amount, max(Amount(0), debited.available.saturated))
        }
        if transfer.flags.contains(.balancingCredit) {
            amount = min(amount, max(Amount(0), credited.lacking.saturated))
        }
        return amount
    }

    @inlinable func overflow(
        _ amount: Amount, _ debited: Account, _ credited: Account, isPending: Bool
    ) -> ResultCode? {
        let most = greatestTotal - Total(amount)
        if !amount.isInRange { return isPending ? .overflowsDebitsPending : .overflowsDebitsPosted }
        if isPending {
            if debited.debitsPending > most { return .overflowsDebitsPending }
            if credited.creditsPending > most { return .overflowsCreditsPending }
        }
        if debited.debitsPosted > most { return .overflowsDebitsPosted }
        if credited.creditsPosted > most { return .overflowsCreditsPosted }
        if debited.debitsPending > most - debited.debitsPosted { return .overflowsDebits }
        if credited.creditsPending > most - credited.creditsPosted { return .overflowsCredits }
        return nil
    }

    @inlinable static func limitError(_ amount: Amount, _ debited: Account, _ credited: Account) -> ResultCode? {
        if debited.flags.contains(.debitsMustNotExceedCredits),
            debited.debitsPending + debited.debitsPosted + amount > debited.creditsPosted
        {
            return .exceedsCredits
        }
        if credited.flags.contains(.creditsMustNotExceedDebits),
            credited.creditsPending + credited.creditsPosted + amount > credited.debitsPosted
        {
            return .exceedsDebits
        }
        return nil
    }
}
