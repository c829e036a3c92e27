import AgentKit
import Rules
import Testing

@Suite("finding the rules an event may concern")
struct RuleDispatchTests {
    private let fixture = Fixture()

    /// A rule in the form of a file.
    private func rule(
        _ id: String, when: String, knowing variable: String = "order: data.orderId", _ more: String = ""
    ) -> String {
        """
          - id: \(id)
            on: complaint.submitted
            let: {\(variable)}
            when: \(when)
            emit: [{complaint.refused: '{"complaintId": "C-1", "reason": "none"}'}]
        \(more)

        """
    }

    /// The ids of the rules asked about an event of that data.
    private func asked(_ rules: [String], _ data: String) throws -> [String] {
        let ruleSet = try fixture.load("rules:\n" + rules.joined())
        let type = try #require(ruleSet.eventType(named: "complaint.submitted"))
        let entry = try Document.parse(
            Array(
                """
                {"data":\(data),"id":"1","recordedtime":"2024-02-16T10:00:00.000Z","sequence":"0000000000000001",\
                "source":"/s","specversion":"1.0","type":"complaint.submitted"}
                """.utf8))
        let event = try #require(Event(entry))
        return ruleSet.dispatch(on: type).rules(for: event).map(\.id)
    }

    @Test(
        "a rule one part of whose condition asks for another constant is not asked",
        arguments: [
            (#"{"kind":"late"}"#, ["late", "either", "then", "any"]),
            (#"{"kind":"broken"}"#, ["broken", "either", "any"]),
            (#"{"kind":"other"}"#, ["any"]), (#"{"kind":7}"#, ["late", "broken", "either", "then", "any"]),
            ("{}", ["late", "broken", "either", "then", "any"]),
        ])
    func constants(data: String, expected: [String]) throws {
        let rules = [
            rule("late", when: #"data.kind == "late" && data.amount > 1"#),
            rule("broken", when: #"'"broken" == data.kind'"#),
            rule("either", when: #"data.kind in ["late", "broken"]"#),
            rule("then", when: #"data.amount > 1 && data.kind == "late""#),
            rule("any", when: #"'[1].exists(n, data.amount > n) && data.kind == "late"'"#),
        ]
        #expect(try asked(rules, data) == expected)
    }

    @Test(
        "a condition is read through variables, negations, members that may be absent and choices by type",
        arguments: [
            ("late", ["absent", "chosen", "named"]), ("broken", ["not", "chosen", "other"]),
            ("lost", ["not", "other"]),
        ])
    func forms(kind: String, expected: [String]) throws {
        let rules = [
            rule("not", when: #"'!(data.kind in ["late"])'"#),
            rule("absent", when: #"data.?kind.orValue("late") == "late""#),
            rule(
                "chosen",
                when: #"'event.type == "complaint.submitted" ? data.kind in ["late", "broken"] : data.amount > 1'"#),
            rule("named", when: "isLate", knowing: #"isLate: 'data.kind == "late"'"#),
            rule("other", when: "isOther && data.amount > 1", knowing: #"isOther: '!(data.kind == "late")'"#),
            rule("type", when: #"event.type == "complaint.closed" && data.kind == "lost""#),
        ]
        #expect(try asked(rules, #"{"kind":"\#(kind)"}"#) == expected)
    }

    @Test("a rule with `otherwise` is always asked")
    func otherwise() throws {
        let otherwise = #"    otherwise: [{complaint.refused: '{"complaintId": "C-1", "reason": "one"}'}]"#
        let rules = [
            rule("late", when: #"data.kind == "late""#, otherwise),
            rule("broken", when: #"data.kind == "broken""#),
        ]
        #expect(try asked(rules, #"{"kind":"other"}"#) == ["late"])
    }

    @Test("a parameter is a constant, a variable is none")
    func parameters() throws {
        let rules = [
            rule("greeted", when: "data.orderId == params.greeting"),
            rule("computed", when: "data.orderId == order"),
        ]
        #expect(try asked(rules, #"{"orderId":"hello"}"#) == ["greeted", "computed"])
        #expect(try asked(rules, #"{"orderId":"O-1"}"#) == ["computed"])
    }
}
