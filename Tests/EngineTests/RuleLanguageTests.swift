import Engine
import Foundation
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
