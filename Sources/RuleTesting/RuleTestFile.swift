import AgentKit
package import Rules

/// One file of `rules/tests/`: tests of rules, as given, when, expect.
package struct RuleTestFile: Sendable {
    package let name: String
    /// The subject of the file's tests.
    package let suite: String
    /// Steps before every test.
    package let background: [RuleTestStep]
    package let tests: [RuleTest]

    /// Reads a file; throws all its errors at once.
    package static func read(_ file: RuleFile) throws(RuleSetError) -> RuleTestFile {
        let source = SourceFile(file)
        let reader = RuleTestReader(file: source)
        let result = YamlReader.read(source).flatMap(reader.file)
        guard let result, source.errors.isEmpty else { throw RuleSetError(source.errors.sorted()) }
        return result
    }
}

/// One test: the steps before, the steps tested, and the entries that must follow.
package struct RuleTest: Sendable {
    package let name: String
    /// The test's line, from 1.
    package let line: Int
    package let given: [RuleTestStep]
    package let when: [RuleTestStep]
    package let expect: [ExpectedEntry]
    /// Indicates that other entries may follow beside those expected.
    package let isPartial: Bool
}

/// One step of a test.
package enum RuleTestStep: Sendable {
    case event(RuleTestEvent)
    /// Moves the clock; timers and schedules that are due by then fire.
    case at(String, line: Int)
}

/// An event of a test. One of a type that producers send runs as a whole cascade; any other is only folded.
package struct RuleTestEvent: Sendable {
    package let type: String
    /// RFC 3339; nil takes the clock.
    package let time: String?
    package let subject: String?
    /// The principal that sends it.
    package let authority: String?
    /// RFC 8785 canonical JSON.
    package let data: [UInt8]
    package let line: Int
}

/// An entry that must follow. What is nil is not compared.
package struct ExpectedEntry: Sendable {
    package let type: String
    /// `agent/id`.
    package let rule: String?
    package let subject: String?
    package let because: String?
    /// RFC 8785 canonical JSON.
    package let data: [UInt8]?
    /// Indicates that `data` names only some of the members that must be there.
    package let isPartial: Bool
    package let line: Int
}

/// Decodes a test file.
struct RuleTestReader {
    let file: SourceFile

    func file(_ root: YamlNode) -> RuleTestFile? {
        guard
            let reader = MappingReader(root, in: file, .testFile), let suite = reader.text("suite")
        else { return nil }
        let tests = reader.list("tests").compactMap(test)
        var lines: [String: Int] = [:]
        for test in tests {
            if let line = lines.updateValue(test.line, forKey: test.name) {
                file.error(
                    SourcePlace(line: test.line, column: 1), "test `\(test.name)` is there already, on line \(line)")
            }
        }
        return RuleTestFile(
            name: file.name, suite: suite, background: reader.list("background").compactMap(step), tests: tests)
    }

    private func test(_ node: YamlNode) -> RuleTest? {
        guard let reader = MappingReader(node, in: file, .test) else { return nil }
        let name = reader.text("name")
        let steps = (reader["when"].map { $0.elements ?? [$0] } ?? []).compactMap(step)
        let (expect, isPartial) = expectation(reader)
        return RuleTest(
            name: name ?? "", line: node.place.line, given: reader.list("given").compactMap(step), when: steps,
            expect: expect, isPartial: isPartial)
    }

    /// Every entry that follows, or under `includes` some of them.
    private func expectation(_ test: MappingReader) -> ([ExpectedEntry], isPartial: Bool) {
        guard let node = test["expect"], node.entries != nil else {
            return (test.list("expect").compactMap(expected), false)
        }
        guard let reader = MappingReader(node, in: file, .included) else { return ([], true) }
        let entries = reader.list("includes").compactMap(expected)
        if entries.isEmpty {
            file.error(reader.keyPlace("includes"), "`includes` names no entry: every test would pass")
        }
        return (entries, true)
    }

    private func step(_ node: YamlNode) -> RuleTestStep? {
        guard let reader = MappingReader(node, in: file, .step) else { return nil }
        if let at = reader.text("at") {
            for key in KeyTable.step.names where key != "at" && reader[key] != nil {
                file.error(reader.keyPlace(key), "a step is either an event or `at`")
            }
            checkTime(at, reader["at"])
            return .at(at, line: node.place.line)
        }
        guard reader.required("type") != nil, let type = reader.text("type") else { return nil }
        let time = reader.text("time")
        if let time { checkTime(time, reader["time"]) }
        return .event(
            RuleTestEvent(
                type: type, time: time, subject: reader.text("subject"), authority: reader.text("as"),
                data: reader["data"].map(canonical) ?? Array("{}".utf8), line: node.place.line))
    }

    private func expected(_ node: YamlNode) -> ExpectedEntry? {
        guard
            let reader = MappingReader(node, in: file, .expected), let type = reader.text("type")
        else { return nil }
        var data = reader["data"]
        var isPartial = false
        if let entries = data?.entries, entries.count == 1, entries[0].key == "includes",
            entries[0].value.entries != nil
        {
            data = entries[0].value
            isPartial = true
        }
        return ExpectedEntry(
            type: type, rule: reader.text("rule"), subject: reader.text("subject"), because: reader.text("because"),
            data: data.map(canonical), isPartial: isPartial, line: node.place.line)
    }

    private func checkTime(_ text: String, _ node: YamlNode?) {
        guard Instant(rfc3339: text) == nil, let node else { return }
        file.error(node.place, "`\(text)` is not an RFC 3339 timestamp with an offset")
    }

    private func canonical(_ node: YamlNode) -> [UInt8] { YamlCanonical.bytes(node, in: file) }
}
