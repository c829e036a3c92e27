import JSON
import RuleTesting
import Rules
import Testing

@Suite("rule tests")
struct RuleTestRunnerTests {
    static let rules = RuleFile(
        name: "order.yaml",
        text: """
            agent: order
            version: 1.0.0
            triggers:
              test.pinged: {key: string, n: int}
            decisions:
              test.ponged: {key: string, n: int}
              test.rang: {key: string}
              test.never: {key: string}
            rules:
              - id: pong
                on: test.pinged
                let:
                  double: data.n * 2
                when: data.n > 0
                because: twice {data.n}
                emit:
                  - {test.ponged: '{"key": data.key, "n": double}', subject: data.key}
                timers:
                  - {name: alarm, key: data.key, at: 'event.recordedtime + duration("60s")'}
              - id: ring
                on: timer.fired
                when: data.name == "alarm"
                emit:
                  - {test.rang: '{"key": data.key}'}
              - id: never
                on: test.ponged
                when: data.n == 999
                emit:
                  - {test.never: '{"key": data.key}'}
            """)

    func run(_ tests: String) throws -> RuleTestReport {
        try RuleTestReport.run(rules: [Self.rules], tests: [RuleFile(name: "pings.yaml", text: tests)])
    }

    @Test("pass where exactly what is expected follows, and each starts from the same state")
    func passing() throws {
        let report = try run(
            """
            suite: pings
            background:
              - {type: test.pinged, time: 2024-02-15T09:00:00Z, data: {key: b, n: 5}}
            tests:
              - name: a ping is answered
                when: {type: test.pinged, data: {key: a, n: 2}}
                expect:
                  - {type: test.ponged, rule: order/pong, subject: a, because: twice 2, data: {key: a, n: 4}}
                  - {type: timer.scheduled}
              - name: the timers of the background ring, and only those
                when: {at: 2024-02-15T09:01:00Z}
                expect:
                  - {type: timer.fired, subject: b}
                  - {type: test.rang, data: {key: b}}
              - name: they ring again in the next test
                given:
                  - {type: test.pinged, time: 2024-02-15T09:00:30Z, data: {key: c, n: 1}}
                when: {at: 2024-02-15T09:02:00Z}
                expect:
                  - {type: timer.fired}
                  - {type: test.rang, data: {key: b}}
                  - {type: timer.fired}
                  - {type: test.rang, data: {key: c}}
              - name: nothing follows from a ping of none
                when: {type: test.pinged, data: {key: a, n: 0}}
                expect: []
            """)
        #expect(report.passed == 4, "\(report.text)")
        #expect(report.exitCode == 0)
    }

    @Test("that fail show the difference and the values that the rule saw")
    func failing() throws {
        let report = try run(
            """
            suite: pings
            tests:
              - name: a wrong figure
                when: {type: test.pinged, data: {key: a, n: 2}}
                expect:
                  - {type: test.ponged, data: {key: a, n: 5}}
                  - {type: timer.scheduled}
              - name: one too few
                when: {type: test.pinged, data: {key: a, n: 2}}
                expect:
                  - {type: test.ponged}
            """)
        #expect(report.failed == 2)
        #expect(report.exitCode == 1)
        #expect(report.text.contains("FAIL  pings.yaml:3: a wrong figure"))
        #expect(report.text.contains("data/n: expected 5, is 4"))
        #expect(report.text.contains("double = 4"))
        #expect(report.text.contains("+ timer.scheduled by order/pong"))
    }

    @Test("count which branches of the rules they take")
    func coverage() throws {
        let report = try run(
            """
            suite: pings
            tests:
              - name: a ping is answered
                when: {type: test.pinged, data: {key: a, n: 2}}
                expect: [{type: test.ponged}, {type: timer.scheduled}]
            """)
        #expect(
            report.coverage.missed == [
                "order/pong: does not fire", "order/ring: fires", "order/ring: does not fire", "order/never: fires",
            ])
        #expect(report.text.contains("not covered:"))
        #expect(report.text.contains("coverage 33.33 %"))
    }

    @Test("say what cannot be played: an event that the ingress refuses, a file in error")
    func broken() throws {
        let report = try RuleTestReport.run(
            rules: [Self.rules],
            tests: [
                RuleFile(
                    name: "bad.yaml",
                    text: """
                        suite: bad
                        tests:
                          - name: a ping without a key
                            when: {type: test.pinged, data: {n: 2}}
                            expect: []
                        """),
                RuleFile(name: "worse.yaml", text: "suite: worse\ntests: 5\n"),
            ])
        #expect(report.failed == 1)
        #expect(report.unreadable.count >= 1)
        #expect(report.exitCode == 1)
        #expect(report.text.contains("bad.yaml:3: a ping without a key"))
        #expect(report.text.contains("key"))
    }

    @Test("are reported as JSON and as JUnit's XML")
    func reports() throws {
        let report = try run(
            """
            suite: "pings & <pongs>"
            tests:
              - name: a wrong figure
                when: {type: test.pinged, data: {key: a, n: 2}}
                expect: []
            """)
        let root = try Document(adopting: report.json).root
        #expect(root["failed"]?.int == 1)
        #expect(root["tests"]?.element(0)["name"]?.string == "a wrong figure")
        #expect(root["coverage"]?["rules"]?.count == 3)
        let xml = String(decoding: report.junit, as: UTF8.self)
        #expect(xml.contains(#"<testsuites tests="1" failures="1">"#))
        #expect(xml.contains("pings &amp; &lt;pongs&gt;"))
        #expect(xml.contains("<failure>FAIL"))
    }

    @Test("of the repository pass")
    func repository() throws {
        let report = try RuleTestReport.run(rulesDirectory: Repository.path("rules"))
        #expect(report.failed == 0, "\(report.text)")
        #expect(report.unreadable.isEmpty)
        #expect(report.passed > 50)
    }
}
