import AgentKit
import Testing

@Suite("totals beyond what JSON carries as a number")
struct GreatTotalsTests {
    private static let most = Amount.greatest.minorUnits

    /// Three users who were paid all that one transfer can carry, and one who got it from each of them.
    private func bench() throws -> Bench {
        let bench = try Bench.shipped()
        for user in ["U-1", "U-2", "U-3", "U-4"] {
            try bench.send(
                "user.registered", #"{"userId":"\#(user)","role":"buyer","area":"gulberg"}"#, at: "2024-02-15T09:00:00Z"
            )
        }
        for user in ["U-1", "U-2", "U-3"] {
            try bench.send(
                "wallet.deposited",
                #"{"depositId":"D-\#(user)","userId":"\#(user)","amount":\#(Self.most),"currency":"PKR","provider":"bank"}"#,
                at: "2024-02-15T09:00:00Z")
            let paid = try bench.send(
                "wallet.payment.requested",
                #"{"paymentId":"P-\#(user)","fromUserId":"\#(user)","toUserId":"U-4","amount":\#(Self.most),"currency":"PKR"}"#
            )
            #expect(paid.types.contains("transfer.posted") && !paid.types.contains("agent.failed"))
        }
        return bench
    }

    @Test("an account goes on receiving and paying, and its totals are decimal texts")
    func goesOn() throws {
        let bench = try bench()
        #expect(bench.text("creditsPosted", of: "wallet/U-4/PKR", in: "accounts") == "27021597764222973")
        #expect(bench.text("debitsPosted", of: "gateway/bank/PKR", in: "accounts") == "27021597764222973")
        let refused = try bench.send(
            "wallet.payment.requested",
            #"{"paymentId":"P-5","fromUserId":"U-1","toUserId":"U-4","amount":1,"currency":"PKR"}"#)
        #expect(refused.types == ["wallet.payment.requested", "transfer.rejected"])
        for number in 1...3 {
            let paid = try bench.send(
                "wallet.payment.requested",
                #"{"paymentId":"P-b\#(number)","fromUserId":"U-4","toUserId":"U-1","amount":\#(Self.most),"currency":"PKR"}"#
            )
            #expect(paid.types == ["wallet.payment.requested", "transfer.posted", "transfer.listed"])
        }
        #expect(bench.text("debitsPosted", of: "wallet/U-4/PKR", in: "accounts") == "27021597764222973")
        #expect(bench.text("creditsPosted", of: "wallet/U-1/PKR", in: "accounts") == "36028797018963964")
        #expect(bench.number("debitsPosted", of: "wallet/U-1/PKR", in: "accounts") == Self.most)
    }

    @Test("days, weeks and months end as ever while figures of theirs are beyond the range")
    func reports() throws {
        let bench = try bench()
        let later = try bench.send(
            "wallet.deposited",
            #"{"depositId":"D-9","userId":"U-9","amount":1,"currency":"PKR","provider":"bank"}"#,
            at: "2024-03-02T09:00:00Z")
        #expect(later.types.filter { $0 == "report.issued" }.count >= 15)
        #expect(!later.types.contains("agent.failed") && !later.types.contains("deadletter.added"))
    }
}
