import Foundation
import TestSupport
import Testing

/// Agents that are rule files alone, put in force in a running service by another process.
@Suite("Agents that are rule files alone", .ownThreads)
struct RuleAgentTests {
    /// The parts of Sources/README.md between fences marked `yaml`: the gift agent's rules, and their tests.
    private func page() throws -> [String] {
        let text = try String(contentsOfFile: Docket.package + "/Sources/README.md", encoding: .utf8)
        return text.matches(of: /(?ms)^```yaml\n(.*?)^```/).map { String($0.1) }
    }

    /// The package's rules with both agents.
    private func rules() throws -> RuleCopy {
        let rules = try RuleCopy()
        let page = try page()
        try rules.write(try #require(page.first), to: "gift.yaml")
        try rules.write(try #require(page.dropFirst().first), to: "tests/gift-promising.yaml")
        for name in ["loyalty.yaml", "tests/loyalty-tiers.yaml"] {
            try rules.write(
                try String(contentsOfFile: Docket.package + "/Tests/SystemTests/RuleAgents/" + name, encoding: .utf8),
                to: name)
        }
        return rules
    }

    @Test("the page's gift agent and the loyalty club are without error, laid out, and their tests cover them")
    func checked() throws {
        let rules = try rules()
        let checked = try Docket.binary.run("rules", "check", rules.path)
        #expect(checked.status == 0, "\(checked.output)\(checked.messages)")
        #expect(!checked.messages.contains("warning"), "\(checked.messages)")
        let layout = try Docket.binary.run("rules", "format", "--check", rules.path)
        #expect(layout.status == 0, "\(layout.output)")
        try rules.removeTests { !$0.hasPrefix("gift") && !$0.hasPrefix("loyalty") }
        let tested = try Docket.binary.run("rules", "test", rules.path)
        #expect(tested.status == 0, "\(tested.output)")
        let missed = tested.lines.filter { $0.contains(" gift/") || $0.contains(" loyalty/") }
        #expect(missed.map { $0.drop { $0 == " " } } == ["gift/lapse: `data.name == \"lapse\"` does not hold"])
    }

    @Test("rules new starts an agent that is checked, laid out and tested as it is, alone and beside others")
    func start() throws {
        let folder = try TemporaryDirectory("docket-new")
        let beside = try RuleCopy()
        try beside.removeTests { _ in true }
        for (rules, agent) in [(folder.file("alone"), "gift"), (beside.path, "gift_card")] {
            let made = try Docket.binary.run("rules", "new", agent, "--rules", rules, "--class", "analytics")
            #expect(made.status == 0, "\(made.messages)")
            #expect(try Docket.binary.run("rules", "new", agent, "--rules", rules).status == 1)
            let checked = try Docket.binary.run("rules", "check", rules)
            #expect(
                checked.status == 0 && !checked.messages.contains("warning"), "\(checked.output)\(checked.messages)")
            #expect(try Docket.binary.run("rules", "format", "--check", rules).status == 0)
            let tested = try Docket.binary.run("rules", "test", rules)
            #expect(tested.status == 0, "\(tested.output)")
            let missed = tested.lines.filter { $0.contains(" " + agent + "/") && !$0.contains("/lapse: ") }
            #expect(missed == [], "\(tested.output)")
        }
        for (agent, message) in [
            ("complant", "did you mean `complaint`? A new one needs `--class`"),
            ("Gift", "is not a valid name for an agent"),
            ("9", "is not a valid name for an agent"),
            ("user", "an agent cannot be named `user` here: duplicate key `userId`"),
            ("timer", "an agent cannot be named `timer` here: "),
            ("event", "an agent cannot be named `event` here: "),
        ] {
            let refused = try Docket.binary.run("rules", "new", agent, "--rules", folder.file("none"))
            #expect(refused.status == 1 && refused.messages.contains(message), "\(refused.messages)")
        }
        // The name of `let` in order.yaml would hide the agent.
        let taken = try Docket.binary.run("rules", "new", "product", "--rules", beside.path)
        #expect(taken.status == 1 && taken.messages.contains("cannot be named `product` here"), "\(taken.messages)")
        #expect(try Docket.binary.run("rules", "check", beside.path).status == 0)
        let wrong = try Docket.binary.run("rules", "new", "gift", "--rules", folder.file("none"), "--class", "high")
        #expect(wrong.status == 1 && wrong.messages.contains("unknown class `high`"), "\(wrong.messages)")
    }

    // MARK: In a running service

    private func append(_ ledger: TestLedger, _ events: [String]) throws -> [AppendLine] {
        let sent = try ledger.send("append", "--json", "-", input: events.joined(separator: "\n"))
        try #require(sent.status == 0, "\(sent.output)\(sent.messages)")
        return try AppendLine.read(sent.output)
    }

    private func event(_ id: String, _ type: String, _ data: String, at time: String? = nil) -> String {
        let time = time.map { #","time":"\#($0)""# } ?? ""
        return #"{"specversion":"1.0","id":"\#(id)","source":"/test","type":"\#(type)"\#(time),"data":{\#(data)}}"#
    }

    private func order(_ id: String, _ amount: Int, at time: String? = nil) -> [String] {
        let placed =
            #""orderId":"\#(id)","buyerId":"U-1","sellerId":"U-seller","productId":"P-1","quantity":\#(amount / Traffic.price)"#
            + #","amount":\#(amount),"currency":"PKR","paymentMethod":"wallet","area":"town","delivery":"self""#
        return [
            event("p-" + id, "order.placed", placed, at: time),
            event("d-" + id, "order.delivered", #""orderId":"\#(id)""#),
            event("c-" + id, "order.completed", #""orderId":"\#(id)""#),
        ]
    }

    /// A ledger whose service decided on gifts and loyalty, and was killed in between.
    private func used(isFixed: Bool = false) throws -> TestLedger {
        let ledger = try TestLedger(isFixed: isFixed)
        try ledger.startService()
        _ = try append(
            ledger, [event("first", "area.registered", #""area":"land""#, at: "2024-02-15T09:00:00Z")] + Traffic.setUp)
        let early = try ledger.send("append", "-", input: event("g-0", "gift.sent", #""giftId":"G-1""#))
        #expect(early.status == 1 && early.output.contains("gift.sent"), "\(early.output)\(early.messages)")

        let rules = try rules()
        let tried = try ledger.send("rules", "activate", "--dry-run", rules.path)
        #expect(tried.status == 0, "\(tried.messages)")
        let activated = try ledger.send("rules", "activate", rules.path)
        try #require(activated.status == 0, "\(activated.messages)")
        _ = try append(
            ledger,
            [
                event("g-1", "gift.promised", #""giftId":"G-1","fromUserId":"U-1","toUserId":"U-2""#),
                event(
                    "g-2", "gift.promised",
                    #""giftId":"G-2","fromUserId":"U-3","toUserId":"U-2","worth":5000,"currency":"PKR""#),
                event("g-3", "gift.promised", #""giftId":"G-3","fromUserId":"U-1","toUserId":"U-none""#),
                event("g-4", "gift.sent", #""giftId":"G-2""#), event("g-5", "gift.sent", #""giftId":"G-2""#),
                event("l-1", "loyalty.joined", #""userId":"U-1""#),
            ] + order("O-1", 1_000_000))
        try ledger.killService()
        try ledger.startService()
        _ = try append(ledger, order("O-2", 2_500_000, at: "2024-02-16T10:00:00Z"))
        return ledger
    }

    private func record(_ ledger: TestLedger, _ name: String) throws -> String {
        try HTTPExchange(ledger.socket).body("/v1/projections/" + name)
    }

    private struct Member: Decodable {
        let lastOrder: String
        let orders: Int
        let points: Int
        let spent: Int
        let tier: String
    }

    private func member(_ ledger: TestLedger, _ id: String) throws -> Member {
        try JSONDecoder().decode(Member.self, from: Data(try record(ledger, "members/" + id).utf8))
    }

    @Test("they are used over the socket, read, explained, and there again after kill -9")
    func life() throws {
        let ledger = try used()
        #expect(try record(ledger, "gifts/G-1") == #"{"fromUserId":"U-1","open":false,"toUserId":"U-2"}"#)
        #expect(
            try record(ledger, "gifts/G-2")
                == #"{"currency":"PKR","fromUserId":"U-3","open":false,"toUserId":"U-2","worth":5000}"#)
        #expect(try record(ledger, "gifts/G-1?at=2024-02-15T10:00:00Z").contains(#""open":true"#))
        let missing = try HTTPExchange(ledger.socket).send(
            "GET /v1/projections/gifts/G-3 HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n")
        #expect(missing.hasPrefix("HTTP/1.1 404"), "\(missing)")
        let bought = try member(ledger, "U-1")
        #expect(bought.orders == 2 && bought.lastOrder == "O-2" && bought.spent == 3_500_000)
        #expect(bought.points == 350 && bought.tier == "gold")

        #expect(try ledger.run("show", "gift:G-1", "--json").output.contains(#""open":false"#))
        #expect(try ledger.run("show", "gifts:G-1").status == 0)
        #expect(try ledger.run("show", "gifts:G-9").status == 1)
        #expect(try ledger.run("show", "gifts:G-1", "--at", "3").status == 2)
        #expect(try ledger.run("replay", "--subject", "gift:G-1").output.contains("U-1 owes U-2 a gift"))

        let entries = try LogEntry.read(ledger.exportedLog())
        let promised = try #require(entries.last { $0.type == "gift.accepted" })
        #expect(promised.because == "U-3 has 1 day to send it; U-2 was promised 1 before")
        let explained = try ledger.run("explain", "\(promised.number)", "--json").output
        #expect(explained.contains(#""recomputed":true"#) && explained.contains("gift/promise"), "\(explained)")
        let page = try ledger.run("explain", "\(promised.number)").output
        #expect(page.contains("gift/promise 1.0.0"), "\(page)")
        for type in ["gift.lapsed", "loyalty.points.earned", "loyalty.tier.changed", "gift.refused"] {
            let entry = try #require(entries.last { $0.type == type }, "\(type)")
            #expect(try ledger.run("explain", "\(entry.number)", "--json").output.contains(#""recomputed":true"#))
        }
        #expect(entries.filter { $0.type == "gift.refused" }.count == 2)
        #expect(try ledger.stopService() == 0)
        #expect(try ledger.run("verify", "--key", ledger.key).status == 0)
    }

    /// Every record of the declared tables, folded from the log alone.
    private func folded(_ ledger: TestLedger) throws -> String {
        try ["gifts", "members", "earnings"].map { name in
            let result = try ledger.run("replay", "--json", "--projection", name)
            try #require(result.status == 0, "\(result.messages)")
            return result.output
        }.joined()
    }

    @Test("tier and points go by with time, and the log alone gives the same rows, with views and without")
    func time() throws {
        let ledger = try used()
        func later(_ id: String, _ time: String) throws {
            _ = try append(ledger, [event(id, "area.registered", #""area":"\#(id)""#, at: time)])
        }
        try later("t-1", "2025-02-14T09:00:00Z")
        #expect(try member(ledger, "U-1").points == 250)
        #expect(try member(ledger, "U-1").tier == "gold")
        try later("t-2", "2025-03-16T09:00:00Z")
        // The second order's points went a day later, and with them the month began anew.
        #expect(try member(ledger, "U-1").points == 0)
        #expect(try member(ledger, "U-1").tier == "gold")
        try later("t-3", "2025-03-17T10:00:00Z")
        #expect(try member(ledger, "U-1").points == 0)
        #expect(try member(ledger, "U-1").tier == "basic")
        let rows = try folded(ledger)
        #expect(rows.split(separator: "\n").count == 3, "\(rows)")
        #expect(try ledger.stopService() == 0)
        try FileManager.default.removeItem(atPath: ledger.data + "/views")
        try ledger.startService()
        #expect(try record(ledger, "members/U-1").contains(#""tier":"basic""#))
        #expect(try folded(ledger) == rows)
        #expect(try ledger.stopService() == 0)
    }

    @Test("two services on the same history write the same bytes")
    func determinism() throws {
        let first = try used(isFixed: true), second = try used(isFixed: true)
        for ledger in [first, second] { #expect(try ledger.stopService() == 0) }
        let log = try first.exportedLog()
        #expect(log.contains("loyalty.tier.changed") && log.contains("gift.lapsed"))
        #expect(try second.exportedLog() == log)
        #expect(try folded(first) == (try folded(second)))
    }

    @Test(
        "a rule set that retypes a member of a table that is kept is refused with its place, and one that adds is not")
    func changed() throws {
        let ledger = try used()
        let rules = try rules()
        try rules.replace("toUserId: id, open: bool", with: "toUserId: id, open: string", in: "gift.yaml")
        try rules.replace("open: 'true'", with: "open: '\"yes\"'", in: "gift.yaml")
        try rules.replace("open: 'false'", with: "open: '\"no\"'", in: "gift.yaml")
        try rules.replace("'!gifts[data.giftId].open'", with: #"'gifts[data.giftId].open == "no"'"#, in: "gift.yaml")
        #expect(try Docket.binary.run("rules", "check", rules.path).status == 0)
        for option in [["--dry-run"], []] {
            let refused = try ledger.docket.run(["rules", "activate", rules.path, "--socket", ledger.socket] + option)
            #expect(refused.status == 1)
            #expect(
                refused.messages.contains(
                    /gift\.yaml:\d+:\d+: `open` of `gifts` was `bool`: rows that are there keep that type/),
                "\(refused.messages)")
        }
        let wider = try self.rules()
        try wider.replace("toUserId: id, open: bool", with: "toUserId: id, open: bool, thanks: int", in: "gift.yaml")
        try wider.replace("worth, open: 'true']", with: "worth, open: 'true', thanks: 1]", in: "gift.yaml")
        let before = try self.rules()
        let diff = try Docket.binary.run("rules", "diff", before.path, wider.path)
        #expect(diff.output.contains("table `gifts` was of `gift` by `giftId`"), "\(diff.output)")
        #expect(try ledger.send("rules", "activate", wider.path).status == 0)
        let widened = try record(ledger, "gifts/G-1")
        #expect(widened.contains(#""thanks":0"#), "\(widened)")
        let gone = try ledger.send("rules", "activate", Docket.rules)
        #expect(gone.status == 0, "\(gone.messages)")
        let missing = try HTTPExchange(ledger.socket).send(
            "GET /v1/projections/gifts/G-1 HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n")
        #expect(missing.contains("there is no projection `gifts`"), "\(missing)")
        #expect(try ledger.send("rules", "activate", rules.path).status == 0)
        #expect(try ledger.stopService() == 0)
        #expect(try folded(ledger) == "")
        #expect(try ledger.run("verify", "--key", ledger.key).status == 0)
    }
}
