import AgentKit
import Ledger

extension WalletState {
    /// Applies transfers that were checked when they were decided.
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

    /// Only what does not come from escrow was paid out before.
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
        let place = unsafe accounts.place(path)
        var row = unsafe accounts.row(at: place, path) ?? opened(path)
        body(&row)
        accounts.set(row, at: place)
    }

    private func opened(_ path: UnsafeRawBufferPointer) -> AccountRow {
        let text = unsafe String(decoding: path, as: UTF8.self)
        return AccountRow(AccountPath.opened(text) ?? Account(currency: .none))
    }

    /// A transfer that leaves a pending one or resolves it.
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
    /// Whether it neither leaves a pending transfer nor resolves one.
    fileprivate var isPlain: Bool {
        guard flagsNode != 0 else { return true }
        let flags = TransferReader.flags(in: document, flagsNode) ?? []
        return flags.isDisjoint(with: [.pending, .postPendingTransfer, .voidPendingTransfer])
    }
}
