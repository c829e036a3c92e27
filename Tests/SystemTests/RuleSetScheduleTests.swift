import Foundation
import TestSupport
import Testing

@Suite("Rule sets come into force at the times that were named for them", .ownThreads)
struct RuleSetScheduleTests {
    private let ledger: TestLedger

    init() throws {
        ledger = try TestLedger()
        try ledger.startService()
        let user =
            #"{"specversion":"1.0","id":"u","source":"/test","type":"user.registered","time":"2024-02-15T09:00:00Z""#
            + #","data":{"userId":"U-1","role":"buyer","area":"town"}}"#
        #expect(try ledger.send("append", "-", input: user).status == 0)
        #expect(try because("D-0", at: "2024-02-15T09:00:00Z").contains("arrived through"))
    }

    private struct Listing: Decodable {
        struct Item: Decodable {
            let activated: Int, digest: String, inForce: Bool, since: String?, effectiveFrom: String?
        }
        struct Scheduled: Decodable { let activated: Int, digest: String, effectiveFrom: String, status: String }
        let active: String, rulesets: [Item], schedule: [Scheduled]
    }

    private func listing() throws -> Listing {
        try JSONDecoder().decode(Listing.self, from: Data(try HTTPExchange(ledger.socket).body("/v1/rulesets").utf8))
    }

    /// Deposits and returns the answer, which holds the rule's reason.
    private func because(_ id: String, at time: String? = nil) throws -> String {
        let time = time.map { #","time":"\#($0)""# } ?? ""
        let event =
            #"{"specversion":"1.0","id":"\#(id)","source":"/test","type":"wallet.deposited"\#(time)"#
            + #","data":{"depositId":"\#(id)","userId":"U-1","amount":5,"currency":"PKR","provider":"bank"}}"#
        let result = try ledger.send("append", "--json", "-", input: event)
        try #require(result.status == 0, "\(result.output)\(result.messages)")
        return result.output
    }

    /// Rules that say `words` where a deposit arrives, in a newer version.
    private func rules(_ words: String) throws -> RuleCopy {
        let rules = try RuleCopy(replacing: "} arrived through {", with: "} \(words) {", in: "wallet.yaml")
        try rules.replace("version: 1.0.0", with: "version: 9.0.0", in: "wallet.yaml")
        return rules
    }

    private func schedule(_ words: String, from time: String) throws -> (digest: String, sequence: Int) {
        let rules = try rules(words)
        let result = try withExtendedLifetime(rules) {
            try ledger.send("rules", "activate", rules.path, "--effective-from", time, "--json")
        }
        try #require(result.status == 0, "\(result.messages)")
        struct Answer: Decodable { let digest: String, sequence: Int }
        let answer = try JSONDecoder().decode(Answer.self, from: Data(result.output.utf8))
        return (answer.digest, answer.sequence)
    }

    @Test("several of them, also after a restart, each listed before and after")
    func several() throws {
        let late = try schedule("came late through", from: "2024-02-15T14:00:00Z")
        let soon = try schedule("came soon through", from: "2024-02-15T17:00:00+05:00")
        var known = try listing()
        #expect(known.schedule.map(\.activated) == [soon.sequence, late.sequence])
        #expect(known.schedule.map(\.effectiveFrom) == ["2024-02-15T12:00:00.000Z", "2024-02-15T14:00:00.000Z"])
        #expect(known.schedule.allSatisfy { $0.status == "scheduled" })
        #expect(known.rulesets.map(\.inForce) == [true, false, false])
        #expect(known.rulesets[1].effectiveFrom == "2024-02-15T12:00:00.000Z" && known.rulesets[1].since == nil)
        let genesis = known.active
        #expect(try ledger.run("rules", "show").output.hasPrefix(genesis))
        #expect(try ledger.run("rules", "show", soon.digest).output.contains("in force from 2024-02-15 17:00:00"))

        for listed in [try ledger.run("rules", "schedule", "list"), try ledger.send("rules", "schedule", "list")] {
            #expect(listed.status == 0, "\(listed.messages)")
            try #require(listed.lines.count == 2)
            #expect(
                listed.lines[0].hasPrefix("#\(soon.sequence)  2024-02-15")
                    && listed.lines[1].hasPrefix("#\(late.sequence) "))
        }
        for shown in [
            try ledger.run("rules", "schedule", "show", "\(late.sequence)"),
            try ledger.send("rules", "schedule", "show", "\(late.sequence)"),
        ] {
            #expect(shown.status == 0 && shown.output.contains(late.digest), "\(shown.messages)")
            #expect(shown.output.contains("wallet.yaml") && shown.output.contains("by local"))
        }
        #expect(try ledger.run("rules", "schedule", "show", "0").status == 1)

        #expect(try because("D-1", at: "2024-02-15T11:59:59.999Z").contains("arrived through"))
        #expect(try ledger.stopService() == 0)
        try ledger.startService()
        #expect(try because("D-2", at: "2024-02-15T12:00:00Z").contains("came soon through"))
        #expect(try because("D-3", at: "2024-02-15T15:00:00Z").contains("came late through"))
        known = try listing()
        #expect(known.active == late.digest && known.schedule.map(\.status) == ["came-into-force", "came-into-force"])
        #expect(known.rulesets.count == 3 && known.rulesets.filter(\.inForce).map(\.digest) == [late.digest])
        #expect(try ledger.run("rules", "schedule", "list").output.isEmpty)
        #expect(try ledger.run("rules", "schedule", "list", "--all").lines.count == 2)
        #expect(try ledger.run("rules", "show").output.hasPrefix(late.digest))
        #expect(try ledger.run("rules", "show", soon.digest).output.contains("was in force since #\(soon.sequence)"))
        #expect(try ledger.stopService() == 0)
        #expect(try ledger.run("verify", "--key", ledger.key).status == 0)
        // What one says of an entry goes by the rule set that decided it.
        #expect(try ledger.run("replay", "--subject", "user:U-1").output.contains("wallet/deposit 9.0.0"))
    }

