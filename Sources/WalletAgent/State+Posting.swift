import AgentKit
import Ledger

extension WalletState {
    /// Tries transfers against the ledger, all or none, and changes nothing.
    ///
    /// Returns `{ok: true, transfers}` with the transfers as applied, or `{ok: false, index, code}` for the first
    /// refused.
    func post(_ transfers: [Transfer], first: Int, _ checks: PostingChecks = []) -> Value {
        // Without open debts the check is free.
        let checks = openDebts == 0 ? checks.subtracting(.debts) : checks
        return transfers.allPlain
            ? postPlain(transfers, first: first, checks) : postAny(transfers, first: first, checks)
    }

    /// Tries transfers that neither are pending nor resolve a pending one.
    private func postPlain(_ transfers: [Transfer], first: Int, _ checks: PostingChecks) -> Value {
        trial.store.begin()
        let (trial, now) = (trial, context.recordedTime)
        var applied = transfers
        let asked = transfers.span
        for index in asked.indices {
            if index == asked.count - 1, asked[index].flags.contains(.linked) {
                return refusal(ResultCode.linkedEventChainOpen.rawValue, at: index)
            }
            let debit = trial.store.find(asked[index].debitAccount)
            let credit = trial.store.find(asked[index].creditAccount)
            if checks.contains(.parties), let code = partyError(asked[index], debit, credit) {
                return refusal(code, at: index)
            }
            switch trial.enter(asked[index], debit, credit, at: now) {
            case .applied(let amount):
                if checks.contains(.debts),
                    leavesDebts(asked[index].debitAccount, { trial.store.find($0)?.account })
                {
                    return refusal(.debt, at: index)
                }
                if amount != asked[index].amount { applied[index].amount = amount }
            case .refused(let code): return refusal(code.rawValue, at: index)
            }
        }
        return success(applied, first: first)
    }

    private func postAny(_ transfers: [Transfer], first: Int, _ checks: PostingChecks) -> Value {
        let mark = journal.mark()
        defer { journal.undo(to: mark) }
        var applied = transfers
        for index in transfers.indices {
            if index == transfers.count - 1, transfers[index].flags.contains(.linked) {
                return refusal(ResultCode.linkedEventChainOpen.rawValue, at: index)
            }
            var named = transfers[index]
            named.id = context.sequence.padded + "/" + String(first + index)
            if checks.contains(.parties), let code = partyError(named) { return refusal(code, at: index) }
            switch ledger.place(named, at: context.recordedTime) {
            case .applied(let amount):
                if checks.contains(.debts), leavesDebts(named.debitAccount, { accounts[$0]?.account }) {
                    return refusal(.debt, at: index)
                }
                applied[index].amount = amount
                if named.flags.isSecondPhase { complete(&applied[index]) }
            case .refused(let code): return refusal(code.rawValue, at: index)
            }
        }
        return success(applied, first: first)
    }

    private func success(_ applied: [Transfer], first: Int) -> Value {
        let list = TransferList(posted: applied, by: context.sequence, first: first)
        return .map(
            MapValue(sortedKeys: Self.successKeys, values: [.bool(true), .host(list, 0)]))
    }

    private static let successKeys: [Value] = [.string("ok"), .string("transfers")]

    /// Tries one plain transfer: the debit and credit account, to which the currency is added, and the amount.
    func postOne(_ arguments: Arguments, _ checks: PostingChecks = []) -> Value {
        guard let debit = arguments[0].stringValue, let credit = arguments[1].stringValue,
            case .money(let money) = arguments[2], Amount(money.minorUnits).isInRange
        else { return .failure(.invalidArgument, "two accounts and an amount") }
        let transfer = Transfer(
            id: "", debitAccount: AccountPath.path(debit, in: money.currency),
            creditAccount: AccountPath.path(credit, in: money.currency), amount: Amount(money.minorUnits),
            currency: Currency(money.currency))
        return post([transfer], first: 0, checks)
    }

    /// Fills in what a post or void may leave out from its pending transfer.
    private func complete(_ transfer: inout Transfer) {
        guard let pending = pendingTransfers[transfer.pendingId] else { return }
        transfer.debitAccount = pending.debitAccount
        transfer.creditAccount = pending.creditAccount
        transfer.currency = pending.currency
        transfer.code = pending.code
    }

    private func refusal(_ code: PartyCode, at index: Int) -> Value { refusal(code.rawValue, at: index) }

    private func refusal(_ code: String, at index: Int) -> Value {
        .map(
            MapValue(
                sortedKeys: [.string("code"), .string("index"), .string("ok")],
                values: [.string(code), .int(Int64(index)), .bool(false)]))
    }
}

extension [Transfer] {
    /// True if no transfer is pending or resolves a pending one.
    fileprivate var allPlain: Bool {
        for index in indices where !self[index].flags.isDisjoint(with: .keeping) { return false }
        return true
    }

    /// True if the figures of each are within the ledger's range; the ledger checks their meaning.
    var allWellFormed: Bool {
        for index in indices where !self[index].amount.isInRange || self[index].timeoutSeconds < 0 { return false }
        return true
    }
}

extension TransferFlags {
    /// The flags of transfers that are pending, or resolve a pending one.
    fileprivate static let keeping: TransferFlags = [.pending, .postPendingTransfer, .voidPendingTransfer]
}
