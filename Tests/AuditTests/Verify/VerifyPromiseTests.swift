import Audit
import Testing
import TransparencyLog

@Suite("verifying who appended an entry, and why")
struct VerifyPromiseTests {
    /// One broken promise: the entry, the members changed, and what is found.
    struct Broken: Sendable, CustomTestStringConvertible {
        let name: String
        let place: Int
        let changes: [String: String?]
        let what: [String]
        var testDescription: String { name }

        init(_ name: String, _ place: Int, _ changes: [String: String?], _ what: String...) {
            self.name = name
            self.place = place
            self.changes = changes
            self.what = what
        }
    }

    static let long = String(repeating: "é", count: 513)

    static let broken: [Broken] = [
        Broken("a decision by a principal", 2, ["authid": "\"local\""], "authid"),
        Broken("a trigger without a principal", 1, ["authid": nil], "authid"),
        Broken("a principal that is a number", 1, ["authid": "7"], "authid"),
        Broken("a reason of more than 1,024 bytes", 2, ["because": "\"\(long)\""], "because"),
        Broken("a trigger with a reason", 1, ["because": "\"it is so\""], "because"),
        Broken("a trigger with a rule set", 1, ["ruleset": "\"8982e2\""], "ruleset"),
        Broken("a trigger with a rule", 1, ["rule": "\"order/place\""], "rule"),
        Broken("a trigger with a cause", 6, ["causationid": VerifyMembers.padded(3)], "causationid"),
        Broken("a decision without a cause", 2, ["causationid": nil], "causationid"),
        Broken("a decision that causes itself", 2, ["causationid": VerifyMembers.padded(2)], "causationid"),
        Broken("a cause after its effect", 2, ["causationid": VerifyMembers.padded(9)], "causationid"),
        Broken("a cause that is not 16 digits", 2, ["causationid": "\"1\""], "causationid"),
        Broken("a timer fired by nothing", 4, ["causationid": nil], "causationid"),
        Broken("a timer fired by a later entry", 4, ["causationid": VerifyMembers.padded(5)], "causationid"),
        Broken("a decision without a rule set", 2, ["ruleset": nil], "ruleset"),
        Broken("a decision from outside", 2, ["source": "\"/shop\""], "source"),
        Broken("a decision of another agent's source", 2, ["source": "\"/agents/wallet\""], "source"),
        Broken("a decision of another agent's rule", 2, ["rule": "\"wallet/pay\""], "rule"),
        Broken("a decision of an agent without a rule", 2, ["rule": nil], "rule"),
        Broken("a rule without a name", 2, ["rule": "\"order/\""], "rule"),
        Broken("a decision of the engine with a rule", 2, ["agent": "\"engine\""], "rule", "source"),
        Broken("a decision with another id", 2, ["id": "\"mine\""], "id"),
        Broken("a decision with a time", 2, ["time": "\"2024-02-15T00:00:00Z\""], "time"),
        Broken("the clock from elsewhere", 4, ["source": "\"/shop\""], "source"),
        Broken("the clock with another id", 4, ["id": "\"mine\""], "id"),
        Broken("a first entry from elsewhere", 0, ["source": "\"/shop\""], "source"),
        Broken("a timer under another subject", 4, ["subject": "\"ORD-2\""], "subject"),
        Broken("a timer without its subject", 3, ["subject": nil], "subject"),
        Broken("a rule file under another subject", 0, ["subject": "\"wallet.yaml\""], "subject"),
        Broken("a subject that is no text", 1, ["subject": "7"], "subject"),
        Broken("no correlation", 1, ["correlationid": nil], "correlationid"),
    ]

    @Test("a broken promise fails at its entry though it was signed", arguments: broken, ["export", "log"])
    func fails(_ broken: Broken, _ kind: String) async throws {
        let sample = try VerifySample(count: 1)
        sample.lines = VerifySample.cascade { i, members in
            i == broken.place ? members.with(broken.changes) : members
        }
        sample.note = VerifySample.sign(sample.lines, sample.signer)
        let result = try await sample.verifier().run(try sample.input(kind, sample.lines))
        #expect(result.verdict == .fail)
        #expect(result.bad.map(\.what) == broken.what, "\(result.bad)")
        #expect(result.bad.allSatisfy { $0.sequence == UInt64(broken.place) })
    }

    @Test("what holds the promises is OK: also the engine's decisions, a reason of 1,024 bytes, an empty key")
    func sound() async throws {
        let sample = try VerifySample(count: 1)
        for changes in [
            [:], ["agent": "\"engine\"", "rule": nil, "source": "\"/engine\"", "because": nil],
            ["because": "\"\(String(repeating: "\\\"", count: 1024))\""], ["subject": "\"ORD-7\""],
        ] as [[String: String?]] {
            sample.lines = VerifySample.cascade { $0 == 2 ? $1.with(changes) : $1 }
            let note = VerifySample.sign(sample.lines, sample.signer)
            let path = try sample.writeExport(sample.lines, note: note)
            let result = try await sample.verifier().run(.export(path: path, checkpoint: nil))
            #expect(result.verdict == .ok, "\(result.bad)")
        }
        sample.lines = VerifySample.cascade { i, members in
            i == 3 || i == 4 ? members.with(["data": "{\"key\":\"\"}", "subject": nil]) : members
        }
        let note = VerifySample.sign(sample.lines, sample.signer)
        let path = try sample.writeExport(sample.lines, note: note)
        #expect(try await sample.verifier().run(.export(path: path, checkpoint: nil)).verdict == .ok)
    }

    @Test("a cause after its effect is an order that is wrong")
    func causeReason() async throws {
        let sample = try VerifySample(count: 1)
        sample.lines = VerifySample.cascade { i, members in
            i == 5 ? members.with(["causationid": VerifyMembers.padded(17)]) : members
        }
        let path = try sample.writeExport(sample.lines, note: VerifySample.sign(sample.lines, sample.signer))
        let result = try await sample.verifier().run(.export(path: path, checkpoint: nil))
        #expect(result.reason == .order)
        #expect(result.bad[0].expected == "a sequence below 5")
        #expect(result.bad[0].found == "0000000000000017")
    }
}
