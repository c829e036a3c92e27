import AgentKit
import JSON
import Ledger

/// Runs the steps of one test of a ledger table.
struct LedgerRun {
    private let store = MemoryLedger()
    /// The machine; the tables assume sums up to 2^53 − 1.
    private var machine: LedgerMachine<MemoryLedger> { LedgerMachine(store, greatestTotal: Total(.greatest)) }
    private var now = Instant(milliseconds: 1_000_000)
    private var accounts: [(id: String, account: Account)] = []
    private var transfers: [Transfer] = []
    private var expected: [String] = []

    /// Runs the test and returns its first failure; nil where it passes.
    mutating func failure(of test: TableRow) throws(TableError) -> String? {
        guard let steps = try test.list("steps") else { return "no steps" }
        for (index, step) in steps.enumerated() {
            if let failure = try run(TableRow(step)) { return "step \(index): \(failure)" }
        }
        return expected.isEmpty ? nil : "rows after the last commit"
    }

    private mutating func run(_ step: TableRow) throws(TableError) -> String? {
        let operation = try step.text("op") ?? ""
        switch operation {
        case "createAccount":
            accounts.append((try step.text("id") ?? "", try Self.account(step)))
            expected.append(try step.text("expect") ?? "")
        case "createTransfer":
            transfers.append(try Self.transfer(step))
            expected.append(try step.text("expect") ?? "")
        case "commit": return commit()
        case "tick":
            now = now.adding(seconds: try step.number("seconds") ?? 0)
            for id in store.due(by: now) { machine.expire(id) }
        case "expectAccount": return try accountFailure(step)
        case "expectTransfer": return try transferFailure(step)
        case "expectPendingStatus":
            let status = store.transfer(try step.text("id") ?? "")?.status?.rawValue ?? "none"
            if try step.text("status") ?? "none" != status { return "status is \(status)" }
        default: return "unknown step `\(operation)`"
        }
        return nil
    }

    private mutating func commit() -> String? {
        defer {
            accounts = []
            transfers = []
            expected = []
        }
        if !accounts.isEmpty, !transfers.isEmpty { return "rows of both kinds in one batch" }
        let codes =
            accounts.isEmpty
            ? machine.createTransfers(transfers, at: now) : machine.createAccounts(accounts)
        for (index, code) in codes.enumerated() where code.rawValue != expected[index] {
            return "row \(index) is `\(code.rawValue)`, not `\(expected[index])`"
        }
        return nil
    }

    private func accountFailure(_ step: TableRow) throws(TableError) -> String? {
        let id = try step.text("id") ?? ""
        let isWanted = try step.bool("exists") ?? true
        guard let account = store[account: id] else { return isWanted ? "no account \(id)" : nil }
        if !isWanted { return "account \(id) exists" }
        let numbers: [(StaticString, Int64)] = [
            ("debitsPending", Int64(account.debitsPending.minorUnits)),
            ("debitsPosted", Int64(account.debitsPosted.minorUnits)),
            ("creditsPending", Int64(account.creditsPending.minorUnits)),
            ("creditsPosted", Int64(account.creditsPosted.minorUnits)), ("code", account.code),
        ]
        if let failure = try Self.difference(step, numbers, [("ledger", account.currency.text)]) { return failure }
        if let closed = try step.bool("closed"), closed != account.isClosed { return "closed is \(account.isClosed)" }
        if let flags = try Self.accountFlags(step), flags != account.flags { return "flags are \(account.flags)" }
        return nil
    }

    private func transferFailure(_ step: TableRow) throws(TableError) -> String? {
        let id = try step.text("id") ?? ""
        let isWanted = try step.bool("exists") ?? true
        guard let stored = store.transfer(id)?.transfer else { return isWanted ? "no transfer \(id)" : nil }
        if !isWanted { return "transfer \(id) exists" }
        let numbers: [(StaticString, Int64)] = [
            ("amount", stored.amount.minorUnits), ("timeoutSeconds", stored.timeoutSeconds), ("code", stored.code),
        ]
        let texts: [(StaticString, String)] = [
            ("debitAccount", stored.debitAccount), ("creditAccount", stored.creditAccount),
            ("ledger", stored.currency.text), ("pendingId", stored.pendingId),
        ]
        if let failure = try Self.difference(step, numbers, texts) { return failure }
        if let flags = try Self.transferFlags(step), flags != stored.flags { return "flags are \(stored.flags)" }
        return nil
    }

    /// Returns the first named field of a step that differs; nil where all agree.
    private static func difference(
        _ step: TableRow, _ numbers: [(StaticString, Int64)], _ texts: [(StaticString, String)]
    ) throws(TableError) -> String? {
        for (name, number) in numbers {
            if let wanted = try step.number(name), wanted != number { return "\(name) is \(number), not \(wanted)" }
        }
        for (name, text) in texts {
            if let wanted = try step.text(name), wanted != text { return "\(name) is `\(text)`, not `\(wanted)`" }
        }
        return nil
    }

    private static func account(_ step: TableRow) throws(TableError) -> Account {
        Account(
            currency: try currency(step), flags: try accountFlags(step) ?? [], code: try step.number("code") ?? 0)
    }

    private static func transfer(_ step: TableRow) throws(TableError) -> Transfer {
        Transfer(
            id: try step.text("id") ?? "", debitAccount: try step.text("debitAccount") ?? "",
            creditAccount: try step.text("creditAccount") ?? "", amount: Amount(try step.number("amount") ?? 0),
            currency: try currency(step), code: try step.number("code") ?? 0,
            pendingId: try step.text("pendingId") ?? "", timeoutSeconds: try step.number("timeoutSeconds") ?? 0,
            flags: try transferFlags(step) ?? [])
    }

    private static func currency(_ step: TableRow) throws(TableError) -> Currency {
        guard let text = try step.text("ledger"), !text.isEmpty else { return .none }
        guard let currency = Currency(text) else {
            throw TableError(pointer: step.view.pointer + "/ledger", message: "no currency `\(text)`")
        }
        return currency
    }

    private static func accountFlags(_ step: TableRow) throws(TableError) -> AccountFlags? {
        try step.flags { name in AccountFlags.names.first { $0.name == name }?.flag }
    }

    private static func transferFlags(_ step: TableRow) throws(TableError) -> TransferFlags? {
        try step.flags { TransferFlags(name: $0) }
    }
}
