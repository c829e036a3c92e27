import AgentKit
import Ledger

extension WalletState {
    /// The account of that path, also one that is not opened yet.
    func account(_ path: Value) -> Account? { path.stringValue.flatMap { accounts[$0] }?.account }

    /// What the ledger would do with these transfers, all of them or none; nothing is changed.
    ///
    /// `{ok: true, transfers}` with the transfers as applied, or `{ok: false, index, code}` of the first refused.
    func post(_ transfers: [Transfer], first: Int) -> Value {
        let mark = journal.mark()
        defer { journal.undo(to: mark) }
        var applied = transfers
        for index in transfers.indices {
            switch place(transfers[index], first + index, isLast: index == transfers.count - 1) {
            case .applied(let amount):
                if amount != transfers[index].amount { applied[index].amount = amount }
                if transfers[index].flags.isSecondPhase { complete(&applied[index]) }
            case .refused(let code): return refusal(code, at: index)
            }
        }
        let list = TransferList(posted: applied, by: context.sequence, first: first)
        return .map(
            MapValue(sortedKeys: [.string("ok"), .string("transfers")], values: [.bool(true), .host(list, 0)]))
    }

    private func place(_ transfer: Transfer, _ number: Int, isLast: Bool) -> Outcome {
        if isLast, transfer.flags.contains(.linked) { return .refused(.linkedEventChainOpen) }
        let keepsNothing = transfer.flags.isDisjoint(with: [.pending, .postPendingTransfer, .voidPendingTransfer])
        if keepsNothing { return ledger.enter(transfer, at: context.recordedTime) }
        var named = transfer
        named.id = context.sequence.padded + "/" + String(number)
        return ledger.place(named, at: context.recordedTime)
    }

    /// A post or void may leave out what its pending transfer says.
    private func complete(_ transfer: inout Transfer) {
        guard let pending = pendingTransfers[transfer.pendingId] else { return }
        transfer.debitAccount = pending.debitAccount
        transfer.creditAccount = pending.creditAccount
        transfer.currency = pending.currency
        transfer.code = pending.code
    }

    private func refusal(_ code: ResultCode, at index: Int) -> Value {
        .map(
            MapValue(
                sortedKeys: [.string("code"), .string("index"), .string("ok")],
                values: [.string(code.rawValue), .int(Int64(index)), .bool(false)]))
    }
}
