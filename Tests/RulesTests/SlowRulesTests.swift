import Rules
import Testing

/// Rules made to be slow or large fail by themselves, within their cost limit.
@Suite struct SlowRulesTests {
    let fixture = Fixture()

    private func outcome(
        when: String = "true", variables: [String] = [], emit: String = "[]", timers: String = "[]", data: String? = nil
    ) throws -> RuleOutcome {
        let named = variables.isEmpty ? "{}" : "\n" + variables.map { "  \($0)" }.joined(separator: "\n")
        let rules = try fixture.rule(
            """
            id: r
            on: complaint.submitted
            let: \(named)
            when: >-
              \(when)
            emit: \(emit)
            timers: \(timers)
            otherwise:
              - {complaint.refused: '{"complaintId": "a", "reason": "b"}'}
            """)
        return try rules.outcome("r", try Fixture.event("complaint.submitted", data ?? Fixture.submitted))
    }

    private func code(_ outcome: RuleOutcome) -> RuleFailure.Code? {
        if case .failed(let code, _) = outcome { code } else { nil }
    }

    @Test(
        "what costs too much fails with the code `cost`",
        arguments: [
            // comprehensions in each other
            "lists.range(1000).all(a, lists.range(1000).all(b, lists.range(1000).all(c, a + b + c >= 0)))",
            "lists.range(300).map(a, lists.range(300).map(b, lists.range(300).map(c, a * b * c))).size() > data.amount",
            // a list that grows with every turn
            "lists.range(2000).exists(a, lists.range(a).map(b, [a, b]).size() > 5000)",
            // a text that grows by what it is replaced with
            "data.orderId.replace('', '0123456789').replace('', '0123456789').replace('', '0123456789')"
                + ".replace('', '0123456789').replace('', '0123456789').replace('', '0123456789')"
                + ".replace('', '0123456789').size() > 5",
            // a pattern run over a long text again and again
            "lists.range(100000).exists(a, (data.orderId + 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa').matches('^(a+)+$'))",
        ])
    func tooDear(when: String) throws {
        #expect(code(try outcome(when: when)) == .cost)
    }

    @Test("a text doubled by one variable after another is bounded over all of them")
    func doubling() throws {
        var variables = ["v0: data.orderId + data.complaintId"]
        for index in 1...40 { variables.append("v\(index): v\(index - 1) + v\(index - 1)") }
        #expect(code(try outcome(when: "v40.size() > 5", variables: variables)) == .cost)
    }

    @Test("a list of decisions or timers without end is bounded, even where none has anything to compute")
    func manyDecisions() throws {
        let each = "each: lists.range(200000)"
        let emit = #"[{\#(each), complaint.refused: '{"complaintId": "a", "reason": "b"}'}]"#
        #expect(code(try outcome(emit: emit)) == .cost)
        let timers = #"[{name: t, \#(each), key: '"k"', at: event.recordedtime}]"#
        #expect(code(try outcome(timers: timers)) == .cost)
    }

    @Test("a pattern from data that would grow without bound is an invalid argument")
    func patternFromData() throws {
        let data = Fixture.replacing("O-1", by: "((a{999}){999}){999}")
        #expect(code(try outcome(when: "'aaaa'.matches(data.orderId)", data: data)) == .invalidArgument)
    }

    @Test("the limit is the rule's own: another rule on the same event decides as ever")
    func others() throws {
        let rules = try fixture.load(
            """
            rules:
              - id: slow
                on: complaint.submitted
                when: lists.range(1000).all(a, lists.range(1000).all(b, lists.range(1000).all(c, a + b + c >= 0)))
                timers: [{name: t, key: '"k"', at: event.recordedtime}]
              - id: quick
                on: complaint.submitted
                timers: [{name: t, key: '"k"', at: event.recordedtime}]
            """)
        let event = try Fixture.event("complaint.submitted", Fixture.submitted)
        #expect(code(try rules.outcome("slow", event)) == .cost)
        #expect(try rules.decisions("quick", event).timers.count == 1)
    }

    @Test("an `onError` that costs too much leaves the rule without one")
    func slowOnError() throws {
        let rules = try fixture.rule(
            """
            id: r
            on: complaint.submitted
            when: 1 / (data.amount - 1999) > 0
            timers: [{name: t, key: '"k"', at: event.recordedtime}]
            onError:
              - complaint.refused: '{"complaintId": "a", "reason": "b"}'
                each: lists.range(1000).map(a, lists.range(1000).map(b, lists.range(1000).size()))
            """)
        let failure = try rules.failure("r", try Fixture.event("complaint.submitted", Fixture.submitted))
        #expect(failure?.code == .divideByZero && failure?.onError == nil)
    }

    @Test(
        "what is too deep or too large to be a rule is refused when it is loaded",
        arguments: [
            (
                String(repeating: "(", count: 300) + "true" + String(repeating: ")", count: 300),
                "nested deeper than 250"
            ),
            (String(repeating: "!", count: 300) + "true", "nested deeper than 250"),
            ("'a'.matches('((a{999}){999}){999}')", "'a'.matches"),
            ("'" + String(repeating: "a", count: 100_001) + "' != ''", "longer than 100000 code points"),
        ])
    func refused(when: String, message: String) {
        let problems = fixture.problems(
            "id: r\non: complaint.submitted\nwhen: \"\(when)\"\ntimers:\n  - {name: t, key: '\"k\"', at: event.recordedtime}"
        )
        #expect(problems.contains(message), "\(problems.prefix(300))")
    }

    @Test("parameters that are dear to compute are bounded over all of a file")
    func parameters() {
        let one = "lists.range(300).map(a, lists.range(300).map(b, a + b).size()).size()"
        let entries = (0..<100).map { "  p\($0): \(one)\n" }.joined()
        do throws(RuleSetError) {
            _ = try fixture.load("", head: "agent: complaint\nversion: 1.0.0\nparameters:\n\(entries)rules: []\n")
            Issue.record("loaded")
        } catch {
            #expect(error.description.contains("the parameter cannot be computed"))
        }
    }

    @Test("variables that each stand for the one before twice are checked in bounded time")
    func manyMeanings() throws {
        var variables = [#"v0: '"a"'"#]
        for index in 1...60 {
            let last = "v\(index - 1)"
            variables.append("v\(index): 'data.amount > 5 ? \(last) : \(last)'")
        }
        let decided = try outcome(when: #"v60 == "b""#, variables: variables)
        guard case .decided(let decisions) = decided else {
            Issue.record("the rule did not decide: \(decided)")
            return
        }
        #expect(decisions.isOtherwise)
    }
}
