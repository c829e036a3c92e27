import AgentKit
import Rules
import Testing

@Suite struct ReadmeTests {
    /// The parts of rules/README.md between fences marked `yaml`.
    private func examples() throws -> [String] {
        let text = String(decoding: try Repository.bytes("rules/README.md"), as: UTF8.self)
        return text.split(separator: "```yaml\n").dropFirst().map { part in
            part.split(separator: "```", omittingEmptySubsequences: false).first.map(String.init) ?? ""
        }
    }

    @Test("the worked example is a rule file that decides as its page says")
    func rule() throws {
        let fixture = Fixture()
        let rules = try fixture.load(try #require(examples().first { $0.hasPrefix("agent: complaint") }), head: "")
        #expect(rules.warnings == [])
        let event = try Fixture.event(
            "complaint.submitted",
            #"{"complaintId":"C-1","orderId":"O-1","userId":"U-ali","description":{"commitment":"Yw==","sealed":"cw=="}}"#
        )
        let refused = try rules.decisions("open", event)
        #expect(refused.emissions.map(Fixture.text) == [#"{"complaintId":"C-1","reason":"unknown_order"}"#])
        fixture.orders["O-1"] = Order(buyerId: "U-ali", sellerId: "U-sana", area: "lahore")
        let opened = try rules.decisions("open", event)
        #expect(
            opened.emissions.map(Fixture.text) == [
                #"{"buyerId":"U-ali","complaintId":"C-1","deadline":"2024-02-16T16:00:00.000Z","franchiseId":"F-sub","#
                    + #""orderId":"O-1","sellerId":"U-sana","tier":"sub"}"#
            ])
        #expect(opened.timers.map(\.timer) == [TimerName(name: "deadline", key: "C-1")])
    }
}
