public import AgentKit

/// TigerBeetle's state machine over a store: the order of its checks and the names of its codes are those of
/// `state_machine.zig`.
@usableFromInline package struct LedgerMachine<Store: LedgerStore> {
    @usableFromInline package let store: Store
    /// The limit of every sum of an account.
    @usableFromInline let greatestTotal: Total

    @inlinable package init(_ store: Store, greatestTotal: Total = .greatest) {
        self.store = store
        self.greatestTotal = greatestTotal
    }

    /// Creates accounts; chains of linked ones are created together or not at all.
    package func createAccounts(_ batch: [(id: String, account: Account)]) -> [ResultCode] {
        run(batch.count, isLinked: { batch[$0].account.flags.contains(.linked) }) {
            createAccount(batch[$0].id, batch[$0].account)
        }
    }

    /// Applies transfers at one moment; chains of linked ones apply together or not at all.
    package func createTransfers(_ batch: [Transfer], at now: Instant) -> [ResultCode] {
        run(batch.count, isLinked: { batch[$0].flags.contains(.linked) }, burning: { batch[$0].id }) {
            create(batch[$0], at: now)
        }
    }

    private func createAccount(_ id: String, _ account: Account) -> ResultCode {
        if id.isEmpty { return .idMustNotBeZero }
        if let found = store.find(id) {
            let stored = store.account(found)
            if stored.flags != account.flags { return .existsWithDifferentFlags }
            if stored.currency != account.currency { return .existsWithDifferentLedger }
            return stored.code != account.code ? .existsWithDifferentCode : .exists
        }
        if account.flags.isSuperset(of: [.debitsMustNotExceedCredits, .creditsMustNotExceedDebits]) {
            return .flagsAreMutuallyExclusive
        }
        if !account.currency.isSet { return .ledgerMustNotBeZero }
        store.insert(account, id: id)
        return .created
    }

    /// Applies one transfer unless its id is known or burnt; the store keeps it.
    @inlinable package func create(_ transfer: borrowing Transfer, at now: Instant) -> ResultCode {
        if transfer.id.isEmpty { return .idMustNotBeZero }
        if let stored = store.transfer(transfer.id) { return compare(transfer, with: stored.transfer) }
        if store.isBurnt(transfer.id) { return .idAlreadyFailed }
        switch place(transfer, at: now) {
        case .applied: return .created
        case .refused(let code): return code
        }
    }

    /// Rows of one batch, in order. A chain that breaks is undone; the row that broke it keeps its code.
    private func run(
        _ count: Int, isLinked: (Int) -> Bool, burning: ((Int) -> String)? = nil, _ execute: (Int) -> ResultCode
    ) -> [ResultCode] {
        var results: [ResultCode] = []
        results.reserveCapacity(count)
        var chain: (start: Int, mark: Store.Mark, isBroken: Bool)?
        for index in 0..<count {
            let linked = isLinked(index)
            if linked, chain == nil { chain = (index, store.mark(), false) }
            let result: ResultCode =
                linked && index == count - 1
                ? .linkedEventChainOpen : chain?.isBroken == true ? .linkedEventFailed : execute(index)
            if result != .created {
                if let open = chain, !open.isBroken {
                    store.undo(to: open.mark)
                    for earlier in open.start..<index { results[earlier] = .linkedEventFailed }
                    chain?.isBroken = true
                }
                if result.isTransient, let burning { store.burn(burning(index)) }
            }
            results.append(result)
            if let open = chain, !linked || result == .linkedEventChainOpen {
                if !open.isBroken { store.keep(open.mark) }
                chain = nil
            }
        }
        return results
    }
}

extension LedgerMachine {
    /// A transfer whose id is known: `exists` where it asks for what was done.
    @usableFromInline package func compare(_ new: borrowing Transfer, with stored: Transfer) -> ResultCode {
        if new.flags != stored.flags { return .existsWithDifferentFlags }
        if new.pendingId != stored.pendingId { return .existsWithDifferentPendingId }
        if new.timeoutSeconds != stored.timeoutSeconds { return .existsWithDifferentTimeout }
        let mayOmit = new.flags.isSecondPhase
        if new.debitAccount != stored.debitAccount, !(mayOmit && new.debitAccount.isEmpty) {
            return .existsWithDifferentDebitAccountId
        }
        if new.creditAccount != stored.creditAccount, !(mayOmit && new.creditAccount.isEmpty) {
            return .existsWithDifferentCreditAccountId
        }
        if !isSameAmount(new, stored) { return .existsWithDifferentAmount }
        if new.currency != stored.currency, !(mayOmit && !new.currency.isSet) { return .existsWithDifferentLedger }
        if new.code != stored.code, !(mayOmit && new.code == 0) { return .existsWithDifferentCode }
        return .exists
    }

    private func isSameAmount(_ new: borrowing Transfer, _ stored: Transfer) -> Bool {
        if new.flags.isSecondPhase {
            let meansAll =
                new.flags.contains(.postPendingTransfer) ? new.amount == .greatest : new.amount == .zero
            let asked = meansAll ? store.transfer(new.pendingId)?.transfer.amount : new.amount
            return asked == stored.amount
        }
        return new.flags.isBalancing ? new.amount >= stored.amount : new.amount == stored.amount
    }
}
