import AgentKit
import Engine
import EngineTestSupport
import Ledger
import Testing
import WalletAgent

/// Amounts from the event to the ledger.
@Suite struct MoneyTests {
    private let rules = [
        "currencies.yaml": "PKR: 2\nUSD: 2\n",
        "wallet.yaml": """
        agent: wallet
        version: 1.0.0
        triggers:
          test.deposited: {userId: id, amount: money}
          test.added: {userId: id, amount: money, to: "{account: string}"}
          test.tipped: {userId: id, tip: optional money}
        decisions:
          transfer.posted: {requested: string, purpose: string, reference: string, transfers: ["*posted"]}
          test.sum: {sum: money}
          test.mixed: {amount: money, zone: money}
          test.failed: {code: string, amount: money}
        rules:
          - id: deposit
            on: test.deposited
            let:
              outcome: post("gateway/bank", "wallet/" + data.userId, data.amount)
            when: outcome.ok
            because: "{data.amount} for {data.userId}"
            emit:
              - transfer.posted:
                  {requested: event.sequence, purpose: '"deposit"', reference: data.userId, transfers: outcome.transfers}
          - id: add
            on: test.added
            emit:
              - test.sum: {sum: data.amount + available(data.to.account)}
          - id: mix
            on: test.tipped
            when: has(data.tip)
            emit:
              - test.mixed: {amount: 'available("wallet/U-1/PKR")', zone: data.tip}
            onError:
              - test.failed: {code: '"two currencies"', amount: data.tip}
        """,
    ]

    private func send(_ bench: Bench, _ type: String, _ data: String) throws -> [String] {
        try bench.send(type, data).dropFirst().map(\.description)
    }

