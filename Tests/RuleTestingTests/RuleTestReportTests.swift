import Foundation
import JSON
import RuleTesting
import Rules
import Synchronization
import TestSupport
import Testing

/// The report of `docket rules test` on a small rule set.
@Suite struct RuleTestReportTests {
    private static let rules = RuleFile(
        name: "franchise.yaml",
        text: """
            agent: franchise
            version: 1.0.0
            facts:
              area.registered: {area: string, parent: optional string}
            decisions:
              area.noted: {area: string, name: string}
            rules:
              - id: note
                on: area.registered
                let:
                  name: '"<" + data.area + ">"'
                when: data.area != "karachi" && data.area != "quetta"
                because: an area & more
                emit:
                  - {area.noted: '{"area": data.area, "name": name}'}
            """)

    private static func tests(name: String) -> RuleFile {
        RuleFile(
            name: "areas.yaml",
            text: """
                suite: areas
                tests:
                  - name: an area is noted
                    when: {type: area.registered, time: 2024-02-15T09:00:00Z, data: {area: lahore}}
                    expect:
                      - {type: area.noted, rule: franchise/note, data: {area: lahore, name: "\(name)"}}
                  - name: karachi is not
                    when: {type: area.registered, time: 2024-02-15T09:00:00Z, data: {area: karachi}}
                    expect: []
                """)
    }

    private func report(name: String = "<lahore>", threshold: Int? = nil) throws -> RuleTestReport {
        try RuleTestReport.run(rules: [Self.rules], tests: [Self.tests(name: name)], threshold: threshold)
    }

