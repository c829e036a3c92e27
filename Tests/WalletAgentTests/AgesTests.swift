import AgentKit
import EngineTestSupport
import Testing

@Suite("how old the money of an account is")
struct AgesTests {
    /// A ledger in which Ali has 1000 that came through the bank, and 1000 that can be called back.
    private func bench() throws -> Bench {
        let bench = try Bench.shipped()
        for user in ["U-ali", "U-omar"] {
            try bench.send(
                "user.registered", #"{"userId":"\#(user)","role":"buyer","area":"gulberg"}"#, at: "2024-02-15T09:00:00Z"
            )
        }
        for provider in ["bank", "jazzcash"] {
            try bench.send(
                "wallet.deposited",
                #"{"depositId":"D-1","userId":"U-ali","amount":1000,"currency":"PKR","provider":"\#(provider)"}"#)
        }
        return bench
    }

    private func recent(_ user: String, _ bench: Bench) -> Int64? {
        bench.number("recent", of: "wallet/\(user)/PKR", in: "accounts")
    }

    private func transfer(_ bench: Bench, _ members: String, _ number: Int) throws -> [Bench.Line] {
        try bench.send(
            "admin.override",
            #"{"overrideId":"A-\#(number)","corrects":"0000000000000001","because":"test","emit":[{"type":"transfer.requested","data":"#
                + #"{"purpose":"service.hold","reference":"R-1","transfers":[{"debitAccount":"wallet/U-ali/PKR""#
                + #","creditAccount":"wallet/U-omar/PKR","currency":"PKR",\#(members)}]}}]}"#)
    }

    @Test("of a pending transfer that is posted in part the old goes first and the rest comes back as it was")
    func part() throws {
        let bench = try bench()
        #expect(recent("U-ali", bench) == 1000)
        let held = try transfer(bench, #""amount":1500,"flags":["pending"]"#, 1)
        #expect(recent("U-ali", bench) == 500)
        let id = try #require(held.first { $0.type == "transfer.requested" }?.document.root["sequence"]?.string)
        _ = try transfer(
            bench, #""amount":1200,"pendingId":"\#(id)/0","flags":["postPendingTransfer"]"#, 2)
        #expect(recent("U-omar", bench) == 200)
        #expect(recent("U-ali", bench) == 800)
        #expect(bench.balance(of: "wallet/U-ali/PKR") == 800)
    }

    @Test("many amounts of different ages stay few: the oldest count from the moment of the younger")
    func many() throws {
        let bench = try bench()
        for number in 1...1100 {
            let minute = String(format: number / 60 % 60), hour = 10 + number / 3600
            try bench.send(
                "wallet.deposited",
                #"{"depositId":"E-\#(number)","userId":"U-omar","amount":1,"currency":"PKR","provider":"jazzcash"}"#,
                at: "2024-02-15T\(hour):\(minute):\(String(format: number % 60))Z")
        }
        #expect(recent("U-omar", bench) == 1100)
        let early = try bench.send(
            "wallet.withdrawal.requested", #"{"withdrawalId":"W-1","userId":"U-omar","amount":1,"currency":"PKR"}"#,
            at: "2024-02-20T10:01:00Z")
        #expect(early.last?.data.contains("not_matured") == true)
        let late = try bench.send(
            "wallet.withdrawal.requested", #"{"withdrawalId":"W-2","userId":"U-omar","amount":1100,"currency":"PKR"}"#,
            at: "2024-02-20T10:20:00Z")
        #expect(late.types.contains("withdrawal.accepted"))
        #expect(recent("U-omar", bench) == 0)
    }
}

extension String {
    /// Writes a number in two digits.
    fileprivate init(format number: Int) { self = (number < 10 ? "0" : "") + String(number) }
}
