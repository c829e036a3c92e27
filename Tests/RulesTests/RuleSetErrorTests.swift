import Rules
import Testing

@Suite struct RuleSetErrorTests {
    let fixture = Fixture()

    @Test("an unknown field is named with its file, line, column, a caret and the nearest name")
    func unknownField() {
        let problems = fixture.problems(
            """
            id: r
            on: complaint.submitted
            when: data.orderID == "x"
            emit:
              - {complaint.refused: '{"complaintId": "a", "reason": "b"}'}
            """)
        let lines = problems.split(separator: "\n").map(String.init)
        let line = Fixture.head.split(separator: "\n", omittingEmptySubsequences: false).count + 3
        #expect(lines.first?.hasPrefix("complaint.yaml:\(line):") == true, "\(problems)")
        #expect(lines.first?.hasSuffix("unknown field `orderID`, did you mean `orderId`?") == true, "\(problems)")
        #expect(lines[1] == #"    when: data.orderID == "x""#)
        #expect(lines[2].hasPrefix("          ") && lines[2].contains("^"))
    }

    @Test("a place inside a folded expression is found on its own line")
    func folded() {
        let problems = fixture.problems(
            """
            id: r
            on: complaint.submitted
            when: >-
              data.amount > 5
              && data.amont < 10
            emit:
              - complaint.refused: >-
                  {"complaintId": "a",
                   "reson": "b", "reason": 5}
            """)
        let start = Fixture.head.split(separator: "\n", omittingEmptySubsequences: false).count
        #expect(problems.contains("complaint.yaml:\(start + 5):"), "\(problems)")
        #expect(problems.contains("complaint.yaml:\(start + 9):12: unknown member `reson`"), "\(problems)")
        #expect(problems.contains("complaint.yaml:\(start + 9):36: must be string, is int"), "\(problems)")
    }

    @Test(
        "what is wrong with a rule is refused, and said",
        arguments: [
            (
                "id: r\non: complaint.submited\nemit: []",
                "unknown event type `complaint.submited`: declare it under `triggers:`, `facts:` or `decisions:`, did you mean `complaint.submitted`?"
            ),
            ("id: r\non: complaint.submitted\nwen: x\nemit: []", "unknown key `wen` in a rule, did you mean `when`?"),
            ("id: r\non: complaint.submitted\nwhen: data.amount\nemit: []", "`when` must be bool, is int"),
            (
                "id: r\non: complaint.submitted\nemit:\n  - complaint.submitted: [complaintId]",
                "`complaint` cannot emit `complaint.submitted`: it is a trigger"
            ),
            (
                "id: r\non: complaint.submitted\nemit:\n  - timer.fired: [complaintId]",
                "`complaint` cannot emit `timer.fired`: it is of `engine`"
            ),
            (
                "id: r\non: complaint.submitted\nemit:\n  - complaint.refused:",
                "missing member `complaintId`"
            ),
            (
                #"id: r\non: complaint.submitted\nemit:\n  - {complaint.refused: '{"complaintId": "a"}'}"#,
                "missing member `reason`"
            ),
            (
                #"id: r\non: complaint.submitted\nemit:\n  - {complaint.refused: '{"complaintId": "a", ?"reason": data.?kind}'}"#,
                "member `reason` must be there"
            ),
            (
                #"id: r\non: complaint.submitted\nwhen: params.fine.subb > 1\nemit: []"#,
                "unknown name `subb` in `params.fine`, did you mean `sub`?"
            ),
            (
                #"id: r\non: complaint.submitted\nwhen: complaintz["x"].status == "y"\nemit: []"#,
                "unknown name `complaintz`, did you mean `complaints`?"
            ),
            (
                #"id: r\non: complaint.submitted\nwhen: data.description == "y"\nemit: []"#,
                "a personal field can only be passed on whole"
            ),
            (
                #"id: r\non: complaint.submitted\nwhen: b\nlet:\n  b: c\n  c: 'true'\nemit: []"#,
                "unknown name `c`"
            ),
            (
                #"id: r\non: complaint.submitted\nemit:\n  - {complaint.opened: '{"complaintId": "a", "tier": "subb", "deadline": event.recordedtime, "amount": 1}'}"#,
                "must be one of sub, master, is `subb`"
            ),
            (
                #"id: r\non: schedule.daily\nover: complaintz\nemit: []"#,
                "unknown projection `complaintz`, did you mean `complaints`?"
            ),
            (
                #"id: r\non: complaint.submitted\nover: complaints\nemit: []"#,
                "a rule with `over` must be on a schedule"
            ),
            (
                #"id: r\non: complaint.submitted\nquorum: {of: [order], need: 2, within: 1h, reference: '"x"'}\nemit: []"#,
                "`need` must be 1 to 1"
            ),
            (
                "id: r\non: complaint.submitted\nvariables: {a: '1'}\nemit: []",
                "unknown key `variables` in a rule"
            ),
            (
                "id: r\non: complaint.submitted\nwhen: event.dat.amount > 1\nemit: []",
                "unknown field `dat`, did you mean `data`?"
            ),
            (
                "id: r\non: complaint.submitted\notherwise:\n  - complaint.refused: [complaintId, reason: '\"r\"']",
                "`otherwise` stands in where `when` does not hold; there is none"
            ),
            ("id: r\non: complaint.submitted\nemit: []", "rule `r` decides nothing"),
        ])
    func refused(rule: String, message: String) {
        let text = rule.split(separator: "\\n", omittingEmptySubsequences: false).joined(separator: "\n")
        let problems = fixture.problems(text)
        #expect(problems.contains(message), "\(problems)")
    }

