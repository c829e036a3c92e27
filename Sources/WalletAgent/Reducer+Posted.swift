import AgentKit
import Ledger

extension WalletState {
    /// Applies transfers that were checked when they were decided.
    func foldPosted(_ data: View, at time: Instant) {
        guard let list = data["transfers"] else { return }
        let isRelease = data["purpose"].map { $0.isString("escrow.release") || $0.isString("service.release") } ?? false
        let isPayout = data["purpose"]?.isString("payout") ?? false
        TransferReader.forEach(in: list.document, list.node) { transfer in
            apply(transfer, data, at: time)
            if isRelease, transfer.flags.movesAtOnce { addIncome(transfer.creditAccount, transfer.amount, at: time) }
            if isPayout { foldPayout(copy transfer, data.text("reference")) }
        }
    }

    @inline(__always)
    private func apply(_ transfer: borrowing Transfer, _ data: View, at time: Instant) {
        if transfer.flags.isSecondPhase {
            guard let pending = pendingTransfers[transfer.pendingId]?.stored.transfer else { return }
            let isPost = transfer.flags.contains(.postPendingTransfer)
            ledger.settle(pending, posting: isPost ? transfer.amount : nil, isPost ? .posted : .voided)
            return
        }
        var debited = opened(transfer.debitAccount)
        var credited = opened(transfer.creditAccount)
        LedgerMachine<WalletStore>.move(transfer.amount, transfer.flags, &debited.account, &credited.account)
        accounts[transfer.debitAccount] = debited
        accounts[transfer.creditAccount] = credited
        if transfer.flags.contains(.pending) { keepPending(copy transfer, data, at: time) }
    }

    private func opened(_ path: String) -> AccountRow {
        accounts[path] ?? AccountRow(AccountPath.opened(path) ?? Account(currency: .none))
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
        let id = transfer.id
        let flags = transfer.flags
        withdrawals.update(withdrawalId) { row in
            if flags.contains(.pending) { row.transferId = id }
            if flags.contains(.postPendingTransfer) { row.status = "completed" }
            if flags.contains(.voidPendingTransfer) { row.status = "failed" }
        }
    }
}
