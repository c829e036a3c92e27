import Rules
import Testing

@Suite struct YamlTests {
    @Test(
        "scalars mean what the YAML 1.2 core schema says",
        arguments: [
            ("on", "\"on\""), ("no", "\"no\""), ("16:00", "\"16:00\""), ("true", "true"), ("0x1F", "31"),
            ("0o17", "15"), ("017", "17"), ("1e3", "1000"), (".5", "0.5"), ("~", "null"), ("'1'", "\"1\""),
            ("1_000", "\"1_000\""), ("2024-02-15", "\"2024-02-15\""), ("+12", "12"), ("-0", "0"), ("yes", "\"yes\""),
        ])
    func scalars(yaml: String, json: String) throws {
        let file = try RuleTestFile.read(
            RuleFile(
                name: "t.yaml",
                text: "suite: s\ntests:\n  - {name: n, when: {type: a.b, data: {x: \(yaml)}}, expect: []}\n"))
        guard case .event(let event) = file.tests[0].when[0] else { return #expect(Bool(false)) }
        #expect(String(decoding: event.data, as: UTF8.self) == #"{"x":\#(json)}"#)
    }

    @Test("tags, complex keys and a second document are refused")
    func refused() {
        for text in [
            "suite: !!set s\n", "? [a]\n: b\n", "suite: s\n---\nsuite: t\n", "suite: [\n", "suite: 1\nsuite: 2\n",
        ] {
            #expect(throws: RuleSetError.self) { try RuleTestFile.read(RuleFile(name: "t.yaml", text: text)) }
        }
    }
}
