package import AgentKit
import Ledger

/// Folds posted transfers, withdrawals, coin locks and debts.
package enum WalletAgent: Agent {
    package static let name = "wallet"
    package static let agentClass = AgentClass.commerce

    package static func state(in tables: TableSet) -> WalletState { WalletState(in: tables) }

    package static func reduce(_ state: WalletState, _ fold: Fold, _ entry: Event) {
        switch fold {
        case .transferPosted(let event): state.fold(event, entry)
        case .timerFired(let event):
            if event.agent == name, event.name == "transfer.expiry" { state.expire(event.key, at: entry.recordedTime) }
        case .withdrawalAccepted(let event): state.record(WithdrawalRow(event, at: entry.recordedTime))
        case .withdrawalReturned(let event):
            state.withdrawals.update(event.withdrawalId) { $0.status = "returned" }
        case .coinsLocked(let event): state.lock(LockRow(event, at: entry.recordedTime))
        case .coinsUnlocked(let event): state.unlock(event.lockId)
        case .bonusGranted(let event):
            if event.reason == "lock" { state.locks.update(event.reference) { $0.bonuses += 1 } }
        case .userRecorded(let event): state.admit(event.userId)
        case .erasureCompleted(let event): state.holders[event.userId] = HolderRow(isErased: true)
        case .debtRecorded(let event): state.record(DebtRow(event))
        case .debtCollected(let event): state.collect(event.debtId, remaining: Amount(event.remaining))
        case .debtCancelled(let event): state.cancel(event.debtId, Amount(event.amount))
        }
    }
}

extension WalletState {
    fileprivate func lock(_ lock: LockRow) {
        locks[lock.id] = lock
        lockedCoins.upsert(lock.userId + "/" + lock.currency) { $0.value += lock.amount }
    }

    fileprivate func unlock(_ id: String) {
        guard let lock = locks[id] else { return }
        locks.update(id) { $0.status = "released" }
        lockedCoins.update(lock.userId + "/" + lock.currency) { $0.value -= lock.amount }
    }

    /// Admits a new holder; one who is known stays as they are, so that an erased person does not come back.
    fileprivate func admit(_ user: String) {
        if !holders.contains(user) { holders[user] = HolderRow() }
    }

    fileprivate func record(_ withdrawal: WithdrawalRow) {
        withdrawals[withdrawal.id] = withdrawal
        let oldest = withdrawal.since.adding(seconds: -Self.ageMax)
        withdrawers.upsert(withdrawal.userId) { row in
            while let first = row.withdrawalIds.first, (withdrawals[first]?.since ?? .earliest) < oldest {
                row.withdrawalIds.removeFirst()
            }
            row.withdrawalIds.append(withdrawal.id)
        }
    }
}

extension WithdrawalRow {
    fileprivate init(_ event: WithdrawalAccepted, at time: Instant) {
        id = event.withdrawalId
        userId = event.userId
        amount = Amount(event.amount)
        currency = event.currency
        since = time
    }
}

extension LockRow {
    fileprivate init(_ event: CoinsLocked, at time: Instant) {
        id = event.lockId
        userId = event.userId
        amount = Amount(event.amount)
        currency = event.currency
        months = event.months
        since = time
        until = event.until
    }
}

extension DebtRow {
    fileprivate init(_ event: DebtRecorded) {
        id = event.debtId
        party = event.party
        partyId = event.partyId
        kind = event.kind
        creditorId = event.creditorId
        amount = Amount(event.amount)
        remaining = amount
        currency = event.currency
        reference = event.reference
    }
}

extension WalletState {
    /// Applies posted transfers, which were checked when they were decided.
    func fold(_ posted: TransferPosted, _ entry: Event) {
        let purpose = posted.purpose, time = entry.recordedTime
        let ageing = Ageing(purpose)
        for transfer in posted.transfers {
            if transfer.isPlain {
                move(transfer, ageing, at: time)
            } else if let transfer = TransferReader.transfer(transfer) {
                foldPending(transfer, posted, ageing, at: time)
            }
        }
        if purpose == "escrow.release" { noteRelease(posted, entry.sequence) }
        if purpose == "escrow.refund" { noteTakenBack(posted) }
    }

