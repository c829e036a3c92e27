import AgentKit
import Rules
import Testing

/// The keys that a file states once for all its rules, and how many errors are reported at once.
@Suite struct RuleFileTests {
    let fixture = Fixture()

    private static let head = """
        agent: complaint
        version: 1.0.0
        triggers:
          own.asked: {id: string, amount: int, why: gone|late|far, note: optional string}
          own.told: {id: string, text: string, note: optional string}
        decisions:
          own.kept: {id: string, amount: int}
          own.refused: {outcome: refused, data: {id: string, reason: gone|late}}
          own.noted: {id: string, note: optional string}

        """

    private static let rule = """
        rules:
          - id: r
            on: own.asked
            subject: id
            onError: []
            emit: [{own.kept: [id, amount]}]

        """

    private func errors(_ text: String) -> [String] {
        do throws(RuleSetError) {
            _ = try fixture.load(text, head: Self.head)
            return []
        } catch {
            return error.diagnostics.map { "\($0.line):\($0.column): \($0.message)" }
        }
    }

    private func warnings(_ text: String) throws -> [String] {
        try fixture.load(text, head: Self.head).warnings.map(\.message)
    }

    // MARK: Said once

    @Test(
        "what a file says for its rules is right even where no rule uses it",
        arguments: [
            ("refused: own.refussed", "10:10: unknown event type `own.refussed`"),
            ("refused: own.asked", "10:10: `complaint` cannot emit `own.asked`: it is a trigger"),
            ("subject: idd", "10:10: `subject`: no decision has a member `idd`, did you mean `id`?"),
            ("subject: nobody.id", "10:10: unknown name `nobody`"),
            ("onError: [own.gone: [id]]", "10:11: unknown event type `own.gone`"),
            ("onError: [own.noted: [id, nothing: '1']]", "10:27: unknown member `nothing`"),
            ("onError: [own.refused: [id]]", "10:11: missing member `reason`"),
            ("onError: [own.kept: {id: data.id, amount: '\"a\"'}]", "10:44: must be int, is string"),
        ])
    func unused(line: String, message: String) {
        let found = errors(line + "\n" + Self.rule)
        #expect(found.count == 1 && found[0].hasPrefix(message), "\(found)")
    }

    @Test("a decision that refuses says so")
    func outcome() throws {
        let message = "`own.noted` refuses, and its declaration does not say so: `outcome: refused`"
        #expect(try warnings("refused: own.noted\n" + Self.rule) == [message])
        func line(_ more: String, rule: String = "") -> String {
            """
            rules:
              - id: r
                on: own.asked
            \(rule)
                refuse: [{when: data.amount > 1, because: it is much\(more)}]
            """
        }
        #expect(try warnings(line(", as: own.noted")) == [message])
        #expect(try warnings(line("", rule: "    refused: own.noted")) == [message])
        #expect(try warnings(line(", as: own.refused, with: {reason: 'data.id == \"1\" ? \"gone\" : \"late\"'}")) == [])
        let alert = #"as: alert.raised, with: {alertId: data.id, severity: '"info"', what: '"much"'}"#
        #expect(try warnings(line(", " + alert)) == [])
    }

    // MARK: Reasons

    private func reason(_ value: String, names: String = "{}") -> [String] {
        errors(
            """
            rules:
              - id: r
                on: own.asked
                let: \(names)
                refuse:
                  - {when: data.amount > 1, as: own.refused, because: so it is, with: {reason: \(value)}}
            """)
    }

