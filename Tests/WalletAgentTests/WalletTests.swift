import AgentKit
import Ledger
import Testing
import WalletAgent

@Suite("wallet agent")
struct WalletTests {
    private let now = Instant(milliseconds: 1_708_000_000_000)
    private let pkr = Currency("PKR")!

    private func evaluate(_ source: String, _ bench: WalletBench) throws -> Value {
        var environment = CELEnvironment()
        for function in WalletAgent.functions(bench.state) { environment.declare(function: function) }
        return try environment.compile(source).evaluate(Activation(slots: 0))
    }

    private func deposit(_ amount: Int64, to path: String, _ bench: WalletBench, purpose: StaticString = "deposit")
        throws
    {
        let transfer = Transfer(
            id: "", debitAccount: "gateway/bank/PKR", creditAccount: path, amount: Amount(amount), currency: pkr)
        guard case .posted(let list) = try bench.post([transfer], at: now) else { throw BenchError.noAnswer }
        try bench.fold(list, purpose: purpose, reference: "R", at: now)
    }

    @Test(
        "an account is opened with the limits its path says",
        arguments: [
            ("wallet/U-ali/PKR", true), ("franchise/F-1/PKR", true), ("escrow/O/EHBGC", true), ("service/R/PKR", true),
            ("locked/L/EHBGC", true), ("platform/fees/PKR", false), ("gateway/bank/PKR", false),
            ("owed/wallet/U-ali/PKR", false), ("owed/franchise/F-1/PKR", false),
        ])
    func paths(path: String, isLimited: Bool) throws {
        let account = try #require(AccountPath.opened(path))
        #expect(account.flags == (isLimited ? .debitsMustNotExceedCredits : []))
        #expect(
            path.utf8.elementsEqual(
                (path.split(separator: "/").dropLast() + [account.currency.text[...]]).joined(separator: "/").utf8))
    }

    @Test(
        "a path that is not an account's opens none",
        arguments: [
            "", "wallet", "wallet/U", "wallet//PKR", "wallet/U/PKR/x", "wallet/U a/PKR", "wallet/U/",
            "platform/else/PKR",
            "owed/U/PKR", "owed/escrow/U/PKR", "purse/U/PKR", "wallet/Ü/PKR", "wallet/U/P-R",
        ])
    func noPaths(path: String) { #expect(AccountPath.opened(path) == nil) }

    @Test("trying transfers changes nothing")
    func tentative() throws {
        let bench = try WalletBench()
        try deposit(100, to: "wallet/U-1/PKR", bench)
        let transfer = Transfer(
            id: "", debitAccount: "wallet/U-1/PKR", creditAccount: "wallet/U-2/PKR", amount: Amount(60), currency: pkr)
        for _ in 0..<3 {
            guard case .posted = try bench.post([transfer], at: now) else {
                Issue.record("refused")
                return
            }
        }
        guard case .refused(let index, let code) = try bench.post([transfer, transfer], at: now) else {
            Issue.record("posted")
            return
        }
        #expect(index == 1 && code == "exceeds_credits")
        #expect(try evaluate(#"balance("wallet/U-1/PKR")"#, bench).moneyValue?.minorUnits == 100)
        #expect(try evaluate(#"balance("wallet/U-2/PKR")"#, bench).moneyValue?.minorUnits == 0)
    }

    @Test("income counts what came in after a moment, to the millisecond, whatever it came for")
    func income() throws {
        let bench = try WalletBench()
        try deposit(100, to: "wallet/U-1/PKR", bench, purpose: "escrow.release")
        try deposit(50, to: "wallet/U-1/PKR", bench)
        bench.tables.context.recordedTime = now.adding(seconds: 5 * 86_400)
        #expect(
            try evaluate(#"income("wallet/U-1/PKR", timestamp("2024-02-15T12:26:39.999Z"))"#, bench).moneyValue?
                .minorUnits == 150)
        #expect(
            try evaluate(#"income("wallet/U-1/PKR", timestamp("2024-02-15T12:26:40Z"))"#, bench).moneyValue?.minorUnits
                == 0)
        #expect(
            try evaluate(#"income("wallet/U-2/PKR", timestamp("2024-02-15T12:26:40Z"))"#, bench).moneyValue?.minorUnits
                == 0)
    }

    @Test("allot gives parts in the order of the shares, and refuses shares that do not make a whole")
    func allot() throws {
        let bench = try WalletBench()
        let parts = try evaluate(
            #"allot(100, [{"to": "a", "share": 8500}, {"to": "b", "share": "1/20"}, {"to": "c", "share": "remaining"}])"#
                + ".map(part, string(part.amount) + part.to).join()",
            bench)
        #expect(parts.stringValue == "85a5b10c")
        var environment = CELEnvironment()
        for function in WalletAgent.functions(bench.state) { environment.declare(function: function) }
        environment.declare(variable: "shares", .list(.dyn))
        let program = try environment.compile("allot(100, shares)")
        for share in [Value.int(10_001), .int(-1), .int(5000), .string("half"), .null] {
            let activation = Activation(slots: 1)
            activation[0] = .list([.map(MapValue([("to", .string("a")), ("share", share)]))])
            #expect(program.evaluate(activation).errorValue?.code == .invalidArgument)
        }
        #expect(try evaluate(#"allot(-1, [{"to": "a", "share": 10000}])"#, bench).errorValue != nil)
    }

    @Test(
        "constant shares that do not make a whole are refused before anything is evaluated",
        arguments: [
            (#"[{"to": to, "share": 10001}]"#, "a share is 0 to 10000 basis points"),
            (#"[{"to": to, "share": params.most}, {"to": to, "share": "1/3"}]"#, "the shares are more than the whole"),
            (#"[{"to": to, "share": 5000}]"#, "the shares are less than the whole"),
            (#"[{"to": to, "share": "remaining"}, {"to": to, "share": "remaining"}]"#, "only one share"),
        ])
    func constantShares(shares: String, message: String) throws {
        let bench = try WalletBench()
        var environment = CELEnvironment()
        for function in WalletAgent.functions(bench.state) { environment.declare(function: function) }
        environment.declare(variable: "to", .string)
        environment.declare(variable: "params", .map(.string, .int))
        environment.declare(constant: "params", .map(MapValue([("most", .int(7000))])))
        do {
            _ = try environment.compile("allot(100, \(shares))")
            Issue.record("compiled")
        } catch {
            let first = try #require(error.diagnostics.first)
            #expect(first.message.utf8.starts(with: message.utf8))
        }
    }

    @Test("rows of the wallet come back from their stored form as they were")
    func stored() throws {
        let bench = try WalletBench()
        try deposit(100, to: "wallet/U-1/PKR", bench)
        let hold = Transfer(
            id: "", debitAccount: "wallet/U-1/PKR", creditAccount: "escrow/O-1/PKR", amount: Amount(40), currency: pkr,
            timeoutSeconds: 9, flags: [.pending, .closingDebit])
        guard case .posted(let list) = try bench.post([hold], at: now) else {
            Issue.record("refused")
            return
        }
        try bench.fold(list, purpose: "escrow.hold", reference: "O-1", at: now)
        let account = try #require(bench.state.accounts["wallet/U-1/PKR"])
        var accountReader = RowReader(try #require(bench.state.accounts.encoded("wallet/U-1/PKR")))
        #expect(try AccountRow.decode(from: &accountReader).account == account.account)
        #expect(account.account.isClosed && account.account.debitsPending == Total(Amount(40)))
        let row = try #require(bench.state.pendingTransfers[bench.id(0)])
        var reader = RowReader(try #require(bench.state.pendingTransfers.encoded(bench.id(0))))
        let read = try PendingRow.decode(from: &reader)
        #expect(read.flags == row.flags && read.due == row.due && read.status == .pending && read.reference == "O-1")
    }
}
