import AgentKit

/// Decodes a test file.
struct RuleTestReader {
    let file: SourceFile

    func file(_ root: YamlNode) -> RuleTestFile? {
        guard
            let reader = MappingReader(
                root, in: file, what: "a test file", known: ["suite", "background", "tests"]),
            let suite = reader.text("suite", isRequired: true)
        else { return nil }
        _ = reader.required("tests")
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
        guard
            let reader = MappingReader(
                node, in: file, what: "a test", known: ["name", "given", "when", "expect"])
        else { return nil }
        let name = reader.text("name", isRequired: true)
        let when = reader.required("when")
        _ = reader.required("expect")
        let steps = (when?.elements ?? [when].compactMap { $0 }).compactMap(step)
        return RuleTest(
            name: name ?? "", line: node.place.line, given: reader.list("given").compactMap(step), when: steps,
            expect: reader.list("expect").compactMap(expected))
    }

    private func step(_ node: YamlNode) -> RuleTestStep? {
        let known = ["type", "time", "subject", "as", "data", "at"]
        guard let reader = MappingReader(node, in: file, what: "a step", known: known) else { return nil }
        if let at = reader.text("at") {
            for key in known.dropLast() where reader[key] != nil {
                file.error(reader.keyPlace(key), "a step is either an event or `at`")
            }
            checkTime(at, reader["at"])
            return .at(at, line: node.place.line)
        }
        guard let type = reader.text("type", isRequired: true) else { return nil }
        let time = reader.text("time")
        if let time { checkTime(time, reader["time"]) }
        return .event(
            RuleTestEvent(
                type: type, time: time, subject: reader.text("subject"), authority: reader.text("as"),
                data: reader["data"].map(canonical) ?? Array("{}".utf8), line: node.place.line))
    }

    private func expected(_ node: YamlNode) -> ExpectedEntry? {
        guard
            let reader = MappingReader(
                node, in: file, what: "an expected entry", known: ["type", "rule", "subject", "because", "data"]),
            let type = reader.text("type", isRequired: true)
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
        file.error(node.place, "`\(text)` is no RFC 3339 timestamp with an offset")
    }

    private func canonical(_ node: YamlNode) -> [UInt8] { YamlCanonical.bytes(node, in: file) }
}
