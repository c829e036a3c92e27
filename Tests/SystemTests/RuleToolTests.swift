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

    @Test("rules format puts rules into their layout, says which files it changed, and --check only says")
    func format() throws {
        #expect(try Docket.binary.run("rules", "format", "--check", Docket.rules).status == 0)
        let rules = try RuleCopy()
        try rules.replace(
            "  - id: open\n    on: complaint.submitted\n", with: "  - on: complaint.submitted\n    id: open\n",
            in: "complaint.yaml")
        try rules.replace("\ntests:", with: "\n\n\ntests:", in: "tests/complaint-deadlines.yaml")
        let checked = try Docket.binary.run("rules", "format", rules.path, "--check")
        #expect(checked.status == 1)
        #expect(checked.output == "complaint.yaml\ntests/complaint-deadlines.yaml\n", "\(checked.messages)")
        let done = try Docket.binary.run("rules", "format", rules.path)
        #expect(done.status == 0 && done.output == checked.output)
        #expect(try rules.text(of: "complaint.yaml") == (try RuleCopy().text(of: "complaint.yaml")))
        #expect(try Docket.binary.run("rules", "format", rules.path, "--check").status == 0)
        #expect(try Docket.binary.run("rules", "diff", Docket.rules, rules.path).status == 0)
    }

    @Test("rules format says which keys it cannot put in order, and ends with 1")
    func formatInBraces() throws {
        let folder = try TemporaryDirectory()
        let text = "agent: a\nrules:\n  - {on: b.c, id: a, cancel: []}\n"
        try text.write(toFile: folder.file("a.yaml"), atomically: true, encoding: .utf8)
        let done = try Docket.binary.run("rules", "format", folder.path)
        #expect(done.status == 1 && done.output == "")
        #expect(
            done.messages.contains("a.yaml:3:15: `id` stands behind `on` and cannot be put before it"),
            "\(done.messages)")
        #expect(try String(contentsOfFile: folder.file("a.yaml"), encoding: .utf8) == text)
        let json = try Docket.binary.run("rules", "format", "--check", "--json", folder.path)
        #expect(json.status == 1 && json.output.contains("a.yaml:3:15"), "\(json.output)")
    }

    @Test("rules new starts an agent's file and its tests, which pass; what is there stays")
    func new() throws {
        let folder = try TemporaryDirectory()
        let rules = folder.file("rules")
        let made = try Docket.binary.run("rules", "new", "analytics", "--rules", rules)
        #expect(made.status == 0, "\(made.messages)")
        #expect(made.output == "\(rules)/analytics.yaml\n\(rules)/tests/analytics-requests.yaml\n")
        let checked = try Docket.binary.run("rules", "check", rules)
        #expect(checked.status == 0 && !checked.messages.contains("warning"), "\(checked.output)\(checked.messages)")
        let tested = try Docket.binary.run("rules", "test", rules)
        #expect(tested.status == 0 && tested.output.contains("2 passed, 0 failed"), "\(tested.output)")
        #expect(try Docket.binary.run("rules", "format", "--check", rules).status == 0)
        let mutated = try Docket.binary.run("rules", "mutate", rules, "--fail-under", "100")
        #expect(mutated.status == 0 && mutated.output == "noticed 5 of 5: 100.00 %\n", "\(mutated.output)")
        let again = try Docket.binary.run("rules", "new", "analytics", "--rules", rules)
        #expect(again.status == 1 && again.messages.contains("is there already"))
        let unknown = try Docket.binary.run("rules", "new", "analytic", "--rules", rules)
        #expect(unknown.status == 1 && unknown.messages.contains("did you mean `analytics`?"))
    }

    @Test("rules check says which files it passes over, and that nothing is no text")
    func misnamed() throws {
        let rules = try RuleCopy()
        try "agent: gift".write(toFile: rules.path + "/gift.yml", atomically: true, encoding: .utf8)
        let checked = try Docket.binary.run("rules", "check", rules.path)
        #expect(checked.status == 0 && checked.messages.contains("warning: `gift.yml` is not read"))
        try rules.replace("because: the complaint is closed", with: "because: null", in: "complaint.yaml")
        let null = try Docket.binary.run("rules", "check", rules.path)
        #expect(null.status == 1 && null.output.contains("`because` must be a text, is `null`"), "\(null.output)")
    }

    @Test("rules new gives every agent of the program a file that passes its check and its tests")
    func newOfEach() throws {
        for agent in [
            "complaint", "compliance", "franchise", "marketplace", "order", "quality", "recommendation", "verification",
            "wallet",
        ] {
            let folder = try TemporaryDirectory()
            let rules = folder.file("rules")
            #expect(try Docket.binary.run("rules", "new", agent, "--rules", rules).status == 0)
            let tested = try Docket.binary.run("rules", "test", rules)
            #expect(
                tested.status == 0 && tested.output.contains(", 0 failed"),
                "\(agent)\n\(tested.output)\(tested.messages)")
        }
    }

    @Test("the worked example of the rules' page is a file that the program takes")
    func workedExample() throws {
        let page = try String(contentsOfFile: Docket.package + "/rules/README.md", encoding: .utf8)
        let example = try #require(page.firstMatch(of: /(?s)```yaml\n(agent: complaint\n.*?)```/)?.output.1)
        let folder = try TemporaryDirectory()
        try String(example).write(toFile: folder.file("complaint.yaml"), atomically: true, encoding: .utf8)
        let checked = try Docket.binary.run("rules", "check", folder.path)
        #expect(checked.status == 0 && !checked.messages.contains("warning"), "\(checked.messages)")
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

/// A copy of the package's rules that a test may change.
final class RuleCopy {
    private let folder: TemporaryDirectory

    init() throws {
        folder = try TemporaryDirectory("docket-rules")
        try FileManager.default.copyItem(atPath: Docket.rules, toPath: path)
    }

    /// A copy with one text replaced in one file.
    convenience init(replacing old: String, with new: String, in file: String) throws {
        try self.init()
        try replace(old, with: new, in: file)
    }

    /// The folder of rule files.
    var path: String { folder.file("rules") }

    func text(of file: String) throws -> String {
        try String(contentsOfFile: path + "/" + file, encoding: .utf8)
    }

    func write(_ text: String, to file: String) throws {
        try text.write(toFile: path + "/" + file, atomically: true, encoding: .utf8)
    }

    /// Removes files of tests, by name.
    func removeTests(_ isRemoved: (String) -> Bool) throws {
        for name in try FileManager.default.contentsOfDirectory(atPath: path + "/tests") where isRemoved(name) {
            try FileManager.default.removeItem(atPath: path + "/tests/" + name)
        }
    }

    func replace(_ old: String, with new: String, in file: String) throws {
        let text = try text(of: file)
        try #require(text.contains(old))
        try text.replacingOccurrences(of: old, with: new)
            .write(toFile: path + "/" + file, atomically: true, encoding: .utf8)
    }
}

/// Counts of the tags in a JUnit file.
struct JUnitCounts {
    /// The numbers of tests and failures that its head states.
    let declared: [Int]
    let cases: Int
    let failures: Int

    init(_ file: some Collection<UInt8>) throws {
        let text = String(decoding: file, as: UTF8.self)
        let head = try #require(text.firstMatch(of: /<testsuites tests="(\d+)" failures="(\d+)"/))
        declared = [Int(head.1) ?? -1, Int(head.2) ?? -1]
        cases = text.matches(of: /<testcase\b/).count
        failures = text.matches(of: /<failure/).count
    }
}