    @Test("one that is put in force at once leaves the others, and says so")
    func atOnce() throws {
        let later = try schedule("came late through", from: "2024-02-15T14:00:00Z")
        let rules = try rules("came now through")
        let now = try ledger.send("rules", "activate", rules.path)
        #expect(now.status == 0 && now.messages.contains("still scheduled: #\(later.sequence) "), "\(now.messages)")
        #expect(try because("D-1").contains("came now through"))
        let again = try ledger.send("rules", "activate", rules.path)
        #expect(again.messages.contains("in force already") && again.messages.contains("still scheduled"))
        #expect(try because("D-2", at: "2024-02-15T14:00:00Z").contains("came late through"))
        withExtendedLifetime(rules) {}
        #expect(try ledger.stopService() == 0)
    }

    @Test("a cancelled one never does; one that ended cannot be cancelled")
    func cancelled() throws {
        let first = try schedule("came soon through", from: "2024-02-15T12:00:00Z")
        let second = try schedule("came late through", from: "2024-02-15T14:00:00Z")
        let done = try ledger.send("rules", "schedule", "cancel", "\(first.sequence)")
        #expect(done.status == 0, "\(done.messages)")
        #expect(done.output.contains("the schedule of #\(first.sequence) is cancelled"))
        #expect(done.messages.contains("still scheduled: #\(second.sequence) "))
        #expect(try because("D-1", at: "2024-02-15T13:00:00Z").contains("arrived through"))
        #expect(try because("D-2", at: "2024-02-15T14:00:00Z").contains("came late through"))
        for (sequence, reason) in [(first.sequence, "was cancelled already"), (second.sequence, "came into force")] {
            let over = try ledger.send("rules", "schedule", "cancel", "\(sequence)")
            #expect(over.status == 1 && over.messages.contains(reason), "\(over.messages)")
        }
        let http = HTTPExchange(ledger.socket)
        func delete(_ sequence: String) throws -> String {
            try http.send(
                "DELETE /v1/rulesets/schedule/\(sequence) HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n")
        }
        #expect(try delete("\(second.sequence)").hasPrefix("HTTP/1.1 409"))
        #expect(try delete("0").hasPrefix("HTTP/1.1 404"))
        #expect(try delete("soon").hasPrefix("HTTP/1.1 404"))
        #expect(
            try http.send("GET /v1/rulesets/schedule/0 HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n").hasPrefix(
                "HTTP/1.1 405"))
        #expect(try ledger.run("rules", "show", first.digest).output.contains("cancelled"))
        #expect(try listing().rulesets.map(\.digest).contains(first.digest) == false)
        let log = try ledger.run("log", "--type", "ruleset.schedule.cancelled")
        #expect(log.lines.count == 1 && log.output.contains("by local"))
        // Its files are in the log, and it may still be put in force.
        let back = try ledger.send("rules", "activate", "--digest", String(first.digest.prefix(12)))
        #expect(back.status == 0 && back.output == first.digest + "\n", "\(back.messages)")
        #expect(try ledger.stopService() == 0)
    }

    @Test(
        "a time that has come, or is none, is refused",
        arguments: [
            (#""effectiveFrom":"2024-02-15T09:00:00Z""#, 422), (#""effectiveFrom":"2024-02-15T13:00:00+05:00""#, 422),
            (#""effectiveFrom":"tomorrow""#, 400), (#""effectiveFrom":1740000000"#, 400),
            (#""effectivefrom":"2030-01-01T00:00:00Z""#, 400),
        ])
    func refused(member: String, status: Int) throws {
        let files = #""files":{"wallet.yaml":"agent: wallet\nversion: 1.0.0\nrules: []\n"}"#
        let body = "{\(files),\(member)}"
        for query in ["", "?dryRun=true"] {
            let answer = try HTTPExchange(ledger.socket).send(
                "POST /v1/rulesets\(query) HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\n"
                    + "Content-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n" + body)
            #expect(answer.hasPrefix("HTTP/1.1 \(status)"), "\(member): \(answer)")
        }
        #expect(try listing().schedule.isEmpty)
        #expect(try ledger.stopService() == 0)
    }

    @Test("events that only a later rule set declares are taken from its time on, within one request too")
    func types() throws {
        let rules = try RuleCopy(
            replacing: "triggers:\n", with: "triggers:\n  wallet.greeted: {userId: string}\n", in: "wallet.yaml")
        #expect(
            try ledger.send("rules", "activate", rules.path, "--effective-from", "2024-02-15T12:00:00Z").status == 0)
        func greeting(_ id: String, _ time: String) -> String {
            #"{"specversion":"1.0","id":"\#(id)","source":"/test","type":"wallet.greeted"\#(time),"data":{"userId":"U-1"}}"#
        }
        let answer = try HTTPExchange(ledger.socket).post(
            [
                greeting("G-1", ""), greeting("G-2", #","time":"2024-02-15T11:59:59Z""#),
                greeting("G-3", #","time":"2024-02-15T12:00:00Z""#), greeting("G-4", ""),
            ].joined(separator: ","))
        let statuses = answer.matches(of: /"status":"(appended|refused)"/).map { String($0.1) }
        #expect(statuses == ["refused", "refused", "appended", "appended"], "\(answer)")
        #expect(try ledger.stopService() == 0)
    }
}
