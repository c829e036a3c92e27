import Rules
import Testing

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
