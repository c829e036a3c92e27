import Foundation
import TestSupport
import Testing

@Suite("Tools for who writes rules", .ownThreads)
struct RuleToolTests {
    @Test("rules check --watch says what it finds again on every change, and stays")
    func watch() async throws {
        let rules = try RuleCopy()
        let folder = try TemporaryDirectory()
        let output = folder.file("output")
        let process = try Docket.binary.start(
            ["rules", "check", rules.path, "--watch"], output: output, messages: folder.file("messages"))
        defer { process.kill() }
        func said() throws -> String { try String(contentsOfFile: output, encoding: .utf8) }
        try await Patience.wait(for: "the first verdict") { try said().hasSuffix("\n") }
        let first = try said()
        #expect(first.wholeMatch(of: /[0-9a-f]{64}\n/) != nil)

        try rules.replace("data.orderId", with: "data.ordrId", in: "complaint.yaml")
        try await Patience.wait(for: "the error") { try said().contains("did you mean `orderId`") }
        #expect(try said().contains(/complaint\.yaml:\d+:\d+: .*ordrId/))
        #expect(try said().contains("^"))

        try rules.replace("data.ordrId", with: "data.orderId", in: "complaint.yaml")
        try await Patience.wait(for: "the second verdict") { try said().hasSuffix("\n" + first) }
        #expect(process.isRunning)
    }

    @Test("rules test --threshold fails where less is covered, and only there")
    func threshold() throws {
        let rules = try RuleCopy()
        for name in try FileManager.default.contentsOfDirectory(atPath: rules.path + "/tests")
        where name != "complaint-deadlines.yaml" {
            try FileManager.default.removeItem(atPath: rules.path + "/tests/" + name)
        }
        let enough = try Docket.binary.run("rules", "test", rules.path, "--threshold", "5")
        #expect(enough.status == 0, "\(enough.output)")
        let few = try Docket.binary.run("rules", "test", rules.path, "--threshold", "90")
        #expect(few.status == 1)
        #expect(few.output.contains(" 0 failed"))
        #expect(few.output.contains("not covered:"))
        #expect(try Docket.binary.run("rules", "test", rules.path, "--threshold", "101").status == 2)
        #expect(try Docket.binary.run("rules", "test", Docket.rules, "--threshold", "90").status == 0)
    }

    @Test("rules schema prints the schema that lies beside the rules")
    func schema() throws {
        let result = try Docket.binary.run("rules", "schema")
        #expect(result.status == 0)
        #expect(result.output == (try String(contentsOfFile: Docket.rules + "/schema.json", encoding: .utf8)))
        #expect(try JSONSerialization.jsonObject(with: Data(result.output.utf8)) is [String: Any])
    }

    @Test("rules test --json and --junit say the same as its text: every test, every failure, the coverage")
    func reports() throws {
        let rules = try RuleCopy(replacing: "sub: 200", with: "sub: 201", in: "complaint.yaml")
        let folder = try TemporaryDirectory()
        let result = try Docket.binary.run("rules", "test", rules.path, "--json", "--junit", folder.file("junit.xml"))
        #expect(result.status == 1)
        struct Report: Decodable {
            struct Case: Decodable { let name: String, file: String }
            struct Coverage: Decodable { let basisPoints: Int }
            let passed: Int, failed: Int, tests: [Case], coverage: Coverage
        }
        let report = try JSONDecoder().decode(Report.self, from: Data(result.output.utf8))
        #expect(report.failed > 0 && report.passed > 100)
        #expect(report.tests.count == report.passed + report.failed)
        #expect(report.coverage.basisPoints > 9000)
        let junit = try Data(contentsOf: URL(fileURLWithPath: folder.file("junit.xml")))
        let counts = try JUnitCounts(junit)
        #expect(counts.declared == [report.tests.count, report.failed])
        #expect(counts.cases == report.tests.count)
        #expect(counts.failures == report.failed)
        let text = try Docket.binary.run("rules", "test", rules.path)
        #expect(text.output.contains("\(report.passed) passed, \(report.failed) failed"))
    }
}
