import AgentKit
import Audit
import Engine
import EventLog
import JSON
import Rules
import TestSupport
import Testing

@Suite("an explanation of the known history", .ownThreads)
struct ExplanationTests {
    let ledger: ScratchLedger
    let explainer: Explainer

    init() throws {
        ledger = try ScratchLedger.known
        explainer = try Explainer(ledger.log)
    }

    func explain(_ type: String, number: Int = 0) throws -> Explanation {
        try explainer.explain(try ledger.sequences(of: type)[number])
    }

    @Test("of a fine says who, how much, why and when in words and figures")
    func fine() throws {
        let text = try explain("fine.imposed").text
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        #expect(lines[0].hasSuffix("F-zoneone fined PKR 39.98"))
        #expect(lines[1].hasSuffix("16 Feb 2024 21:00 (+05:00)"))
        #expect(lines[2].hasSuffix("decided by the rule complaint/deadline-missed 1.0.0"))
        #expect(lines[4].hasPrefix("COMP-001  U-ali complained: delivery delay"))
        #expect(text.contains("F-zoneone (sub) had 6 hours and did not resolve it; fined PKR 39.98"))
        #expect(text.contains("16 Feb 15:00  U-ali complained: delivery delay"))
    }

    @Test("of the second and the third fine has their tiers, rates and times")
    func laterFines() throws {
        let second = try explain("fine.imposed", number: 1).text
        #expect(second.contains("F-lahore fined PKR 59.97"))
        #expect(second.contains("17 Feb 2024 03:00 (+05:00)"))
        let third = try explain("fine.imposed", number: 2).text
        #expect(third.contains("F-pakistan fined PKR 99.95"))
        #expect(third.contains("17 Feb 2024 09:00 (+05:00)"))
        #expect(third.contains("the complaint is closed as unresolved"))
    }

    @Test("gives the rule as written, its conditions and its variables' values at that moment")
    func rule() throws {
        let explanation = try explain("fine.imposed")
        let rule = try #require(explanation.rule)
        #expect(rule.name == "complaint/deadline-missed")
        #expect(rule.file == "complaint.yaml")
        #expect(rule.text.hasPrefix("id: deadline-missed"))
        #expect(rule.verdict == .acted)
        #expect(rule.conjuncts.map(\.verdict) == [.held, .held, .held])
        let values = Dictionary(uniqueKeysWithValues: rule.variables.map { ($0.name, $0.json ?? "") })
        #expect(values["fine"] == #"{"currency":"PKR","minorUnits":3998}"#)
        #expect(values["rate"] == "200")
        #expect(values["next"] == "\"master\"")
        #expect(explanation.text(verbose: true).contains("placedAt 15 Feb 2024 19:30 (+05:00)"))
        #expect(explanation.text(verbose: true).contains("\n  id: deadline-missed\n"))
    }

    @Test("is for people without CEL and without the rule as written, and says how to see these")
    func plain() throws {
        for sequence in 0..<ledger.log.size where sequence % 5 == 0 {
            let text = try explainer.explain(sequence).text
            for code in [" == ", "&&", "data.", "params.", "The rule as written", "minorUnits"] {
                #expect(!text.contains(code), "entry \(sequence): \(code)")
            }
            #expect(text.hasSuffix("with every condition and value: --verbose\n"))
        }
    }

    @Test("names the parameters that were read, with their values")
    func parameters() throws {
        let rule = try #require(try explain("fine.imposed").rule)
        #expect(rule.parameters.map(\.name) == ["fine.sub", "fineUnit", "reminder", "window"])
        #expect(rule.parameters.map(\.json) == ["200", #""basisPoints""#, #""3600s""#, #""21600s""#])
        let json = try Document(adopting: try explain("fine.imposed").json).root["rule"]?["parameters"]
        #expect(json?.element(0)["value"]?.int == 200)
    }

