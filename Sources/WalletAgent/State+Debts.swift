package import AgentKit
import Ledger

/// The amount that one debt takes from income.
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

    /// The bytes that the transfers of one collecting entry may take, of the 64 KiB that an entry holds.
    private static let collectedBytesMax = 49_152
    /// The bytes of one transfer in an entry, without the names of its accounts.
    private static let transferBytes = 160

    /// Returns the amounts that the open debts of the credited accounts can take, by account in the order of the
    /// transfers and oldest debt first: together at most what arrived, and at most what is available. At most `most`
    /// debts, and no more than one entry can hold; the others wait for more income.
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

    /// Returns the debts that cash handed in late can pay, oldest first: those recorded because the cash was missing,
    /// whose ids are their order's with `:cash` or `:cash:buyer` added.
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

    /// Cancels a debt, or a part of it.
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

/// A party's debt: the rest of an amount that could not be taken from it in full.
package struct DebtRow: Row {
    package var id = ""
    /// `franchise` or `user`.
    package var party = ""
    package var partyId = ""
    /// `fine`, `refund`, `chargeback` or `reversal`.
    package var kind = ""
    /// The user who receives a share of what is collected.
    package var creditorId: String?
    package var amount = Amount.zero
    package var remaining = Amount.zero
    package var currency = ""
    package var reference = ""

    package init() {}

    package static let name = "debt"
    package static let fields: RowFields<DebtRow> = [
        .init("id", \.id), .init("party", \.party), .init("partyId", \.partyId), .init("kind", \.kind),
        .init("creditorId", \.creditorId), .init("amount", \.amount), .init("remaining", \.remaining),
        .init("currency", \.currency), .init("reference", \.reference),
    ]

    /// The account that receives the party's income, from which the debt is collected.
    package var account: String { (party == "franchise" ? "franchise/" : "wallet/") + partyId + "/" + currency }
}

/// The open debts collected from one account, oldest first; its key is the account's path.
package struct DebtorRow: Row {
    package var debtIds: [String] = []

    package init() {}

    package static let name = "debtor"
    package static let fields: RowFields<DebtorRow> = [.init("debtIds", \.debtIds)]
}
