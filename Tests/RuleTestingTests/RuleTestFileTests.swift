import AgentKit
import Foundation
import JSON
import RuleTesting
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
                try Self.event("a.b", #"{"x":1}"#), try Self.event("a.c", "{}"),
                try Self.event("a.b", #"{"x":2}"#), try Self.event("a.d", "{}"),
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
            try Self.event("a.b", #"{"x":2,"y":[1,3],"w":0}"#, subject: "S"),
            try Self.event("schedule.daily", "{}"),
            try Self.event("a.d", #"{"z":true,"more":1}"#),
            try Self.event("a.e", "{}"),
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

    @Test("the example of a test on the page about rules is a test file")
    func example() throws {
        let page = try String(contentsOfFile: Repository.path("rules/README.md"), encoding: .utf8)
        let text = try #require(page.components(separatedBy: "```yaml\n").last?.components(separatedBy: "```").first)
        #expect(try read(text).tests.map(\.name) == ["a complaint about an unknown order is refused"])
    }

    /// An entry as the log would hold it.
    private static func event(_ type: String, _ data: String, subject: String? = nil) throws -> Event {
        let subject = subject.map { ",\"subject\":\"\($0)\"" } ?? ""
        let text = """
            {"specversion":"1.0","id":"e-1","source":"/test","type":"\(type)","sequence":"0000000000000007",\
            "recordedtime":"2024-02-16T10:00:00.000Z","authid":"local","data":\(data)\(subject)}
            """
        return try #require(Event(try Document.parse(Array(text.utf8))))
    }
}

/// The repository these tests lie in.
enum Repository {
    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

    static func path(_ name: String) -> String { root + "/" + name }
}
