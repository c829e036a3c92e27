import AgentKit
import EngineTestSupport
import Testing

@Suite("debts of one party, however many")
struct DebtsTests {
    private let orders = 200

    /// A ledger with a franchise that let `orders` complaints pass and owes a fine for each.
    private func bench() throws -> Bench {
        let bench = try Bench.shipped(sealing: OpenSealing())
        try bench.send("area.registered", #"{"area":"gulberg"}"#, at: "2024-02-15T09:00:00Z")
        try bench.send(
            "franchise.registered", #"{"franchiseId":"F-1","tier":"sub","area":"gulberg","ownerId":"U-zara"}"#)
        for (user, role) in [("U-ali", "buyer"), ("U-zara", "affiliate")] { try register(user, role, in: bench) }
        try bench.send(
            "wallet.deposited",
            #"{"depositId":"D-1","userId":"U-ali","amount":10000000,"currency":"PKR","provider":"bank"}"#)
        // Each seller is complained about once: more would cost too much trust.
        for number in 1...orders {
            try order("\(number)", 1000, in: bench)
            try bench.send(
                "complaint.submitted",
                #"{"complaintId":"C-\#(number)","orderId":"O-\#(number)","userId":"U-ali","kind":"late","description":"x"}"#
            )
        }
        try bench.send("area.registered", #"{"area":"quetta"}"#, at: "2024-02-15T15:00:00Z")
        try order("big", 100_000, in: bench)
        try bench.send("order.dispatched", #"{"orderId":"O-big"}"#)
        try bench.send("order.delivered", #"{"orderId":"O-big"}"#)
        return bench
    }

    private func register(_ user: String, _ role: String, in bench: Bench) throws {
        try bench.send(
            "user.registered",
            #"{"userId":"\#(user)","role":"\#(role)","area":"gulberg","level":"vip","trustScore":90}"#)
    }

    private func order(_ name: String, _ amount: Int, in bench: Bench) throws {
        try register("U-s\(name)", "seller", in: bench)
        try bench.send(
            "product.listed",
            #"{"productId":"P-\#(name)","sellerId":"U-s\#(name)","title":"Thing","price":\#(amount),"currency":"PKR""#
                + #","stock":9,"category":"things","tags":[],"area":"gulberg"}"#)
        try bench.send(
            "order.placed",
            #"{"orderId":"O-\#(name)","buyerId":"U-ali","sellerId":"U-s\#(name)","productId":"P-\#(name)","quantity":1"#
                + #","amount":\#(amount),"currency":"PKR","paymentMethod":"wallet","area":"gulberg","delivery":"self"}"#
        )
    }

    @Test("all are collected by one entry of the income that covers them")
    func collected() throws {
        let bench = try bench()
        #expect(bench.number("openDebts", of: "franchise/F-1/PKR", in: "accounts") == Int64(orders))
        #expect(bench.balance(of: "owed/franchise/F-1/PKR") == -20 * Int64(orders))
        let settled = try bench.send("order.completed", #"{"orderId":"O-big"}"#)
        #expect(settled.types.filter { $0 == "debt.collected" }.count == orders)
        #expect(settled.filter { $0.data.contains(#""purpose":"debt""#) }.count == 1)
        #expect(bench.number("openDebts", of: "franchise/F-1/PKR", in: "accounts") == 0)
        #expect(bench.balance(of: "owed/franchise/F-1/PKR") == 0)
        #expect(bench.balance(of: "platform/receivables/PKR") == 0)
        #expect(bench.balance(of: "franchise/F-1/PKR") == 5000 - 20 * Int64(orders))
        let types = Set(bench.lines().types)
        #expect(types.isDisjoint(with: ["agent.failed", "deadletter.added"]))
    }
}

@Suite("totals beyond what JSON carries as a number")
struct GreatTotalsTests {
    private static let most = Amount.greatest.minorUnits

    /// A ledger with three users who deposited the greatest amount of a transfer, and one whom each of them paid it.
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
