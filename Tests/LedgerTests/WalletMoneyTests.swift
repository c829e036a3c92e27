import AgentKit
import Ledger
import Testing
import WalletAgent

/// The treatment of amounts by the wallet's functions.
@Suite struct WalletMoneyTests {
    private func evaluate(_ source: String, _ bench: WalletBench) throws -> Value {
        var environment = Environment()
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
