import AgentKit
import EngineTestSupport
import Testing

@Suite("members that a rule set adds to what the engine reads")
struct AddedMemberTests {
    /// Names of the lengths that members of a transfer or payment have, and of others, which sort before, between and
    /// after them.
    static let names = ["a", "d", "z"].flatMap { first in
        [1, 2, 3, 4, 5, 6, 8, 9, 10, 12, 13, 14].map { first + String(repeating: "q", count: $0 - 1) }
    }

    private static let transfer =
        #""amount": t.amount, "creditAccount": t.creditAccount, "debitAccount": t.debitAccount, "id": t.id"#

    private func rules(_ name: String, _ type: String, _ value: String) -> [String: String] {
        let record =
            "{id: string, debitAccount: string, creditAccount: string, amount: money, "
            + "flags: 'optional [string]', pendingId: optional string, code: optional int, "
            + "timeoutSeconds: optional int, \(name): \(type)}"
        return [
            "currencies.yaml": "PKR: 2\n",
            "wallet.yaml": """
            agent: wallet
            version: 1.0.0
            _posted: \(record)
            triggers:
              test.moved: {to: string, amount: int}
              test.held: {from: string, to: string, amount: int}
              test.paid: {payments: [{from: string, to: string, amount: int, \(name): \(type)}]}
              test.asked: {items: [{debitAccount: string, creditAccount: string, amount: int, currency: string, \(name): \(type)}]}
            decisions:
              transfer.posted: {requested: string, purpose: string, reference: string, transfers: ["*posted"]}
            rules:
              - id: move
                on: test.moved
                let:
                  outcome: post("gateway/bank", "wallet/" + data.to, amountOf(data.amount, "PKR"))
                emit:
                  - transfer.posted: >-
                      {"requested": event.sequence, "purpose": "deposit", "reference": "R",
                       "transfers": outcome.transfers.map(t, {\(Self.transfer), "\(name)": \(value)})}
              - id: hold
                on: test.held
                let:
                  outcome: >-
                    post([{"debitAccount": "wallet/" + data.from + "/PKR", "creditAccount": "escrow/O-1/PKR",
                           "amount": data.amount, "currency": "PKR", "flags": ["pending"]}])
                emit:
                  - transfer.posted: >-
                      {"requested": event.sequence, "purpose": "escrow.hold", "reference": "R",
                       "transfers": outcome.transfers.map(t,
                         {\(Self.transfer), "flags": t.flags, "\(name)": \(value)})}
              - id: pay
                on: test.paid
                let:
                  outcome: post(payments(data.payments, "PKR"))
                emit:
                  - transfer.posted: >-
                      {"requested": event.sequence, "purpose": "payment", "reference": "R",
                       "transfers": outcome.transfers.map(t, {\(Self.transfer), "\(name)": \(value)})}
              - id: ask
                on: test.asked
                let:
                  outcome: post(data.items)
                emit:
                  - transfer.posted: >-
                      {"requested": event.sequence, "purpose": "payment", "reference": "R",
                       "transfers": outcome.transfers.map(t,
                         {\(Self.transfer), "\(name)": has(t.code) || has(t.timeoutSeconds) ? \(value) : \(value)})}
            """,
        ]
    }

    @Test("change no balance, whatever their names", arguments: names)
    func balances(name: String) throws {
        for (type, value, json) in [("string", "\"x\"", "\"wallet/U-9/PKR\""), ("int", "77", "77")] {
            let bench = try Bench(rules(name, type, value))
            try bench.send("test.moved", #"{"to":"U-1","amount":1000}"#)
            #expect(bench.balance(of: "wallet/U-1/PKR") == 1000, "\(name): \(type)")
            try bench.send("test.paid", #"{"payments":[{"from":"U-1","to":"U-2","amount":300,"\#(name)":\#(json)}]}"#)
            #expect(bench.balance(of: "wallet/U-1/PKR") == 700, "\(name): \(type)")
            #expect(bench.balance(of: "wallet/U-2/PKR") == 300, "\(name): \(type)")
            try bench.send(
                "test.asked",
                #"{"items":[{"amount":50,"creditAccount":"wallet/U-1/PKR","currency":"PKR","#
                    + #""debitAccount":"wallet/U-2/PKR","\#(name)":\#(json)}]}"#)
            #expect(bench.balance(of: "wallet/U-2/PKR") == 250, "\(name): \(type)")
            try bench.send("test.held", #"{"from":"U-1","to":"U-2","amount":400}"#)
            #expect(bench.number("debitsPending", of: "wallet/U-1/PKR", in: "accounts") == 400, "\(name): \(type)")
            #expect(bench.balance(of: "wallet/U-1/PKR") == 750 && bench.balance(of: "gateway/bank/PKR") == -1000)
            #expect(bench.lines().types.filter { $0 == "agent.failed" }.isEmpty, "\(bench.lines())")
        }
    }

    @Test("are never left out where the record says that they are there")
    func required() throws {
        var rules = rules("memo", "string", "\"x\"")
        let text = try #require(rules["wallet.yaml"])
        rules["wallet.yaml"] = text.replacing(
            "outcome.transfers.map(t, {\(Self.transfer), \"memo\": \"x\"})",
            with: "outcome.transfers")
        let lines = try Bench(rules).send("test.moved", #"{"to":"U-1","amount":1000}"#)
        #expect(lines.types.contains("agent.failed") && !lines.types.contains("transfer.posted"))
    }
}
