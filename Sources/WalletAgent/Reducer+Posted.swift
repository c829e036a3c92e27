import AgentKit
import Ledger

extension WalletState {
    /// Applies transfers that were checked when they were decided.
    func foldPosted(_ data: View, at time: Instant) {
        guard let list = data["transfers"], list.kind == .array else { return }
        let document = list.document
        let isRelease = data["purpose"].map { $0.isString("escrow.release") || $0.isString("service.release") } ?? false
        var node = list.node + 1
        let end = document.nodeAfter(list.node)
        while node < end {
            let transfer = PostedTransfer(document, node)
            if transfer.isPlain {
                move(transfer)
                if isRelease { noteIncome(transfer, at: time) }
            } else if let transfer = TransferReader.transfer(in: document, node) {
                foldPending(transfer, data, at: time)
            }
            node = document.nodeAfter(node)
        }
    }

    private func move(_ transfer: PostedTransfer) {
        unsafe change(transfer.document.rawText(of: transfer.debitAccount)) { $0.debitsPosted += transfer.amount }
        unsafe change(transfer.document.rawText(of: transfer.creditAccount)) { $0.creditsPosted += transfer.amount }
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

    private func noteIncome(_ transfer: PostedTransfer, at time: Instant) {
        guard let account = transfer.document.string(of: transfer.creditAccount),
            account.utf8.starts(with: "wallet/".utf8)
        else { return }
        addIncome(account, transfer.amount, at: time)
    }

    /// A transfer that leaves a pending one or resolves it.
    private func foldPending(_ transfer: Transfer, _ data: View, at time: Instant) {
        if transfer.flags.isSecondPhase {
            guard let pending = pendingTransfers[transfer.pendingId]?.stored.transfer else { return }
            let isPost = transfer.flags.contains(.postPendingTransfer)
            ledger.settle(pending, posting: isPost ? transfer.amount : nil, isPost ? .posted : .voided)
        } else {
            reserve(transfer)
            keepPending(transfer, data, at: time)
        }
        if data["purpose"]?.isString("payout") == true { foldPayout(transfer, data.text("reference")) }
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

    private func keepPending(_ transfer: Transfer, _ data: View, at time: Instant) {
        let due = transfer.timeoutSeconds > 0 ? time.adding(seconds: transfer.timeoutSeconds) : nil
        var row = PendingRow(
            StoredTransfer(transfer, status: .pending, created: time, due: due), status: .pending)
        row.purpose = data.text("purpose")
        row.reference = data.text("reference")
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
