import Rules
import Testing

@Suite struct RuleSetChangesTests {
    private let rule = """
        rules:
          - id: r
            on: area.registered
            when: data.area == "a"
            timers:
              - {name: t, key: '"k"', at: event.recordedtime}

        """

    @Test("a difference is told in words: rules, parameters, types")
    func words() throws {
        let fixture = Fixture()
        let old = try fixture.load(rule)
        let head = Fixture.head.replacing("sub: 200", with: "sub: 250").replacing("1.0.0", with: "1.1.0")
            .replacing("parent: optional string", with: "parent: string").replacing(
                "correctable: [complaint.refused]", with: "")
        let other =
            rule.replacing("== \"a\"", with: "!= \"a\"  # any other")
            + "  - {id: s, on: area.registered, timers: [{name: u, key: '\"k\"', at: event.recordedtime}]}\n"
        let new = try fixture.load(other, head: head)
        #expect(
            RuleSetChanges(from: old, to: new).lines == [
                "agent `complaint` goes from version 1.0.0 to 1.1.0",
                "rule `complaint/r` has changed: `when`",
                "rule `complaint/s` is new",
                "parameter `complaint: fine.sub` was `200`, is `250`",
                "event type `area.registered` was fact {area: string, parent: optional string}, is fact {area: string, parent: string}",
                "`complaint.refused` can no longer be corrected",
            ])
        #expect(RuleSetChanges(from: new, to: old).lines.contains("rule `complaint/s` is gone"))
    }

    @Test("layout alone is no difference")
    func layout() throws {
        let fixture = Fixture()
        let old = try fixture.load(rule)
        let new = try fixture.load(
            "# a note\n" + rule.replacing("on: area.registered", with: "on: \"area.registered\""))
        #expect(RuleSetChanges(from: old, to: new).lines == [])
    }
}

@Suite struct RuleSetDigestTests {
    private func digest(_ text: String) throws -> (set: String, file: String) {
        let set = try Fixture().load(text, head: "")
        return (set.digest, set.fileDigests["complaint.yaml"] ?? "")
    }

    @Test("comments and layout change a file's digest but not the rule set's")
    func layout() throws {
        let a = try digest("agent: complaint\nversion: 1.0.0\nparameters: {a: 1, b: '\"on\"'}\n")
        let b = try digest("# note\nversion: \"1.0.0\"\nparameters:\n  b: \"\\\"on\\\"\"\n  a: 0x1\nagent: complaint\n")
        let c = try digest("agent: complaint\nversion: 1.0.0\nparameters: {a: 2, b: '\"on\"'}\n")
        #expect(a.set == b.set)
        #expect(a.file != b.file)
        #expect(a.set != c.set)
    }

    @Test("a file's name is part of the rule set's digest")
    func name() throws {
        let text = "agent: complaint\nversion: 1.0.0\n"
        let host = Fixture().host
        let a = try RuleSet.load(files: [RuleFile(name: "a.yaml", text: text)], host: host)
        let b = try RuleSet.load(files: [RuleFile(name: "b.yaml", text: text)], host: host)
        #expect(a.digest != b.digest)
    }
}
