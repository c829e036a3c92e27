import AgentKit
import Ledger

extension WalletState {
    /// What an account holds, in the currency that its path ends in.
    func amount(of path: Value, _ part: (Account) -> Amount) -> Value {
        guard let path = path.stringValue, let currency = AccountPath.currency(path) else {
            return .failure(.invalidArgument, "an account that ends in no currency")
        }
        return .money(Money(accounts[path].map { part($0.account).minorUnits } ?? 0, currency))
    }

    /// What the ledger would do with these transfers, all of them or none; nothing is changed.
    ///
    /// `{ok: true, transfers}` with the transfers as applied, or `{ok: false, index, code}` of the first refused.
    func post(_ transfers: [Transfer], first: Int, _ checks: PostingChecks = []) -> Value {
        // Nobody's debts need be looked at where there are none.
        let checks = openDebts == 0 ? checks.subtracting(.debts) : checks
        return transfers.allPlain
            ? postPlain(transfers, first: first, checks) : postAny(transfers, first: first, checks)
    }

    /// Transfers that neither leave nor resolve a pending one.
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

    /// One plain transfer: debit and credit account, to whose names the currency is added, and the amount.
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

    /// A post or void may leave out what its pending transfer says.
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
    /// Whether none leaves a pending transfer or resolves one.
    fileprivate var allPlain: Bool {
        for index in indices where !self[index].flags.isDisjoint(with: .keeping) { return false }
        return true
    }

    /// Whether the figures of each are within the ledger's range; what they mean is for the ledger to check.
    var allWellFormed: Bool {
        for index in indices where !self[index].amount.isInRange || self[index].timeoutSeconds < 0 { return false }
        return true
    }
}

extension TransferFlags {
    /// Flags of transfers that leave something to be resolved, or resolve it.
    fileprivate static let keeping: TransferFlags = [.pending, .postPendingTransfer, .voidPendingTransfer]
}
