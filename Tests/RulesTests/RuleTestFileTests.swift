import AgentKit
import Rules
import Testing

@Suite struct RuleTestFileTests {
    private func read(_ text: String) throws(RuleSetError) -> RuleTestFile {
        try RuleTestFile.read(RuleFile(name: "t.yaml", text: text))
    }

    @Test("a test file is read with its steps and expectations")
    func read() throws {
        let file = try read(
            """
            suite: complaint
            background:
              - {type: area.registered, time: 2024-02-15T14:30:00Z, data: {area: lahore}}
            tests:
              - name: a complaint is opened
                given:
                  - {at: 2024-02-16T00:00:00Z}
                when: {type: complaint.submitted, as: U-ali, data: {complaintId: C-1, tags: [a, "1", 2]}}
                expect:
                  - {type: complaint.opened, rule: complaint/open, data: {includes: {tier: sub}}}
                  - {type: timer.scheduled}
            """)
        #expect(file.suite == "complaint")
        let test = try #require(file.tests.first)
        guard case .event(let event) = try #require(test.when.first) else {
            Issue.record("the first step of the test is not an event")
            return
        }
        #expect(String(decoding: event.data, as: UTF8.self) == #"{"complaintId":"C-1","tags":["a","1",2]}"#)
        #expect(event.authority == "U-ali")
        #expect(test.expect.map(\.isPartial) == [true, false])
        #expect(test.line == 5)
    }

    @Test("`includes` names some of the entries that follow: others stand between them, and the one that fits is meant")
    func includes() throws {
        func diff(_ expect: String) throws -> RuleTestDiff {
            let test = try #require(
                try read(
                    "suite: s\ntests:\n  - {name: n, when: {at: 2024-02-16T00:00:00Z}, expect: {includes: [\(expect)]}}\n"
                ).tests.first)
            #expect(test.isPartial)
            let actual = [
                try Fixture.event("a.b", #"{"x":1}"#), try Fixture.event("a.c", "{}"),
                try Fixture.event("a.b", #"{"x":2}"#), try Fixture.event("a.d", "{}"),
            ]
            return RuleTestDiff(expected: test.expect, actual: actual, isPartial: test.isPartial)
        }
        #expect(try diff("{type: a.b, data: {x: 2}}").isEmpty)
        #expect(try diff("{type: a.b, data: {x: 1}}, {type: a.d}").isEmpty)
        #expect(try diff("{type: a.d}, {type: a.c}").description == "- a.d\n  a.c {}")
        #expect(try diff("{type: a.b, data: {x: 3}}").description.hasPrefix("~ a.b"))
        #expect(try diff("{type: a.e}").description == "- a.e")
        #expect(throws: RuleSetError.self) {
            try read("suite: s\ntests:\n  - {name: n, when: {at: 2024-02-16T00:00:00Z}, expect: {includes: []}}\n")
        }
    }

    @Test("entries are compared in order, and every difference is named")
    func diff() throws {
        let test = try #require(
            try read(
                """
                suite: s
                tests:
                  - name: n
                    when: {at: 2024-02-16T00:00:00Z}
                    expect:
                      - {type: a.b, subject: S, data: {x: 1, y: [1, 2]}}
                      - {type: a.c}
                      - {type: a.d, data: {includes: {z: true}}}
                """
            ).tests.first)
        let actual = [
            try Fixture.event("a.b", #"{"x":2,"y":[1,3],"w":0}"#, subject: "S"),
            try Fixture.event("schedule.daily", "{}"),
            try Fixture.event("a.d", #"{"z":true,"more":1}"#),
            try Fixture.event("a.e", "{}"),
        ]
        let diff = RuleTestDiff(expected: test.expect, actual: actual)
        #expect(!diff.isEmpty)
        #expect(
            diff.description == """
                ~ a.b of S {"w":0,"x":2,"y":[1,3]}
                    data/x: expected 1, is 2
                    data/y/1: expected 2, is 3
                    data/w: is 0, expected to be absent
                - a.c
                  a.d {"more":1,"z":true}
                + a.e {}
                """)
    }

    @Test("a test file in error is refused with places")
    func errors() {
        do throws(RuleSetError) {
            _ = try read("suite: s\ntests:\n  - name: n\n    when: {at: yesterday}\n    expct: []\n")
            Issue.record("the test file was read")
        } catch {
            #expect(error.diagnostics.map(\.line) == [3, 4, 5], "\(error)")
        }
    }

    @Test("coverage counts firings, and says what nothing hit")
    func coverage() throws {
        let fixture = Fixture()
        let rules = try fixture.rule(
            """
            id: r
            on: complaint.submitted
            when: data.amount > 5
            timers:
              - {name: t, key: '"k"', at: event.recordedtime}
            """)
        var coverage = RuleCoverage(rules)
        let trace = RuleTrace()
        let event = try Fixture.event("complaint.submitted", Fixture.submitted)
        coverage.record(rules.rules[0], try rules.outcome("r", event, trace: trace), trace)
        #expect(coverage.missed == ["complaint/r: does not fire"])
        #expect(coverage.basisPoints == 5000)
    }

    @Test("coverage counts each part of a condition that was reached, and each row")
    func partCoverage() throws {
        let fixture = Fixture()
        let rules = try fixture.rule(
            """
            id: r
            on: complaint.submitted
            table:
              inputs: {kind: data.kind}
              rows:
                - {when: {kind: late}, then: {x: 1}}
                - {when: {kind: broken}, then: {x: 2}}
            when: >-
              data.amount > 5
              && table.x == 1   && data.orderId == "O-1"
            timers:
              - {name: t, key: '"k"', at: event.recordedtime}
            """)
        var coverage = RuleCoverage(rules)
        for (from, to) in [("", ""), (#""kind":"late""#, #""kind":"broken""#), (#""amount":1999"#, #""amount":1"#)] {
            let trace = RuleTrace()
            let text = from.isEmpty ? Fixture.submitted : Fixture.replacing(from, by: to)
            let event = try Fixture.event("complaint.submitted", text)
            coverage.record(rules.rules[0], try rules.outcome("r", event, trace: trace), trace)
        }
        #expect(coverage.missed == [#"complaint/r: `data.orderId == "O-1"` does not hold"#])
        #expect(coverage.conditions == RuleCoverage.Share(hit: 5, all: 6))
        #expect(coverage.rows == RuleCoverage.Share(hit: 2, all: 2))
        #expect(coverage.basisPoints == 9000)
    }
}
