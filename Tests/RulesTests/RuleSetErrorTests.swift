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
            when: event.data.orderID == "x"
            emit:
              - {type: complaint.refused, data: '{"complaintId": "a", "reason": "b"}'}
            """)
        let lines = problems.split(separator: "\n").map(String.init)
        let line = Fixture.head.split(separator: "\n", omittingEmptySubsequences: false).count + 3
        #expect(lines.first?.hasPrefix("complaint.yaml:\(line):") == true, "\(problems)")
        #expect(lines.first?.hasSuffix("unknown field `orderID`, did you mean `orderId`?") == true, "\(problems)")
        #expect(lines[1] == #"    when: event.data.orderID == "x""#)
        #expect(lines[2].hasPrefix("          ") && lines[2].contains("^"))
    }

    @Test("a place inside a folded expression is found on its own line")
    func folded() {
        let problems = fixture.problems(
            """
            id: r
            on: complaint.submitted
            when: >-
              event.data.amount > 5
              && event.data.amont < 10
            emit:
              - type: complaint.refused
                data: >-
                  {"complaintId": "a",
                   "reson": "b", "reason": 5}
            """)
        let start = Fixture.head.split(separator: "\n", omittingEmptySubsequences: false).count
        #expect(problems.contains("complaint.yaml:\(start + 5):"), "\(problems)")
        #expect(problems.contains("complaint.yaml:\(start + 10):12: unknown member `reson`"), "\(problems)")
        #expect(problems.contains("complaint.yaml:\(start + 10):36: must be string, is int"), "\(problems)")
    }

    @Test(
        "what is wrong with a rule is refused, and said",
        arguments: [
            (
                "id: r\non: complaint.submited\nemit: []",
                "unknown event type `complaint.submited`, did you mean `complaint.submitted`?"
            ),
            ("id: r\non: complaint.submitted\nwen: x\nemit: []", "unknown key `wen` in a rule, did you mean `when`?"),
            ("id: r\non: complaint.submitted\nwhen: event.data.amount\nemit: []", "`when` must be bool, is int"),
            (
                "id: r\non: complaint.submitted\nemit:\n  - {type: complaint.submitted}",
                "`complaint` cannot emit `complaint.submitted`: it is a trigger"
            ),
            (
                "id: r\non: complaint.submitted\nemit:\n  - {type: timer.fired}",
                "`complaint` cannot emit `timer.fired`: it is of `engine`"
            ),
            (
                "id: r\non: complaint.submitted\nemit:\n  - {type: complaint.refused}",
                "`complaint.refused` needs `data` with `complaintId`"
            ),
            (
                #"id: r\non: complaint.submitted\nemit:\n  - {type: complaint.refused, data: '{"complaintId": "a"}'}"#,
                "missing member `reason`"
            ),
            (
                #"id: r\non: complaint.submitted\nemit:\n  - {type: complaint.refused, data: '{"complaintId": "a", ?"reason": event.data.?kind}'}"#,
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
                #"id: r\non: complaint.submitted\nwhen: event.data.description == "y"\nemit: []"#,
                "a personal field can only be passed on whole"
            ),
            (
                #"id: r\non: complaint.submitted\nwhen: variables.b\nvariables:\n  b: variables.c\n  c: 'true'\nemit: []"#,
                "unknown field `c`"
            ),
            (
                #"id: r\non: complaint.submitted\nemit:\n  - {type: complaint.opened, data: '{"complaintId": "a", "tier": "subb", "deadline": event.recordedtime, "amount": 1}'}"#,
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
                #"id: r\non: complaint.submitted\nemit:\n  - {type: complaint.refused, data: {complaintId: a}}"#,
                "`data` is one CEL expression"
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
            #expect(Bool(false))
        } catch {
            let text = error.description
            #expect(text.contains("unknown event type `nothing.known`"), "\(text)")
            #expect(text.contains("rule `a` is there already"), "\(text)")
            #expect(text.contains("unknown agent `ordr`, did you mean `order`?"), "\(text)")
            #expect(error.diagnostics.count >= 4)
            #expect(error.diagnostics == error.diagnostics.sorted())
        }
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
              inputs: {amount: event.data.amount, big: event.data.amount > 5}
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
            when: event.data.tags == [] || (has(event.data.due) && event.data.due > event.recordedtime) || false
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
              inputs: {kind: event.data.kind}
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
