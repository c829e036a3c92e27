import AgentKit
import JSON
import Ledger

/// Runs the steps of one test of a ledger table.
struct LedgerRun {
    private let store = MemoryLedger()
    private var now = Instant(milliseconds: 1_000_000)
    private var accounts: [(id: String, account: Account)] = []
    private var transfers: [Transfer] = []
    private var expected: [String] = []

    /// The first thing that is not as the test says; nil where all is.
    mutating func failure(of test: View) -> String? {
        guard let steps = test["steps"] else { return "no steps" }
        for index in 0..<steps.count {
            let step = steps.element(index)
            if let failure = run(step) { return "step \(index): \(failure)" }
        }
        return nil
    }

    private mutating func run(_ step: View) -> String? {
        switch step.text("op") {
        case "createAccount":
            accounts.append((step.text("id"), Self.account(step)))
            expected.append(step.text("expect"))
        case "createTransfer":
            transfers.append(Self.transfer(step))
            expected.append(step.text("expect"))
        case "commit": return commit()
        case "tick":
            now = now.adding(seconds: step.integer("seconds"))
            for id in store.due(by: now) { LedgerMachine(store).expire(id) }
        case "expectAccount": return accountFailure(step)
        case "expectTransfer": return transferFailure(step)
        case "expectPendingStatus":
            let status = store.transfer(step.text("id"))?.status?.rawValue
            if status != step.text("status") { return "status is \(status ?? "none")" }
        default: return "unknown step `\(step.text("op"))`"
        }
        return nil
    }

    private mutating func commit() -> String? {
        let machine = LedgerMachine(store)
        let codes =
            accounts.isEmpty
            ? machine.createTransfers(transfers, at: now) : machine.createAccounts(accounts)
        let results = codes.map(\.rawValue)
        defer {
            accounts = []
            transfers = []
            expected = []
        }
        for (index, result) in results.enumerated() where result != expected[index] {
            return "row \(index) is `\(result)`, not `\(expected[index])`"
        }
        return results.count == expected.count ? nil : "rows of both kinds in one batch"
    }

    private func accountFailure(_ step: View) -> String? {
        guard let account = store[account: step.text("id")] else {
            return step["exists"]?.bool == true ? "no account \(step.text("id"))" : nil
        }
        if step["exists"]?.bool == false { return "account \(step.text("id")) exists" }
        let sums: [(StaticString, Amount)] = [
            ("debitsPending", account.debitsPending), ("debitsPosted", account.debitsPosted),
            ("creditsPending", account.creditsPending), ("creditsPosted", account.creditsPosted),
        ]
        for (name, sum) in sums {
            if let wanted = step[name]?.int, wanted != sum.minorUnits { return "\(name) is \(sum.minorUnits)" }
        }
        if let closed = step["closed"]?.bool, closed != account.isClosed { return "closed is \(account.isClosed)" }
        return nil
    }

    private func transferFailure(_ step: View) -> String? {
        guard let stored = store.transfer(step.text("id"))?.transfer else {
            return step["exists"]?.bool == true ? "no transfer \(step.text("id"))" : nil
        }
        if step["exists"]?.bool == false { return "transfer \(step.text("id")) exists" }
        let texts: [(StaticString, String)] = [
            ("debitAccount", stored.debitAccount), ("creditAccount", stored.creditAccount),
            ("ledger", stored.currency.text), ("pendingId", stored.pendingId),
        ]
        for (name, text) in texts {
            if let wanted = step[name]?.string, wanted != text { return "\(name) is `\(text)`" }
        }
        let numbers: [(StaticString, Int64)] = [
            ("amount", stored.amount.minorUnits), ("timeoutSeconds", stored.timeoutSeconds), ("code", stored.code),
        ]
        for (name, number) in numbers {
            if let wanted = step[name]?.int, wanted != number { return "\(name) is \(number)" }
        }
        if step["flags"] != nil, Self.transferFlags(step) != stored.flags { return "flags are \(stored.flags)" }
        return nil
    }

    private static func account(_ step: View) -> Account {
        var flags: AccountFlags = []
        for name in step.texts("flags") {
            flags.formUnion(AccountFlags.names.first { $0.name == name }?.flag ?? [])
        }
        return Account(
            currency: Currency(step.text("ledger")) ?? .none, flags: flags, code: step.integer("code"))
    }

    private static func transfer(_ step: View) -> Transfer {
        Transfer(
            id: step.text("id"), debitAccount: step.text("debitAccount"), creditAccount: step.text("creditAccount"),
            amount: step.amount("amount"), currency: Currency(step.text("ledger")) ?? .none,
            code: step.integer("code"), pendingId: step.text("pendingId"),
            timeoutSeconds: step.integer("timeoutSeconds"), flags: transferFlags(step))
    }

    private static func transferFlags(_ step: View) -> TransferFlags {
        step.texts("flags").reduce(into: []) { $0.formUnion(TransferFlags(name: $1) ?? []) }
    }
}