    private func move(_ transfer: TransferPosted.Transfer, _ ageing: Ageing, at time: Instant) {
        let amount = Amount(transfer.amount)
        let debit = unsafe transfer.document.rawText(of: transfer.debitAccountNode)
        let credit = unsafe transfer.document.rawText(of: transfer.creditAccountNode)
        var young: AgeRow?
        unsafe change(debit) { row in
            if row.recent > .zero { young = unsafe takeYoung(&row, debit, amount) }
            row.account.debitsPosted += amount
        }
        if ageing != .payment {
            young = unsafe arriving(amount, code: transfer.code ?? 0, from: debit, young, ageing, at: time)
        }
        unsafe change(credit) { row in
            row.account.creditsPosted += amount
            if let young, unsafe AccountPath.ages(credit) { unsafe addYoung(&row, credit, young, at: time) }
        }
    }

    private func noteRelease(_ posted: TransferPosted, _ sequence: EntrySequence) {
        for transfer in posted.transfers where Field.hasPrefix(transfer.document, transfer.debitAccountNode, "escrow/")
        {
            releasedOrders.upsert(posted.reference) { row in
                row.amount += Amount(transfer.amount)
                row.currency = transfer.currency
                row.sequence = sequence
            }
        }
    }

    /// Notes money taken back from those whom the order's escrow had paid; money still in escrow was never paid out.
    private func noteTakenBack(_ posted: TransferPosted) {
        guard releasedOrders.contains(posted.reference) else { return }
        var sum = Amount.zero
        for transfer in posted.transfers where !Field.hasPrefix(transfer.document, transfer.debitAccountNode, "escrow/")
        {
            sum += Amount(transfer.amount)
        }
        releasedOrders.update(posted.reference) { $0.takenBack += sum }
    }

    @inline(__always)
    private func change(_ path: UnsafeRawBufferPointer, _ body: (inout AccountRow) -> Void) {
        let slot = unsafe accounts.slot(path)
        var row = unsafe accounts.row(at: slot, path) ?? opened(path)
        body(&row)
        accounts.set(row, at: slot)
    }

    private func opened(_ path: UnsafeRawBufferPointer) -> AccountRow {
        let text = unsafe String(decoding: path, as: UTF8.self)
        return AccountRow(AccountPath.opened(text) ?? Account(currency: .none))
    }

    /// Applies a transfer that is pending, or that posts or voids a pending one.
    private func foldPending(_ transfer: Transfer, _ posted: TransferPosted, _ ageing: Ageing, at time: Instant) {
        if transfer.flags.isSecondPhase {
            guard let pending = pendingTransfers[transfer.pendingId]?.stored.transfer else { return }
            let isPost = transfer.flags.contains(.postPendingTransfer)
            settle(pending, posting: isPost ? transfer.amount : nil, isPost ? .posted : .voided, ageing, at: time)
        } else {
            holdYoung(transfer)
            reserve(transfer)
            keepPending(transfer, posted, at: time)
        }
        if posted.purpose == "payout" { foldPayout(transfer, posted.reference) }
    }

    private func reserve(_ transfer: Transfer) {
        guard let debit = ledger.store.find(transfer.debitAccount),
            let credit = ledger.store.find(transfer.creditAccount)
        else { return }
        var debited = ledger.store.account(debit)
        var credited = ledger.store.account(credit)
        LedgerMachine<WalletStore>.move(transfer.amount, transfer.flags, &debited, &credited)
        ledger.store.set(debited, debit)
        ledger.store.set(credited, credit)
    }

    private func keepPending(_ transfer: Transfer, _ posted: TransferPosted, at time: Instant) {
        let due = transfer.timeoutSeconds > 0 ? time.adding(seconds: transfer.timeoutSeconds) : nil
        var row = PendingRow(
            StoredTransfer(transfer, status: .pending, created: time, due: due), status: .pending)
        row.purpose = posted.purpose
        row.reference = posted.reference
        pendingTransfers[transfer.id] = row
    }

    private func foldPayout(_ transfer: Transfer, _ withdrawalId: String) {
        withdrawals.update(withdrawalId) { row in
            if transfer.flags.contains(.pending) { row.transferId = transfer.id }
            if transfer.flags.contains(.postPendingTransfer) { row.status = "completed" }
            if transfer.flags.contains(.voidPendingTransfer) { row.status = "failed" }
        }
    }
}

extension TransferPosted.Transfer {
    /// Indicates that it neither is a pending transfer nor resolves one.
    fileprivate var isPlain: Bool {
        guard flagsNode != 0 else { return true }
        let flags = TransferReader.flags(in: document, flagsNode) ?? []
        return flags.isDisjoint(with: [.pending, .postPendingTransfer, .voidPendingTransfer])
    }
}
