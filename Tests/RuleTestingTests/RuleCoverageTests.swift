import RuleTesting
import Rules
import Testing

/// What tests make the rules do, counted.
@Suite struct RuleCoverageTests {
    private func coverage(_ rule: String, tests: String) throws -> RuleCoverage {
        let head = """
            agent: franchise
            version: 1.0.0
            triggers:
              area.asked: {area: string, size: int, kind: late|broken}
            rules:

            """
        let report = try RuleTestReport.run(
            rules: [RuleFile(name: "franchise.yaml", text: head + rule)],
            tests: [RuleFile(name: "franchise-asking.yaml", text: "suite: asking\ntests:\n" + tests)])
        #expect(report.isPassed, "\(report.text)")
        return report.coverage
    }

    private func test(_ name: String, _ data: String, expect: String) -> String {
        "  - name: \(name)\n    when: {type: area.asked, time: 2024-02-15T09:00:00Z, data: {\(data)}}\n"
            + "    expect: [\(expect)]\n"
    }

    @Test("coverage counts firings, and says what nothing hit")
    func firings() throws {
        let coverage = try coverage(
            """
              - id: r
                on: area.asked
                when: data.size > 5
                timers:
                  - {name: t, key: '"k"', at: event.recordedtime}
            """,
            tests: test("a large one", "area: lahore, size: 9, kind: late", expect: "{type: timer.scheduled}"))
        #expect(coverage.missed == ["franchise/r: does not fire"])
        #expect(coverage.basisPoints == 5000)
    }

    @Test("coverage counts each part of a condition that was reached, and each row")
    func parts() throws {
        let coverage = try coverage(
            """
              - id: r
                on: area.asked
                table:
                  inputs: {kind: data.kind}
                  rows:
                    - {when: {kind: late}, then: {x: 1}}
                    - {when: {kind: broken}, then: {x: 2}}
                when: >-
                  data.size > 5
                  && table.x == 1   && data.area == "lahore"
                timers:
                  - {name: t, key: '"k"', at: event.recordedtime}
            """,
            tests: test("all hold", "area: lahore, size: 9, kind: late", expect: "{type: timer.scheduled}")
                + test("the other row", "area: lahore, size: 9, kind: broken", expect: "")
                + test("too small", "area: lahore, size: 1, kind: late", expect: ""))
        #expect(coverage.missed == [#"franchise/r: `data.area == "lahore"` does not hold"#])
        #expect(coverage.conditions == RuleCoverage.Share(hit: 5, all: 6))
        #expect(coverage.rows == RuleCoverage.Share(hit: 2, all: 2))
        #expect(coverage.basisPoints == 9000)
    }
}