    @Test("all errors of all files are reported")
    func all() {
        do throws(RuleSetError) {
            _ = try fixture.load(
                """
                rules:
                  - {id: a, on: nothing.known, emit: []}
                  - {id: a, on: complaint.submitted, when: '1 +', emit: []}
                """, more: [RuleFile(name: "order.yaml", text: "agent: ordr\nversion: 1\n")])
            Issue.record("the rule set was loaded")
        } catch {
            let text = error.description
            #expect(text.contains("unknown event type `nothing.known`"), "\(text)")
            #expect(text.contains("rule `a` is there already"), "\(text)")
            #expect(text.contains("unknown agent `ordr`, did you mean `order`?"), "\(text)")
            #expect(error.diagnostics.count >= 4)
            #expect(error.diagnostics == error.diagnostics.sorted())
        }
    }

    @Test("a type that is unknown hides nothing else that is wrong with its rule")
    func unknownTypeHidesNothing() {
        let problems = fixture.problems(
            """
            id: r
            on: complaint.sent
            let: {a: data.anything + 1}
            when: complaintz["x"].status == "y"
            refuse:
              - {when: data.amount, as: complaint.refused, reason: r}
              - {when: nobody, as: complaint.refused, reason: r}
            emit:
              - complaint.refused: [complaintId, reson: '"r"']
              - complaint.gone: []
            """)
        for message in [
            "unknown event type `complaint.sent`: declare it under `triggers:`, `facts:` or `decisions:`",
            "unknown name `complaintz`, did you mean `complaints`?", "unknown name `nobody`",
            "unknown member `reson`, did you mean `reason`?",
            "unknown event type `complaint.gone`: declare it under `decisions:`",
        ] { #expect(problems.contains(message), "\(problems)") }
        #expect(!problems.contains("trigger does not have it"), "\(problems)")
    }

    @Test("the file of an agent that is unknown, and an empty one, say what a rule file needs")
    func newFile() {
        func problems(_ text: String) -> String {
            do throws(RuleSetError) {
                _ = try fixture.load("", more: [RuleFile(name: "gift.yaml", text: text)])
                return ""
            } catch { return error.description }
        }
        let unknown = problems(
            "agent: gift\nversion: 1.0.0\ntriggers:\n  gift.sent: {id: string}\nrules:\n"
                + "  - {id: r, on: gift.sent, when: data.idd == '', cancel: []}\n")
        #expect(unknown.contains("unknown agent `gift`: this program has `complaint`, `order`, `wallet`"), "\(unknown)")
        #expect(unknown.contains("unknown field `idd`, did you mean `id`?"), "\(unknown)")
        #expect(problems("").contains("a rule file needs `agent`, `version` and `rules`"))
        #expect(problems("rules: []\n").contains("a rule file needs `agent`"))
        #expect(problems("- a\n").contains("a rule file must be a mapping"))
    }

    @Test("settings that nothing acts on yet are doubtful")
    func deadSettings() throws {
        let policy = """
            roles:
              admin: {events: ["*"], calls: ["tile"], unlimited: true}
            signed: [admin.override]
            public: [tile, checkpoint]
            limits: {burst: 5}
            """
        let rules = try fixture.load(
            "rules:\n  - {id: r, on: delivery.failed, cancel: [{name: t, key: '\"k\"'}]}\n",
            more: [RuleFile(name: "policy.yaml", text: policy)])
        let said = rules.warnings.map(\.message)
        for key in ["`limits`", "`signed`", "`unlimited`"] {
            #expect(said.count { $0.hasPrefix("\(key) has no effect yet") } == 1, "\(said)")
        }
        #expect(said.count { $0.hasPrefix("`tile` has no effect yet") } == 2, "\(said)")
        #expect(said.contains("`delivery.failed` is never recorded yet: nothing is delivered"))
    }

    @Test("a duplicate key is refused with its place")
    func duplicateKey() {
        let problems = fixture.problems("id: r\non: complaint.submitted\non: complaint.resolved\nemit: []")
        #expect(problems.contains("duplicate key `on`"), "\(problems)")
    }

    @Test("rows that can never win and cases no row covers are reported")
    func tableCoverage() throws {
        let rules = try fixture.rule(
            """
            id: r
            on: complaint.submitted
            table:
              inputs: {amount: data.amount, big: data.amount > 5}
              rows:
                - {when: {amount: "< 10"}, then: {x: 1}}
                - {when: {amount: 3..5, big: true}, then: {x: 2}}
                - {when: {amount: ">= 10", big: true}, then: {x: 3}}
            when: table.x > 0
            timers:
              - {name: t, key: '"k"', at: event.recordedtime}
            """)
        let text = rules.warnings.map(\.message)
        #expect(
            text == ["no row covers amount `10`, big `false`", "this row can never win: the rows above hold first"])
    }

