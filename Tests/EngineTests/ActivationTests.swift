import AgentKit
import Engine
import EventLog
import JSON
import Rules
import TestSupport
import Testing

@Suite("rule sets over time")
struct ActivationTests {
    static let slow = CascadeTests.rules.replacing("data.n - 1", with: "data.n - 2")

    func files(_ text: String) -> ActivationRequest.Source { .files([RuleFile(name: "order.yaml", text: text)]) }

    /// Sends an event and checks the number of decisions, which tells the rule set in force.
    func expect(_ expected: Int, _ ledger: OpenLedger, _ id: String, at time: String? = nil) async throws {
        let answer = await ledger.send([try ledger.event("test.ping", #"{"n":4}"#, id: id, at: time)])
        guard case .appended(_, let count) = answer.outcomes[0] else {
            Issue.record("`\(id)` was not appended: \(answer.outcomes[0])")
            return
        }
        #expect(count - 1 == expected)
    }

    @Test("another rule set is in force after its entry, and the first one again by its digest")
    func rollback() async throws {
        let folder = try TemporaryDirectory()
        let directory = try OpenLedger.create(at: folder.path, rules: ["order.yaml": CascadeTests.rules])
        try await OpenLedger.using(directory) { ledger in
            try await expect(6, ledger, "a", at: "2024-02-15T09:00:00Z")
            let first = try #require(await ledger.sequencer.read { $0.activeRuleSet })
            let second = try await ledger.sequencer.activate(ActivationRequest(files(Self.slow), principal: "local"))
            #expect(second.sequence != nil)
            try await expect(4, ledger, "b")
            let size = ledger.sequencer.committed.size
            let back = try await ledger.sequencer.activate(
                ActivationRequest(.recorded(digest: first), principal: "local"))
            #expect(back.digest == first)
            #expect(ledger.sequencer.committed.size == size + 1)
            try await expect(6, ledger, "c")
        }
        try await OpenLedger.using(directory) { ledger in
            try await expect(6, ledger, "d")
            #expect(await ledger.sequencer.read { $0.ruleSetHistory.count } == 2)
        }
    }

    @Test("an event that was on its way when the policy changed is decided on by the new one")
    func otherPolicy() async throws {
        let folder = try TemporaryDirectory()
        let directory = try OpenLedger.create(at: folder.path, rules: ["order.yaml": CascadeTests.rules])
        try await OpenLedger.using(directory) { ledger in
            try await expect(6, ledger, "a", at: "2024-02-15T09:00:00Z")
            let event = try ledger.event("test.ping", #"{"n":4}"#, id: "b")
            let policy = "roles: {reader: {calls: [\"*\"]}}\nprincipals: {local: [reader]}\n"
            let files = [
                RuleFile(name: "order.yaml", text: CascadeTests.rules), RuleFile(name: "policy.yaml", text: policy),
            ]
            _ = try await ledger.sequencer.activate(ActivationRequest(.files(files), principal: "local"))
            let answer = await ledger.send([event])
            guard case .refused(let problem) = answer.outcomes[0] else {
                Issue.record("it was not refused: \(answer.outcomes[0])")
                return
            }
            #expect(problem.kind == .forbidden)
        }
    }

    @Test("a rule set in error is refused with every place, and the one in force stays")
    func inError() async throws {
        let folder = try TemporaryDirectory()
        let directory = try OpenLedger.create(at: folder.path, rules: ["order.yaml": CascadeTests.rules])
        try await OpenLedger.using(directory) { ledger in
            try await expect(6, ledger, "a", at: "2024-02-15T09:00:00Z")
            let wrong = CascadeTests.rules.replacing("data.n > 0", with: "data.m > 0")
            await #expect(throws: RuleSetError.self) {
                try await ledger.sequencer.activate(ActivationRequest(files(wrong), principal: "local"))
            }
            try await expect(6, ledger, "b")
        }
    }

    @Test("with a date it is in force from the first event at or after it, also after a restart in between")
    func effectiveFrom() async throws {
        let folder = try TemporaryDirectory()
        let directory = try OpenLedger.create(at: folder.path, rules: ["order.yaml": CascadeTests.rules])
        try await OpenLedger.using(directory) { ledger in
            try await expect(6, ledger, "a", at: "2024-02-15T09:00:00Z")
            _ = try await ledger.sequencer.activate(
                ActivationRequest(
                    files(Self.slow), principal: "local", effectiveFrom: Instant(rfc3339: "2024-02-15T12:00:00Z")))
            try await expect(6, ledger, "b", at: "2024-02-15T11:59:59Z")
        }
        try await OpenLedger.using(directory) { ledger in
            try await expect(6, ledger, "c", at: "2024-02-15T11:59:59.999Z")
            try await expect(4, ledger, "d", at: "2024-02-15T12:00:00Z")
        }
    }
}