    @Test(
        "a reason that is computed is compared with those that are declared",
        arguments: [
            ("why", #"{why: 'data.amount > 5 ? "gone" : "late"'}"#, ""),
            ("why", #"{why: 'data.amount > 5 ? "gone" : "lost"'}"#, "must be one of gone, late, can be `lost`"),
            ("why", #"{first: '"lte"', why: first}"#, "must be one of gone, late, can be `lte`, did you mean `late`?"),
            ("data.why", "{}", "must be one of gone, late, can be `far`"),
            (#"'data.amount > 5 ? "gone" : "far"'"#, "{}", "must be one of gone, late, can be `far`"),
            ("data.id", "{}", "an expression needs `reason: string`"),
            ("why", #"{why: 'data.id + "x"'}"#, "an expression needs `reason: string`"),
        ])
    func reasons(value: String, names: String, message: String) {
        let found = reason(value, names: names)
        guard !message.isEmpty else { return #expect(found == []) }
        #expect(found.count == 1 && found[0].hasPrefix("15:") && found[0].contains(message), "\(found)")
    }

    @Test("a text that the rule's conditions rule out is not held against it")
    func conditions() {
        let rule = """
            rules:
              - id: r
                on: own.asked
                let: {why: 'data.amount > 5 ? "gone" : ""'}
                emit: [{own.refused: [id, reason: why], if: why != ""}]
            """
        #expect(errors(rule) == [])
        let found = errors(rule.changing(#"why != """#, "data.amount > 5"))
        #expect(found.count == 1 && found[0].hasSuffix("can be ``"), "\(found)")
    }

    // MARK: Several types

    private func reading(_ expression: String) -> [String] {
        errors(
            """
            rules:
              - id: r
                on: [own.asked, own.told]
                when: \(expression)
                emit: [{own.noted: [id]}]
            """)
    }

    @Test("a rule reads of several types what each of them has, or asks first")
    func severalTypes() {
        #expect(
            reading("data.amount > 1")
                == ["13:16: `own.told` has no `amount`: ask `has(...)` first, or select it as `.?amount`"])
        #expect(reading("data.id != '' && data.text != data.why").count == 2)
        #expect(reading("data.id != ''") == [])
        #expect(reading("has(data.amount) && data.amount > 1") == [])
        #expect(reading("data.?amount.orValue(0) > 1") == [])
        let copied = errors(
            """
            rules:
              - id: r
                on: [own.asked, own.told]
                emit: [{own.kept: [id, amount]}]
            """)
        #expect(copied.count == 1 && copied[0].hasPrefix("13:28: `own.told` has no `amount`"), "\(copied)")
    }

    @Test("what may be absent in one of them is doubtful, as it is in it alone")
    func mayBeAbsent() throws {
        func warnings(_ on: String) throws -> [String] {
            try self.warnings(
                "rules:\n  - id: r\n    on: \(on)\n    when: data.note == \"n\"\n    emit: [{own.noted: [id]}]")
        }
        #expect(try warnings("own.told").count == 1)
        #expect(try warnings("[own.asked, own.told]") == warnings("own.told"))
    }

    // MARK: Places

    @Test("what is wrong with a copied member stands where its name does")
    func copied() {
        let rule = """
            rules:
              - id: r
                on: own.told
                emit:
                  - own.kept:
                      - id
                      - amount
            """
        let found = errors(rule)
        #expect(found.count == 1 && found[0].hasPrefix("16:13: "), "\(found)")
        let reason = rule.changing("own.told", "own.asked").changing("own.kept", "own.refused")
        let wrong = errors(reason.changing("- amount", "- reason"))
        #expect(wrong.count == 1 && wrong[0].hasPrefix("16:13: "), "\(wrong)")
        let filled = errors(
            """
            rules:
              - id: r
                on: own.asked
                refuse:
                  - {when: data.amount > 1, as: own.refused, reason: far, because: so it is}
            """)
        #expect(filled.count == 1 && filled[0].hasPrefix("14:58: must be one of gone, late, is `far`"), "\(filled)")
    }

    // MARK: All of it

    @Test("every error is told that does not follow from another")
    func all() {
        let found = errors(
            """
            rules:
              - id: one
                on: own.askd
                let: {name: nobody + 1}
                when: data.amount +
                refuse:
                  - {when: 1 +, as: own.gone, because: "{no_one}", with: {reason: nothing()}, also: [{own.lost: {id: gone_too}}]}
                emit:
                  - own.unknown: {id: missing}
                    each: 5 +
                    if: absent
                timers:
                  - {name: t, key: unset, at: unsaid, if: unmeant}
              - id: two
                on: own.asked
                quorum: {of: [wallet], need: 1, within: unlimited, reference: unheard}
                emit:
                  - own.kept: {id: data.idd, amount: unreal, other: unwanted}
              - id: three wrong
                on: own.told
                emit: [{own.kept: {id: data.id, amount: data.amount}}]
            """)
        let names = [
            "`own.askd`", "`nobody`", "`own.gone`", "`no_one`", "nothing", "`own.lost`", "`gone_too`", "`own.unknown`",
            "`missing`", "`absent`", "`unset`", "`unsaid`", "`unmeant`", "`unlimited`", "`unheard`", "idd", "`unreal`",
            "unknown member `other`", "`unwanted`", "`three wrong`", "amount",
        ]
        for name in names { #expect(found.contains { $0.contains(name) }, "\(name) in \(found)") }
        #expect(found.filter { $0.hasPrefix("14:") }.count == 1, "the condition without its end: \(found)")
        #expect(found.filter { $0.hasPrefix("16:") }.count >= 5, "\(found)")
    }

    @Test("a type whose declaration cannot be read is not said to be unknown where it is used")
    func lostTypes() {
        let broken = "agent: order\nversion: 1.0.0\ntriggers:\n  order.placed: {id: string\n  order.gone: {}\n"
        let using = """
            agent: complaint
            version: 1.0.0
            triggers:
              own.asked: {id: strng}
            rules:
              - {id: one, on: order.placed, when: nobody, timers: [{name: t, key: '"k"', at: event.recordedtime}]}
              - {id: two, on: own.asked, timers: [{name: t, key: data.id, at: event.recordedtime}]}
              - {id: three, on: own.askd, timers: [{name: t, key: data.id, at: event.recordedtime}]}
            """
        do throws(RuleSetError) {
            let files = ["order.yaml": broken, "complaint.yaml": using].map { RuleFile(name: $0.key, text: $0.value) }
            _ = try RuleSet.load(files: files, host: fixture.host)
            Issue.record("it loads")
        } catch {
            let messages = error.diagnostics.map(\.message)
            #expect(error.diagnostics.filter { $0.file == "order.yaml" }.count == 1)
            #expect(messages.contains { $0.hasPrefix("unknown type `strng`") }, "\(messages)")
            #expect(messages.contains("unknown name `nobody`"), "\(messages)")
            #expect(messages.filter { $0.contains("unknown event type") }.count == 1, "\(messages)")
            #expect(messages.contains { $0.hasPrefix("unknown event type `own.askd`") }, "\(messages)")
        }
    }

    @Test("a file without its version, and sentences that are wrong in two places, are read to the end")
    func wholeFile() {
        do throws(RuleSetError) {
            _ = try RuleSet.load(
                files: [
                    RuleFile(
                        name: "complaint.yaml",
                        text: """
                            agent: complaint
                            triggers:
                              own.asked: {data: {id: string}, say: "{nobody} and {no_one}"}
                            rules:
                              - on: own.asked
                                when: missing
                                timers: [{name: t, key: data.id, at: event.recordedtime}]
                            """)
                ], host: fixture.host)
            Issue.record("it loads")
        } catch {
            let text = error.description
            for what in ["needs `version`", "`nobody`", "`no_one`", "needs `id`", "`missing`"] {
                #expect(text.contains(what), "\(what) in \(text)")
            }
        }
    }
}

extension String {
    fileprivate func changing(_ old: String, _ new: String) -> String {
        split(separator: old, omittingEmptySubsequences: false).joined(separator: new)
    }
}

@Suite struct YamlTests {
    @Test(
        "scalars mean what the YAML 1.2 core schema says",
        arguments: [
            ("on", "\"on\""), ("no", "\"no\""), ("16:00", "\"16:00\""), ("true", "true"), ("0x1F", "31"),
            ("0o17", "15"), ("017", "17"), ("1e3", "1000"), (".5", "0.5"), ("~", "null"), ("'1'", "\"1\""),
            ("1_000", "\"1_000\""), ("2024-02-15", "\"2024-02-15\""), ("+12", "12"), ("-0", "0"), ("yes", "\"yes\""),
        ])
    func scalars(yaml: String, json: String) throws {
        let content = try RuleFile(name: "t.yaml", text: "{x: \(yaml)}\n").content()
        #expect(String(decoding: content, as: UTF8.self) == #"{"x":\#(json)}"#)
    }

    @Test("tags, complex keys and a second document are refused")
    func refused() {
        for text in [
            "suite: !!set s\n", "? [a]\n: b\n", "suite: s\n---\nsuite: t\n", "suite: [\n", "suite: 1\nsuite: 2\n",
        ] {
            #expect(throws: RuleSetError.self) { try RuleFile(name: "t.yaml", text: text).content() }
        }
    }
}