    @Test("says who receives what of a sum, and what part of what is paid a half is")
    func shares() throws {
        let text = try explain("debt.collected").text
        #expect(text.contains("What it goes back to\n  16 Feb 15:00  U-ali complained: delivery delay"))
        let posted = try explainer.explain(
            try #require(try ledger.sequences(of: "order.settled").first)
        ).text
        #expect(posted.contains("  PKR 3,825.00 from the escrow of ORD-002 to the wallet of U-sana\n"))
        #expect(
            posted.contains(
                "  PKR 19.99 from the account of F-zoneone to the wallet of U-ali, half of PKR 39.98\n"))
    }

    @Test("names the rules that were asked and did not act, with the condition that failed first")
    func others() throws {
        let others = try explain("fine.imposed").others
        let expiry = try #require(others.first { $0.name == "order/expire-unpaid" })
        #expect(expiry.verdict == .didNotHold)
        #expect(expiry.firstFailed == #"data.agent == "order""#)
        #expect(!expiry.concerns)
        let text = try explain("fine.imposed").text
        #expect(!text.contains("order/expire-unpaid"))
        #expect(text.contains("  order/end-wait-for-cash did not act (paid: none)\n"))
        #expect(text.contains("  and 19 other rules, whose conditions do not concern it; --verbose lists them\n"))
    }

    @Test("shows accounts before and after")
    func accounts() throws {
        let refund = try explain("transfer.posted", number: try ledger.sequences(of: "transfer.posted").count - 1)
        #expect(!refund.accounts.isEmpty)
        let submitted = try explain("complaint.submitted")
        let wallet = try #require(submitted.accounts.first { $0.id == "wallet/U-ali/PKR" })
        #expect(wallet.before.balance == 50_100)
        #expect(wallet.after.balance == 250_000)
        #expect(submitted.text.contains(#/  the escrow of ORD-001 +PKR 1,999.00 → PKR 0.00 +escrow/ORD-001/PKR\n/#))
    }

    @Test("follows timers from a complaint to the refund at the end")
    func consequences() throws {
        let types = try explain("complaint.submitted").consequences.map { $0.entry.root["type"]?.string ?? "" }
        #expect(types.count(where: { $0 == "fine.imposed" }) == 3)
        #expect(types.suffix(2) == ["order.refunded", "notification.requested"])
    }

    @Test("derives every entry of the log again, byte for byte")
    func recomputed() throws {
        for sequence in 0..<ledger.log.size {
            let explanation = try explainer.explain(sequence)
            #expect(explanation.isRecomputed, "entry \(sequence)")
            #expect(!explanation.text.isEmpty)
        }
    }

    @Test("never shows what is personal")
    func personal() throws {
        for type in ["complaint.submitted", "user.registered"] {
            let explanation = try explain(type)
            let text = explanation.text + String(decoding: explanation.json, as: UTF8.self)
            for secret in ["promised for yesterday", "Pervez", "pakistan@franchise.test"] {
                #expect(!text.contains(secret))
            }
        }
    }

    @Test("has canonical JSON with stable names")
    func json() throws {
        let explanation = try explain("fine.imposed")
        #expect(isCanonical(explanation.json))
        let root = try Document(adopting: explanation.json).root
        #expect(root["recomputed"]?.bool == true)
        #expect(root["rule"]?["name"]?.string == "complaint/deadline-missed")
        #expect(root["rule"]?["version"]?.string == "1.0.0")
        #expect(root["because"]?.string?.hasPrefix("F-zoneone (sub) had 6 hours") == true)
        #expect(root["entry"]?["type"]?.string == "fine.imposed")
        #expect(root["trigger"]?["type"]?.string == "timer.fired")
        #expect(root["path"]?.count == 3)
        #expect(root["others"]?.count ?? 0 >= 2)
    }

    @Test("of an entry that is not there says how long the log is")
    func absent() throws {
        let error = #expect(throws: ReplayError.self) { try explainer.explain(100_000) }
        #expect(error?.code == .outOfRange)
        #expect(error?.description.contains("which has \(ledger.log.size) entries") == true)
    }
}

@Suite("an explanation of what the clock did", .ownThreads)
struct ScheduleExplanationTests {
    static let rules = """
        agent: verification
        version: 1.0.0
        facts:
          user.recorded: {userId: string, role: string, area: string, referredBy: optional string, tags: "optional [string]", level: optional string, trustScore: optional int}
          test.noted: {n: int}
        decisions:
          test.seen: {userId: string, date: string}
        rules:
          - id: look-at-each
            on: schedule.daily
            over: users
            when: data.key != "U-2"
            because: a look at {data.key}
            emit:
              - {test.seen: '{"userId": data.key, "date": data.date}', subject: data.key}
        """

    @Test("of the rows of a schedule derives each again, and says which were passed over")
    func rows() throws {
        let ledger = try ScratchLedger(["verification.yaml": Self.rules])
        for user in ["U-1", "U-2", "U-3"] {
            try ledger.send(
                "user.recorded", #"{"userId":"\#(user)","role":"buyer","area":"here"}"#, at: "2024-02-15T09:00:00Z")
        }
        try ledger.send("test.noted", #"{"n":1}"#, at: "2024-02-16T09:00:00Z")
        let explainer = try Explainer(ledger.log)
        #expect(try ledger.sequences(of: "schedule.item").count == 3)
        #expect(try ledger.sequences(of: "test.seen").count == 2)
        for sequence in 0..<ledger.log.size {
            #expect(try explainer.explain(sequence).isRecomputed, "entry \(sequence)")
        }
        let seen = try explainer.explain(try ledger.sequences(of: "test.seen")[0]).text
        #expect(seen.contains("Reason\n  a look at U-1"))
        #expect(seen.contains("a day begins: 2024-02-16"))
        let passed = try explainer.explain(try ledger.sequences(of: "schedule.item")[1])
        #expect(passed.others.map(\.verdict) == [.didNotHold])
        #expect(passed.consequences.isEmpty)
    }
}
