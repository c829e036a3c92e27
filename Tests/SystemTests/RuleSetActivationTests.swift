import Foundation
import TestSupport
import Testing

@Suite("Rule sets are put in force while clients append", .ownThreads)
struct RuleSetActivationTests {
    private static let clients = 3
    private static let batch = 5
    /// Events that are answered before and after each change.
    private static let share = 100

    private struct Listing: Decodable {
        struct Item: Decodable { let activated: Int, digest: String }
        let active: String?, rulesets: [Item]
    }

    /// A service with users who have money, and the digest of its rules.
    private func service() throws -> (ledger: TestLedger, digest: String) {
        let ledger = try TestLedger(clock: "system")
        try ledger.startService()
        let setUp = try ledger.send("append", "--batch", "100", "-", input: Traffic.setUp.joined(separator: "\n"))
        try #require(setUp.status == 0, "\(setUp.messages)\(setUp.output)")
        let listing = try listing(ledger)
        #expect(listing.rulesets.count == 1)
        return (ledger, try #require(listing.active))
    }

    private func listing(_ ledger: TestLedger) throws -> Listing {
        try JSONDecoder().decode(Listing.self, from: Data(try HTTPExchange(ledger.socket).body("/v1/rulesets").utf8))
    }

    private func go(on load: PaymentLoad) async throws {
        let target = load.count + Self.share
        try await Patience.wait(for: "answers") { load.count >= target || !load.failures.isEmpty }
        #expect(load.failures.isEmpty)
    }

    /// Every answered event is in the log at its place, and no other of them.
    private func expectNothingLost(_ answers: [PaymentLoad.Answer], _ entries: [LogEntry]) throws {
        let payments = entries.filter { $0.type == "wallet.payment.requested" }
        #expect(payments.count == answers.count)
        #expect(Set(answers.map(\.id)).count == answers.count)
        for answer in answers {
            try #require(answer.sequence < entries.count)
            #expect(entries[answer.sequence].id == answer.id && answer.status == "appended")
        }
    }

    @Test("one in error is refused with its diagnostics, the one in force stays, and no append is lost")
    func inError() async throws {
        let (ledger, digest) = try service()
        let load = PaymentLoad(ledger.socket, clients: Self.clients, batch: Self.batch)
        try await go(on: load)
        let wrong = try RuleCopy(replacing: "data.fromUserId", with: "data.fromUser", in: "wallet.yaml")
        for _ in 0..<2 {
            let refused = try ledger.send("rules", "activate", wrong.path)
            #expect(refused.status == 1)
            #expect(refused.messages.contains(/wallet\.yaml:\d+:\d+: .*fromUser/), "\(refused.messages)")
            #expect(refused.messages.contains("did you mean `fromUserId`"), "\(refused.messages)")
            #expect(refused.messages.contains("^"))
            try await go(on: load)
        }
        let body = try JSONSerialization.data(withJSONObject: ["files": ["wallet.yaml": "agent: wallet\nrules: 5\n"]])
        let answer = try HTTPExchange(ledger.socket).send(
            "POST /v1/rulesets HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\n"
                + "Content-Length: \(body.count)\r\nConnection: close\r\n\r\n" + String(decoding: body, as: UTF8.self))
        #expect(answer.hasPrefix("HTTP/1.1 422"), "\(answer)")
        #expect(answer.contains("application/problem+json") && answer.contains("wallet.yaml:"))
        let answers = load.stop()
        #expect(load.failures.isEmpty)
        #expect(try listing(ledger).active == digest)
        #expect(try ledger.stopService() == 0)

        let entries = try LogEntry.read(ledger.exportedLog())
        try expectNothingLost(answers, entries)
        #expect(entries.filter { $0.type == "ruleset.activated" }.count == 1)
        #expect(entries.allSatisfy { $0.ruleset == nil || $0.ruleset == digest })
    }

    @Test("entries before it are decided by the old one, entries after it by the new, and an earlier one comes back")
    func inForce() async throws {
        let (ledger, digest) = try service()
        let rules = try RuleCopy(replacing: "} paid {", with: "} has paid {", in: "wallet.yaml")
        let load = PaymentLoad(ledger.socket, clients: Self.clients, batch: Self.batch)
        try await go(on: load)
        let activated = try ledger.send("rules", "activate", rules.path)
        try #require(activated.status == 0, "\(activated.messages)")
        let other = activated.output.trimmingCharacters(in: .newlines)
        #expect(other != digest)
        try await go(on: load)
        #expect(try ledger.send("rules", "activate", rules.path).messages.contains("in force already"))
        let back = try ledger.send("rules", "activate", "--digest", String(digest.prefix(12)))
        #expect(back.status == 0, "\(back.messages)")
        #expect(back.output == digest + "\n")
        try await go(on: load)
        let answers = load.stop()
        #expect(load.failures.isEmpty)
        #expect(try listing(ledger).active == digest)
        #expect(try ledger.stopService() == 0)

        let entries = try LogEntry.read(ledger.exportedLog())
        try expectNothingLost(answers, entries)
        let places = entries.filter { $0.type == "ruleset.activated" }.map(\.number)
        try #require(places.count == 3)
        // Only the file that changed was recorded again.
        #expect(entries[places[1]...].filter { $0.type == "ruleset.file.added" }.isEmpty)
        for entry in entries where entry.rule == "wallet/pay" {
            let isOther = entry.number > places[1] && entry.number < places[2]
            #expect(entry.ruleset == (isOther ? other : digest), "\(entry.number)")
            #expect(entry.because == (isOther ? "U-1 has paid U-2" : "U-1 paid U-2"), "\(entry.number)")
        }
        for answer in answers {
            let words = answer.sequence > places[1] && answer.sequence < places[2] ? "U-1 has paid U-2" : "U-1 paid U-2"
            #expect(answer.decisions.map(\.because) == [words], "\(answer.sequence)")
        }
        #expect(try ledger.run("verify", "--key", ledger.key).status == 0)
        try expectShown(ledger, digest, other, rules)
    }

    /// `rules show` gives back every rule set as it was written, `rules diff` says in words what changed.
    private func expectShown(_ ledger: TestLedger, _ digest: String, _ other: String, _ rules: RuleCopy) throws {
        for (digest, folder) in [(digest, Docket.rules), (other, rules.path)] {
            #expect(try ledger.run("rules", "show", String(digest.prefix(10))).output.hasPrefix(digest))
            for name in ["wallet.yaml", "order.yaml"] {
                let shown = try ledger.run("rules", "show", digest, "--file", name)
                #expect(shown.status == 0, "\(shown.messages)")
                #expect(shown.output == (try String(contentsOfFile: folder + "/" + name, encoding: .utf8)), "\(name)")
            }
        }
        #expect(try ledger.run("rules", "show", digest).output.contains("in force since #"))
        #expect(try ledger.run("rules", "show", other).output.contains("was in force since #"))
        #expect(try ledger.run("rules", "show", "0000").status == 1)
        let diff = try Docket.binary.run("rules", "diff", Docket.rules, rules.path)
        #expect(diff.status == 1)
        #expect(diff.output.contains("rule `wallet/pay` has changed: `because`"), "\(diff.output)")
    }

    @Test("with a time it is in force from the first event at or after it, and is listed before")
    func effectiveFrom() throws {
        let ledger = try TestLedger()
        try ledger.startService()
        func pay(_ id: String, at time: String) throws -> String {
            let event =
                #"{"specversion":"1.0","id":"\#(id)","source":"/test","type":"wallet.deposited","time":"\#(time)""#
                + #","data":{"depositId":"\#(id)","userId":"U-1","amount":5,"currency":"PKR","provider":"bank"}}"#
            let result = try ledger.send("append", "--json", "-", input: event)
            try #require(result.status == 0, "\(result.output)\(result.messages)")
            return result.output
        }
        let user =
            #"{"specversion":"1.0","id":"u","source":"/test","type":"user.registered","time":"2024-02-15T09:00:00Z""#
            + #","data":{"userId":"U-1","role":"buyer","area":"town"}}"#
        #expect(try ledger.send("append", "-", input: user).status == 0)
        #expect(try pay("D-1", at: "2024-02-15T09:00:00Z").contains("PKR 0.05 arrived"))
        let rules = try RuleCopy(replacing: "} arrived through {", with: "} came in through {", in: "wallet.yaml")
        let activated = try ledger.send(
            "rules", "activate", rules.path, "--effective-from", "2024-02-15T17:00:00+05:00")
        #expect(activated.status == 0, "\(activated.messages)")
        #expect(activated.messages.contains("2024-02-15T12:00:00.000Z"), "\(activated.messages)")
        #expect(try listing(ledger).rulesets.count == 2)
        #expect(try listing(ledger).active != activated.output.trimmingCharacters(in: .newlines))
        #expect(try pay("D-2", at: "2024-02-15T11:59:59.999Z").contains("PKR 0.05 arrived"))
        #expect(try pay("D-3", at: "2024-02-15T12:00:00Z").contains("PKR 0.05 came in"))
        #expect(try listing(ledger).active == activated.output.trimmingCharacters(in: .newlines))
        #expect(try pay("D-4", at: "2024-02-15T12:00:01Z").contains("PKR 0.05 came in"))
        #expect(try ledger.stopService() == 0)
    }
}
