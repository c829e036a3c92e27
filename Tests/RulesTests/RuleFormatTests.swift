import Rules
import Testing

/// The one layout of rule files.
@Suite struct RuleFormatTests {
    private func formatted(_ text: String) throws -> String {
        String(decoding: try RuleFormat.formatted(RuleFile(name: "complaint.yaml", text: text)), as: UTF8.self)
    }

    @Test("puts a rule's keys in order, with their comments, and one blank line between rules")
    func orders() throws {
        let text = """
            # The file.
            agent: complaint


            version: 1.0.0
            rules:
              # About a.
              - on: complaint.submitted
                # Why it is done.
                because: so it is   # to the point
                emit:
                  # The one decision.
                  - complaint.refused: [complaintId]
                # What it is called.
                id: a
                when: >-
                  data.amount > 1

                  && data.amount < 5
              - {id: b, on: complaint.submitted, cancel: []}
              # About c.
              - id: c
                timers: []
                on: complaint.resolved

            """
        let expected = """
            # The file.
            agent: complaint

            version: 1.0.0
            rules:
              # About a.
              # What it is called.
              - id: a
                on: complaint.submitted
                when: >-
                  data.amount > 1

                  && data.amount < 5
                # Why it is done.
                because: so it is   # to the point
                emit:
                  # The one decision.
                  - complaint.refused: [complaintId]
              - {id: b, on: complaint.submitted, cancel: []}

              # About c.
              - id: c
                on: complaint.resolved
                timers: []

            """
        #expect(try formatted(text) == expected)
        #expect(try formatted(expected) == expected)
    }

    @Test("takes blanks from the ends of lines and of the file, and line ends of another system")
    func blanks() throws {
        #expect(
            try formatted("agent: a  \r\nversion: 1.0.0\t\r\nrules: []\r\n\r\n\r\n")
                == "agent: a\nversion: 1.0.0\nrules: []\n")
        #expect(try formatted("agent: a") == "agent: a\n")
    }

    @Test("changes nothing that a file says: a text with blanks at its line ends stays")
    func keepsTexts() throws {
        let text = "agent: a\nversion: |\n  one  \n\n\n\n  two\nrules: []\n"
        #expect(try formatted(text) == text)
    }

    @Test("refuses what is no YAML")
    func broken() {
        #expect(throws: RuleSetError.self) { try formatted("agent: [a\n") }
    }

    @Test(
        "keeps what a file says, and ends, where comments and texts stand at the margin",
        arguments: [
            "  - id: r\n    on: complaint.submitted\n# why\n    emit: []\n",
            "  - id: r\n    on: complaint.submitted\n  # why\n    emit: []\n",
            "  - emit: [\n  ]\n    id: r\n    on: complaint.submitted\n",
            "  - because: \"a\nb\"\n    id: r\n    on: complaint.submitted\n    emit: []\n",
            "  - because: \"a\u{2028}b\"\n    id: r\n    on: complaint.submitted\n    emit: []\n",
            "  - because: \"a\u{85}b\"\n    id: r\n    on: complaint.submitted\n    emit: []\n",
        ])
    func margin(rule: String) throws {
        let text = "agent: complaint\nversion: 1.0.0\nrules:\n" + rule
        let once = try formatted(text)
        #expect(try formatted(once) == once)
        #expect(once.contains("why") == text.contains("why"))
    }

    @Test("takes lines that end with a carriage return alone")
    func carriageReturns() throws {
        let text = "agent: complaint\rversion: 1.0.0\rrules:\r  - id: r\r    on: complaint.submitted\r    emit: []\r"
        #expect(try formatted(text).contains("complaint.submitted"))
    }

    @Test("leaves a comment with the list that it stands in")
    func commentedOut() throws {
        let text = """
            agent: complaint
            version: 1.0.0
            rules:
              - id: r
                emit:
                  - complaint.refused: [complaintId]
                  # - complaint.opened: []
                on: complaint.submitted

            """
        let lines = try formatted(text).split(separator: "\n").map(String.init)
        #expect(
            lines.suffix(3) == [
                "    emit:", "      - complaint.refused: [complaintId]", "      # - complaint.opened: []",
            ])
    }

    @Test("orders a rule whose dash stands alone, and one with blanks that a text of the file needs")
    func ordersMore() throws {
        #expect(
            try formatted("agent: a\nrules:\n  -\n    on: b\n    id: a\n")
                == "agent: a\nrules:\n  -\n    id: a\n    on: b\n")
        let text = "agent: a\nversion: |\n  one  \n\n\n  two\nrules:\n  - on: b\n    id: a\n"
        #expect(try formatted(text) == text.split(separator: "  - ")[0] + "  - id: a\n    on: b\n")
    }

    @Test("tells which keys it cannot put in order")
    func unordered() throws {
        func places(_ text: String) throws -> [String] {
            let file = RuleFile(name: "a.yaml", text: try formatted(text))
            return RuleFormat.unordered(file).map { "\($0.line):\($0.column): \($0.message)" }
        }
        #expect(
            try places("agent: a\nrules:\n  - {on: b, id: a, when: 'true'}\n")
                == ["3:13: `id` stands behind `on` and cannot be put before it: give each key a line of its own"])
        #expect(try places("agent: a\nfold:\n  a.b: {row: {x: '1'}, put: gifts}\n").count == 1)
        #expect(try places("agent: a\nfold:\n  a.b: {put: gifts, row: {x: '1'}}\n").isEmpty)
        #expect(try places("agent: a\nrules:\n  - on: b\n    id: a\n  - {id: c, on: d}\n").isEmpty)
    }

    @Test("takes a byte order mark away, which may stand before the first key")
    func byteOrderMark() throws {
        let text = "agent: a\nversion: 1.0.0\nrules: []\n"
        #expect(try formatted("\u{FEFF}" + text) == text)
        let marked = RuleFile(name: "complaint.yaml", text: "\u{FEFF}" + Fixture.head + "rules: []\n")
        let ruleSet = try RuleSet.load(files: [marked], host: Fixture().host)
        let plain = try Fixture().load("rules: []\n")
        #expect(ruleSet.digest == plain.digest)
        do throws(RuleSetError) {
            _ = try RuleSet.load(
                files: [RuleFile(name: "complaint.yaml", text: "\u{FEFF}agnt: complaint\n")], host: Fixture().host)
            Issue.record("it loads")
        } catch {
            #expect(error.description.hasPrefix("complaint.yaml:1:1: unknown key `agnt`"), "\(error)")
        }
    }
}