    @Test("an optional member read without has is doubtful")
    func optional() throws {
        let rules = try fixture.rule(
            """
            id: r
            on: complaint.submitted
            when: data.tags == [] || (has(data.due) && data.due > event.recordedtime) || false
            timers:
              - {name: t, key: '"k"', at: event.recordedtime}
            """)
        #expect(
            rules.warnings.map(\.message) == ["`tags` may be absent: ask `has(...)` first, or select it as `.?tags`"])
    }

    @Test("a rule that can never fire is doubtful")
    func neverFires() throws {
        let rules = try fixture.rule(
            "id: r\non: complaint.submitted\nwhen: 1 > 2\ntimers:\n  - {name: t, key: '\"k\"', at: event.recordedtime}")
        #expect(rules.warnings.map(\.message) == ["rule `r` can never fire: `when` is always false"])
    }

    @Test("a cancelled timer that no rule schedules is doubtful")
    func unknownTimer() throws {
        let rules = try fixture.rule(
            """
            id: r
            on: complaint.submitted
            timers:
              - {name: deadline, key: '"k"', at: event.recordedtime}
            cancel:
              - {name: deadlin, key: '"k"'}
            """)
        #expect(
            rules.warnings.map(\.message) == [
                "no rule of this agent schedules a timer `deadlin`, did you mean `deadline`?"
            ])
    }

    @Test("an enum of the event that a table names whole is covered")
    func enumCoverage() throws {
        let rules = try fixture.rule(
            """
            id: r
            on: complaint.submitted
            table:
              inputs: {kind: data.kind}
              rows:
                - {when: {kind: late}, then: {x: 1}}
                - {when: {kind: broken}, then: {x: 2}}
            when: table.x > 1
            timers:
              - {name: t, key: '"k"', at: event.recordedtime}
            """)
        #expect(rules.warnings == [])
    }
}