    @Test("a report says what no test makes a rule do, and how much of each kind was done")
    func coverage() throws {
        let report = try report()
        #expect(
            report.text == """
                not covered:
                  franchise/note: `data.area != "quetta"` does not hold
                2 passed, 0 failed
                coverage 83.33 %: rules firing 1/1, not firing 1/1, conditions 3/4, refusals 0/0, rows 0/0

                """)
        #expect(report.exitCode == 0)
    }

    private static let refusing = RuleFile(
        name: "franchise.yaml",
        text: """
            agent: franchise
            version: 1.0.0
            triggers:
              area.asked: {area: string, size: int}
            decisions:
              area.noted: {area: string}
              area.refused: {area: string, reason: small|far}
            refused: area.refused
            rules:
              - id: note
                on: area.asked
                refuse:
                  - {when: data.size < 1, reason: small}
                  - {when: data.area == "moon", reason: far}
                emit:
                  - area.noted: [area]
                timers:
                  - {name: visit, key: data.area, at: event.recordedtime + duration("1h")}
            """)

    private static func asking(_ tests: String) -> RuleFile {
        RuleFile(name: "franchise-asking.yaml", text: "suite: asking\ntests:\n" + tests)
    }

    private static let noted = """
          - name: an area is noted
            when: {type: area.asked, time: 2024-02-15T09:00:00Z, data: {area: lahore, size: 1}}
            expect: {includes: [{type: area.noted}]}

        """
    private static let small = """
          - name: a small one is refused
            when: {type: area.asked, time: 2024-02-15T09:00:00Z, data: {area: lahore, size: 0}}
            expect: [{type: area.refused, data: {area: lahore, reason: small}}]

        """

    @Test("each line of refuse is counted")
    func refusals() throws {
        let report = try RuleTestReport.run(rules: [Self.refusing], tests: [Self.asking(Self.noted + Self.small)])
        #expect(report.isPassed, "\(report.text)")
        #expect(report.coverage.missed == [#"franchise/note: refusal `data.area == "moon"` holds"#])
        #expect(report.text.contains("refusals 1/2"))
    }

    @Test("a test in which the clock never comes to rest is broken, and says so")
    func restless() throws {
        let text = """
            agent: franchise
            version: 1.0.0
            triggers:
              area.asked: {area: string}
            rules:
              - {id: ask, on: area.asked, timers: [{name: again, key: data.area, at: event.recordedtime}]}
              - id: again
                on: timer.fired
                when: data.agent == "franchise" && data.name == "again"
                timers:
                  - {name: again, key: data.key, at: event.recordedtime}
            """
        let tests = """
              - name: an area is asked for
                given: [{type: area.asked, time: 2024-02-15T09:00:00Z, data: {area: lahore}}]
                when: {at: 2024-02-15T09:00:01Z}
                expect: []

            """
        let report = try RuleTestReport.run(
            rules: [RuleFile(name: "franchise.yaml", text: text)], tests: [Self.asking(tests)])
        #expect(!report.isPassed && report.text.contains("entries follow from the clock"), "\(report.text)")
    }

    @Test("a mutant that no test notices is named")
    func mutants() async throws {
        let directory = try TemporaryDirectory()
        try FileManager.default.createDirectory(atPath: directory.file("tests"), withIntermediateDirectories: true)
        func write(_ file: RuleFile, _ folder: String) throws {
            try Data(file.text).write(to: URL(fileURLWithPath: directory.file(folder + file.name)))
        }
        try write(Self.refusing, "")
        try write(Self.asking(Self.noted + Self.small), "tests/")
        let told = Mutex<(tried: [Int], survivors: Set<String>)>(([], []))
        let report = try await RuleMutationReport.run(rulesDirectory: directory.path, threads: 3) { progress in
            told.withLock {
                switch progress {
                case .tried(let done, let total):
                    #expect(total == 8)
                    $0.tried.append(done)
                case .survived(let survivor): $0.survivors.insert(survivor.text)
                }
            }
        }
        #expect(told.withLock(\.tried) == Array(1...8))
        #expect(told.withLock(\.survivors) == Set(report.survivors.map(\.text)))
        #expect(report.mutants == 8)
        #expect(
            report.survivors.map(\.change) == [
                #"without the refusal `data.area == "moon"`"#, "without its timer `visit`",
                #"with 2 for 1 in `event.recordedtime + duration("1h")`"#,
            ])
        #expect(report.basisPoints == 6250)
        #expect(
            report.text.hasPrefix(
                #"franchise.yaml:14: every test passes with `franchise/note` without the refusal `data.area == "moon"`"#
            ))
        #expect(report.text.hasSuffix("noticed 5 of 8: 62.50 %\n"))
        try write(Self.asking(Self.small.replacing("size: 0", with: "size: 5")), "tests/")
        await #expect(throws: RuleTestsFailing.self) {
            try await RuleMutationReport.run(rulesDirectory: directory.path, threads: 2) { _ in }
        }
    }

    @Test("coverage below the threshold fails the run, coverage at it does not")
    func threshold() throws {
        let low = try report(threshold: 84)
        #expect(low.isPassed && !low.isCovered && low.exitCode == 1)
        #expect(low.text.hasSuffix("coverage 83.33 % is below the threshold of 84 %\n"))
        #expect(try report(threshold: 83).exitCode == 0)
    }

    @Test("a failing test shows what differs, and the variables of the rule that decided")
    func failing() throws {
        let report = try report(name: "lahore")
        #expect(report.exitCode == 1)
        #expect(
            report.text.contains(
                """
                FAIL  areas.yaml:3: an area is noted
                        ~ area.noted by franchise/note {"area":"lahore","name":"<lahore>"}
                            data/name: expected "lahore", is "<lahore>"
                        franchise/note on area.registered decided
                            name = "<lahore>"
                """), "\(report.text)")
    }

    @Test("the JSON report holds every test, every branch with its hits, and the shares")
    func json() throws {
        let root = try Document.parse(try report(name: "lahore", threshold: 50).json).root
        #expect(root["passed"]?.int == 1 && root["failed"]?.int == 1)
        let coverage = try #require(root["coverage"])
        #expect(coverage["basisPoints"]?.int == 8333 && coverage["threshold"]?.int == 50)
        #expect(coverage["conditions"]?["hit"]?.int == 3 && coverage["conditions"]?["all"]?.int == 4)
        let rule = try #require(coverage["rules"]?.element(0))
        #expect(rule["rule"]?.string == "franchise/note" && rule["line"]?.int == 8)
        #expect(rule["branches"]?.count == 6)
        #expect(rule["branches"]?.element(5)["branch"]?.string == #"`data.area != "quetta"` does not hold"#)
        #expect(rule["branches"]?.element(5)["hits"]?.int == 0)
        let test = try #require(root["tests"]?.element(0))
        #expect(test["name"]?.string == "an area is noted" && test["passed"]?.bool == false)
        #expect(test["problem"]?.string?.contains("data/name: expected") == true)
        #expect(root["tests"]?.element(1)["problem"] == nil)
    }

    @Test("the JUnit report is XML with a failure where a test failed, its text escaped")
    func junit() throws {
        let text = String(decoding: try report(name: "lahore").junit, as: UTF8.self)
        #expect(text.hasPrefix("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites tests=\"2\" failures=\"1\">\n"))
        #expect(text.contains("<testsuite name=\"areas\" tests=\"2\" failures=\"1\">"))
        #expect(text.contains("is &quot;&lt;lahore&gt;&quot;"))
        #expect(text.contains("<testcase name=\"karachi is not\" classname=\"areas.yaml\" time=\""))
        #expect(text.hasSuffix("</testsuites>\n"))
    }

    @Test("a test file that cannot be read fails the run and is named in every form")
    func unreadable() throws {
        let broken = RuleFile(name: "broken.yaml", text: "suite: s\ntests:\n  - {name: n, when: {at: x}, expect: []}\n")
        let report = try RuleTestReport.run(rules: [Self.rules], tests: [broken])
        #expect(report.exitCode == 1)
        #expect(report.text.contains("broken.yaml:3:26: `x` is not an RFC 3339 timestamp"), "\(report.text)")
        #expect(
            String(decoding: report.junit, as: UTF8.self).contains("classname=\"unreadable\"><failure>broken.yaml:3"))
        #expect(report.text.hasSuffix("`broken.yaml` has errors: none of its tests was run\n"))
        #expect(try Document.parse(report.json).root["unreadable"]?.count == 1)
    }

    @Test("the texts that a projection's enum can be are known to the checks")
    func enumsOfProjections() throws {
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
                  - id: note
                    on: area.registered
                    when: orders[data.area].status == "dispached" || complaints["C-1"].status == "open"
                    emit: [{area.noted: '{"area": data.area}'}]
                """)
        let warnings = try RuleTestRunner(files: [rules]).warnings.map(\.message)
        #expect(warnings == ["`orders[data.area].status` is never `dispached`, did you mean `dispatched`?"])
    }
}
