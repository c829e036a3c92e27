import AgentKit
import Rules
import TestSupport
import Testing

@Suite("a rule set of the log")
struct RuleSetDepthTests {
    private let fixture = Fixture()

    private static let rules = """
        rules:
          - id: late
            on: complaint.submitted
            let: {kind: data.kind}
            when: kind == "late" && data.amount > 1
            because: "it came late, {kind}"
            emit: [{complaint.refused: '{"complaintId": data.complaintId, "reason": "none"}'}]
          - id: broken
            on: complaint.submitted
            when: data.kind == "broken"
            emit: [{complaint.refused: '{"complaintId": data.complaintId, "reason": "one"}'}]

        """

    private func event(_ kind: String) throws -> Event {
        let text = """
            {"data":{"amount":5,"complaintId":"C-1","kind":"\(kind)"},"id":"1",\
            "recordedtime":"2024-02-16T10:00:00.000Z","sequence":"0000000000000001","source":"/s",\
            "specversion":"1.0","type":"complaint.submitted"}
            """
        return try #require(Event(try Document.parse(Array(text.utf8))))
    }

    @Test(
        "has the digest, the rules asked and the decisions that it had when it was checked",
        arguments: [RuleSetDepth.compiled, .onDemand])
    func same(depth: RuleSetDepth) throws {
        let (checked, loaded) = (try fixture.load(Self.rules), try fixture.load(Self.rules, depth: depth))
        #expect(loaded.digest == checked.digest && loaded.fileDigests == checked.fileDigests)
        #expect(loaded.rules.map(\.text) == checked.rules.map(\.text))
        #expect(RuleSetChanges(from: checked, to: loaded).lines == [])
        let type = try #require(loaded.eventType(named: "complaint.submitted"))
        let other = try #require(checked.eventType(named: "complaint.submitted"))
        for kind in ["late", "broken", "lost"] {
            let event = try event(kind)
            let asked = loaded.dispatch(on: type).rules(for: event)
            #expect(asked.map(\.id) == checked.dispatch(on: other).rules(for: event).map(\.id))
            for rule in loaded.rules {
                let twin = try #require(checked.rule(named: rule.qualifiedName))
                let (one, two) = (loaded.evaluate(rule, on: event), checked.evaluate(twin, on: event))
                #expect(Self.told(one) == Self.told(two))
                #expect(rule.conditionParts == twin.conditionParts)
            }
        }
    }

    private static func told(_ outcome: RuleOutcome) -> [String] {
        guard case .decided(let decisions) = outcome else { return ["\(outcome)"] }
        return [decisions.because ?? ""] + decisions.emissions.map { String(decoding: $0.data, as: UTF8.self) }
    }

    @Test("one rule that cannot be compiled fails when it is asked, and says why; the others decide")
    func wrong() throws {
        let rules = Self.rules.replacing("data.kind == \"broken\"", with: "data.kind == unknown")
        #expect(throws: RuleSetError.self) { try fixture.load(rules, depth: .compiled) }
        let loaded = try fixture.load(rules, depth: .onDemand)
        let event = try event("late")
        let broken = try #require(loaded.rule(named: "complaint/broken"))
        for _ in 0..<2 {
            let trace = RuleTrace()
            guard case .failed(.type, nil) = loaded.evaluate(broken, on: event, trace: trace) else {
                Issue.record("it was evaluated")
                return
            }
            #expect(trace.failure?.message.contains("unknown name `unknown`") == true)
        }
        let late = try #require(loaded.rule(named: "complaint/late"))
        #expect(Self.told(loaded.evaluate(late, on: event)).first == "it came late, late")
    }

    @Test("a type that is not declared is found when the files are read")
    func types() throws {
        let rules = Self.rules.replacing("on: complaint.submitted", with: "on: complaint.submited")
        #expect(throws: RuleSetError.self) { try fixture.load(rules, depth: .onDemand) }
    }
}
