import AgentKit
import Ledger

extension WalletState {
    /// Applies transfers that were checked when they were decided.
    func fold(_ posted: TransferPosted, at time: Instant) {
        let purpose = posted.purpose
        let isRelease = purpose == "escrow.release" || purpose == "service.release"
        for transfer in posted.transfers {
            if transfer.isPlain {
                move(transfer)
                if isRelease { noteIncome(transfer, at: time) }
            } else if let transfer = TransferReader.transfer(transfer) {
                foldPending(transfer, posted, at: time)
            }
        }
    }

    private func move(_ transfer: TransferPosted.Transfer) {
        let amount = Amount(transfer.amount)
        unsafe change(transfer.document.rawText(of: transfer.debitAccountNode)) { $0.debitsPosted += amount }
        unsafe change(transfer.document.rawText(of: transfer.creditAccountNode)) { $0.creditsPosted += amount }
    }

    @inline(__always)
    private func change(_ path: UnsafeRawBufferPointer, _ body: (inout Account) -> Void) {
        let place = unsafe accounts.place(path)
        var row = unsafe accounts.row(at: place, path) ?? opened(path)
        body(&row.account)
        accounts.set(row, at: place)
    }

    private func opened(_ path: UnsafeRawBufferPointer) -> AccountRow {
        let text = unsafe String(decoding: path, as: UTF8.self)
        return AccountRow(AccountPath.opened(text) ?? Account(currency: .none))
    }

    private func noteIncome(_ transfer: TransferPosted.Transfer, at time: Instant) {
        guard Field.hasPrefix(transfer.document, transfer.creditAccountNode, "wallet/") else { return }
        addIncome(transfer.creditAccount, Amount(transfer.amount), at: time)
    }

    /// A transfer that leaves a pending one or resolves it.
    private func foldPending(_ transfer: Transfer, _ posted: TransferPosted, at time: Instant) {
        if transfer.flags.isSecondPhase {
            guard let pending = pendingTransfers[transfer.pendingId]?.stored.transfer else { return }
            let isPost = transfer.flags.contains(.postPendingTransfer)
            ledger.settle(pending, posting: isPost ? transfer.amount : nil, isPost ? .posted : .voided)
        } else {
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
