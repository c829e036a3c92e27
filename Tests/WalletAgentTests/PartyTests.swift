import AgentKit
import EngineTestSupport
import Testing
import WalletAgent

/// Known holders are remembered from payment to payment: the memory must end with whatever it was about.
@Suite("holders of wallets between payments") struct PartyTests {
    private let bench = AgentBench<WalletAgent>()

    init() throws {
        for user in ["U-ali", "U-sana"] {
            try bench.fold("user.recorded", #"{"userId":"\#(user)"}"#)
            try bench.post("deposit", "D-\(user)", [("gateway/bank", "wallet/" + user, 1000)])
        }
    }

    private func pay(from payer: String, to payee: String) throws -> String {
        let accounts = #""debitAccount": "wallet/\#(payer)/PKR", "creditAccount": "wallet/\#(payee)/PKR""#
        let value = try bench.evaluate(
            #"cel.bind(r, pay([{\#(accounts), "amount": 1, "currency": "PKR"}]), r.ok ? "ok" : r.code)"#)
        return value.stringValue ?? value.jsonDescription
    }

    @Test("an erased person is refused though the payment before was taken")
    func erased() throws {
        #expect(try pay(from: "U-ali", to: "U-sana") == "ok")
        try bench.fold("erasure.completed", #"{"requestId":"E-1","userId":"U-sana"}"#)
        #expect(try pay(from: "U-ali", to: "U-sana") == "erased")
        #expect(try pay(from: "U-sana", to: "U-ali") == "erased")
    }

    @Test("an account that takes another's slot in the table, once changes were set aside, is not taken for it")
    func slots() throws {
        #expect(try pay(from: "U-ali", to: "U-sana") == "ok")
        for table in bench.tables.tables { _ = table.rotate() }
        try bench.post("correction", "C-1", [("wallet/U-nobody", "wallet/U-none", 0)])
        try bench.post("correction", "C-2", [("gateway/bank", "wallet/U-nobody", 500)])
        #expect(try pay(from: "U-nobody", to: "U-ali") == "unknown_user")
        #expect(try pay(from: "U-ali", to: "U-none") == "unknown_user")
        #expect(try pay(from: "U-ali", to: "U-sana") == "ok")
    }
}
