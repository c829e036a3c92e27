import Foundation
import RuleTesting
import Rules
import Testing

@Suite("the rule language")
struct RuleLanguageTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/RuleLanguage"

    @Test(
        "decides tables, claims, votes, overrides, dead letters and failures as their tests say, every branch of them")
    func rules() throws {
        let report = try RuleTestReport.run(rulesDirectory: Self.folder)
        #expect(report.failed == 0, "\(report.text)")
        #expect(report.unreadable.isEmpty, "\(report.text)")
        #expect(report.passed >= 28)
        #expect(report.coverage.missed.isEmpty, "\(report.text)")
    }
}

/// A slow rule fails alone: the rules beside it decide.
@Suite struct SlowRuleTests {
    @Test("a rule beyond its cost limit is its agent's failure with the code `cost`, and the rule beside it decides")
    func cost() throws {
        let rules = RuleFile(
            name: "franchise.yaml",
            text: """
                agent: franchise
                version: 1.0.0
                facts:
                  area.registered: {area: string, parent: optional string}
                decisions:
                  area.noted: {area: string}
                rules:
                  - id: slow
                    on: area.registered
                    when: lists.range(1000).all(a, lists.range(1000).all(b, lists.range(1000).all(c, a + b + c >= 0)))
                    emit: [{area.noted: '{"area": data.area}'}]
                  - id: quick
                    on: area.registered
                    emit: [{area.noted: '{"area": data.area}'}]
                """)
        let tests = RuleFile(
            name: "areas.yaml",
            text: """
                suite: areas
                tests:
                  - name: an area is noted once
                    when: {type: area.registered, time: 2024-02-15T09:00:00Z, data: {area: lahore}}
                    expect:
                      - {type: agent.failed, data: {agent: franchise, rule: franchise/slow, code: cost}}
                      - {type: alert.raised}
                      - {type: area.noted, rule: franchise/quick}
                """)
        let report = try RuleTestReport.run(rules: [rules], tests: [tests])
        #expect(report.isPassed, "\(report.text)")
    }
}
