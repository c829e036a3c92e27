import AgentKit
import Engine
import Testing

/// Amounts from the door to the ledger.
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

    @Test("an amount is checked at the door, moves in its currency, and is added to what an account holds")
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
