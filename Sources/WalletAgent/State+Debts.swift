import AgentKit
import Ledger

/// What one debt can take from income.
struct Collection {
    let debt: DebtRow
    let account: String
    let amount: Amount

    var celValue: Value {
        func money(_ amount: Amount) -> Value { amount.money(in: Currency(debt.currency) ?? .none) }
        var entries: [(String, Value)] = [
            ("debtId", .string(debt.id)), ("party", .string(debt.party)), ("partyId", .string(debt.partyId)),
            ("kind", .string(debt.kind)), ("account", .string(account)), ("amount", money(amount)),
            ("remaining", money(debt.remaining - amount)), ("currency", .string(debt.currency)),
            ("reference", .string(debt.reference)),
        ]
        if let creditor = debt.creditorId { entries.append(("creditorId", .string(creditor))) }
        return .map(MapValue(entries))
    }
}

extension WalletState {
    var openDebts: Int64 { counters["openDebts"]?.value.saturated.minorUnits ?? 0 }

    /// What the transfers of one entry that collects debts may take, of the 64 KiB that an entry holds.
    private static let collectedBytesMax = 49_152
    /// A transfer of an entry without the names of its accounts.
    private static let transferBytes = 160

    /// For each account these transfers credit, in their order, what its open debts can take, oldest first: together no
    /// more than what arrived, and no more than is still there. At most so many debts, and no more than one entry can tell
    /// of: the others wait for more income.
    func collectable(_ transfers: [Transfer], most: Int) -> [Collection] {
        var order: [String] = []
        var arrived: [String: Amount] = [:]
        for transfer in transfers where transfer.flags.movesAtOnce {
            guard let row = accounts[transfer.creditAccount], row.openDebts > 0 else { continue }
            if arrived[transfer.creditAccount] == nil { order.append(transfer.creditAccount) }
            arrived[transfer.creditAccount, default: .zero] += transfer.amount
        }
        var collections: [Collection] = []
        var bytes = 0
        for account in order {
            var left = min(arrived[account] ?? .zero, accounts[account]?.account.available.saturated ?? .zero)
            bytes += 2 * (Self.transferBytes + account.utf8.count)
            for id in debtors[account]?.debtIds ?? [] where left > .zero && collections.count < most {
                guard let debt = debts[id], debt.remaining > .zero else { continue }
                bytes += debt.creditorId.map { Self.transferBytes + account.utf8.count + $0.utf8.count } ?? 0
                guard bytes <= Self.collectedBytesMax || collections.isEmpty else { return collections }
                let amount = min(left, debt.remaining)
                left -= amount
                collections.append(Collection(debt: debt, account: account, amount: amount))
            }
        }
        return collections
    }

    /// What cash that comes late can pay of what somebody owes for not having handed it in, oldest debt first: debts that
    /// are named after their order.
    func cashClaims(on account: String, upTo amount: Amount) -> [Collection] {
        var left = amount
        var collections: [Collection] = []
        for id in debtors[account]?.debtIds ?? [] where left > .zero {
            guard let debt = debts[id], debt.remaining > .zero,
                id == debt.reference + ":cash" || id == debt.reference + ":cash:buyer"
            else { continue }
            let paid = min(left, debt.remaining)
            left -= paid
            collections.append(Collection(debt: debt, account: account, amount: paid))
        }
        return collections
    }

    func record(_ debt: DebtRow) {
        debts[debt.id] = debt
        debtors.upsert(debt.account) { $0.debtIds.append(debt.id) }
        countDebt(debt, 1)
    }

    func collect(_ id: String, remaining: Amount) {
        guard var debt = debts[id], debt.remaining > .zero else { return }
        debt.remaining = remaining
        debts[id] = debt
        guard remaining == .zero else { return }
        var debtor = debtors[debt.account] ?? DebtorRow()
        debtor.debtIds.removeAll { $0 == id }
        debtors[debt.account] = debtor.debtIds.isEmpty ? nil : debtor
        countDebt(debt, -1)
    }

    /// All of a debt may be cancelled or a part of it.
    func cancel(_ id: String, _ amount: Amount) {
        guard let debt = debts[id] else { return }
        collect(id, remaining: amount < debt.remaining ? debt.remaining - amount : .zero)
    }

    private func countDebt(_ debt: DebtRow, _ change: Int64) {
        counters.upsert("openDebts") { $0.value += Amount(change) }
        let path = debt.account
        var row = accounts[path] ?? AccountRow(AccountPath.opened(path) ?? Account(currency: .none))
        row.openDebts += change
        accounts[path] = row
    }
}