    @Test("an amount is checked on arrival, moves in its currency, and is added to what an account holds")
    func life() throws {
        let bench = try Bench(rules)
        let posted = try send(bench, "test.deposited", #"{"userId":"U-1","amount":500,"currency":"PKR"}"#)
        #expect(
            posted.count == 1 && posted[0].contains(#""amount":500,"creditAccount":"wallet/U-1/PKR","currency":"PKR""#))
        #expect(bench.balance(of: "wallet/U-1/PKR") == 500)
        #expect(
            try send(
                bench, "test.added", #"{"userId":"U-1","amount":20,"currency":"PKR","to":{"account":"wallet/U-1/PKR"}}"#
            )
                == [#"test.sum {"currency":"PKR","sum":520}"#])
        #expect(throws: Problem.self) { try bench.send("test.deposited", #"{"userId":"U-1","amount":500}"#) }
        #expect(throws: Problem.self) {
            try bench.send("test.deposited", #"{"userId":"U-1","amount":-1,"currency":"PKR"}"#)
        }
        #expect(throws: Problem.self) { try bench.send("test.tipped", #"{"userId":"U-1","currency":"PKR"}"#) }
    }

    @Test("a sum across currencies is an entry of its own with code `currency`, and nothing is decided")
    func failure() throws {
        let bench = try Bench(rules)
        let lines = try send(
            bench, "test.added", #"{"userId":"U-1","amount":20,"currency":"PKR","to":{"account":"wallet/U-1/USD"}}"#)
        #expect(lines.first == #"agent.failed {"agent":"wallet","code":"currency","rule":"wallet/add"}"#)
        #expect(lines.count == 2 && lines[1].hasPrefix("alert.raised"))
    }

    @Test("a decision of two currencies is not made, and the rule's `onError` stands in")
    func mixed() throws {
        let bench = try Bench(rules)
        _ = try bench.send("test.deposited", #"{"userId":"U-1","amount":500,"currency":"PKR"}"#)
        #expect(
            try send(bench, "test.tipped", #"{"userId":"U-1","tip":5,"currency":"USD"}"#)
                == [#"test.failed {"amount":5,"code":"two currencies","currency":"USD"}"#])
        #expect(
            try send(bench, "test.tipped", #"{"userId":"U-1","tip":5,"currency":"PKR"}"#)
                == [#"test.mixed {"amount":500,"currency":"PKR","zone":5}"#])
        #expect(try send(bench, "test.tipped", #"{"userId":"U-1"}"#) == [])
    }
}

/// The treatment of amounts by the wallet's functions.
@Suite struct WalletMoneyTests {
    private func evaluate(_ source: String, _ bench: WalletBench) throws -> Value {
        var environment = CELEnvironment()
        for function in WalletAgent.functions(bench.state) { environment.declare(function: function) }
        let slot = environment.declare(variable: "five", .money)
        let activation = Activation(slots: 1)
        activation[slot] = Self.money(5, "PKR")
        return try environment.compile(source).evaluate(activation)
    }

    private static func money(_ minorUnits: Int64, _ currency: String) -> Value {
        .money(Money(minorUnits, CurrencyCode(currency)!))
    }

    @Test(
        "an account that is not opened holds nothing in the currency that its path ends in",
        arguments: ["balance", "available"])
    func empty(function: String) throws {
        #expect(try evaluate("\(function)('wallet/U-1/PKR') == five - five", WalletBench()) == .bool(true))
        #expect(try evaluate("\(function)('wallet')", WalletBench()).errorValue?.code == .invalidArgument)
    }

    @Test("post of two accounts and an amount adds the currency to both names")
    func post() throws {
        let transfers = try evaluate(
            "post('gateway/bank', 'wallet/U-1', five).transfers.map(t, t.debitAccount + ' ' + t.creditAccount)[0]",
            WalletBench())
        #expect(transfers == .string("gateway/bank/PKR wallet/U-1/PKR"))
        #expect(
            try evaluate("post('gateway/bank', 'wallet/U-1', -five)", WalletBench()).errorValue?.code
                == .invalidArgument)
    }

    @Test(
        "a list of transfers takes money, or an int beside its currency, and nothing that contradicts itself",
        arguments: [
            ("'amount': five", true), ("'amount': 5, 'currency': 'PKR'", true),
            ("'amount': five, 'currency': 'PKR'", true), ("'amount': five, 'currency': 'USD'", false),
            ("'amount': 5", false),
        ])
    func list(amount: String, isTaken: Bool) throws {
        let source = "post([{'debitAccount': 'gateway/bank/PKR', 'creditAccount': 'wallet/U-1/PKR', \(amount)}]).ok"
        let outcome = try evaluate(source, WalletBench())
        #expect((outcome == .bool(true)) == isTaken)
    }

    @Test("payments are in the currency that is given with them")
    func payments() throws {
        let payment = "[{'from': 'U-1', 'to': 'U-2', 'amount': five}]"
        let bench = try WalletBench()
        #expect(try evaluate("payments(\(payment), 'PKR')[0].amount == five", bench) == .bool(true))
        #expect(try evaluate("payments(\(payment), 'USD')", bench).errorValue?.code == .invalidArgument)
    }

    @Test("allot gives parts of money as money, and of an int as ints")
    func allot() throws {
        let shares = "[{'to': 'a', 'share': 5000}, {'to': 'b', 'share': 'remaining'}]"
        let bench = try WalletBench()
        #expect(
            try evaluate("allot(five, \(shares)).map(p, p.amount)", bench)
                == .list([Self.money(3, "PKR"), Self.money(2, "PKR")]))
        #expect(try evaluate("allot(5, \(shares)).map(p, p.amount)", bench) == .list([.int(3), .int(2)]))
    }

    @Test("the ledger's codes and those of rules are the same", arguments: ["PKR", "EHBGC", "ABCDEFGH", "x9"])
    func codes(text: String) throws {
        let currency = try #require(Currency(text))
        let code = try #require(currency.code)
        #expect(code.text == text && Currency(code) == currency)
        #expect(Currency("ABCDEFGHI")?.code == nil)
    }
}
