import AgentKit
import Rules
import Testing

/// The written forms of a rule: names, refusals, decisions by member, transfers, failures.
@Suite struct RuleFormTests {
    let fixture = Fixture()
    private var event: Event {
        get throws { try Fixture.event("complaint.submitted", Fixture.submitted, subject: "its-own") }
    }

    // MARK: Names

    @Test("names of `let` and `data` stand for themselves, and the inner scope wins")
    func names() throws {
        let rules = try fixture.rule(
            """
            id: r
            on: complaint.submitted
            let:
              amount: data.amount + 1
              twice: amount * 2
              shadowed: '[5].map(amount, amount + 1)[0] + [data.orderId].map(data, size(data))[0]'
            emit:
              - {complaint.refused: {complaintId: string(twice), reason: string(shadowed)}}
            """)
        #expect(
            try rules.decisions("r", event).emissions.map(Fixture.text)
                == [#"{"complaintId":"4000","reason":"9"}"#])
    }

    @Test(
        "a name that hides another is refused before a set comes into force, never in one that is",
        arguments: [
            ("complaints", "the projection `complaints`"), ("franchiseFor", "the function `franchiseFor`"),
            ("wallet", "the agent `wallet`"), ("data", "`data` of every rule"),
            ("params", "`params` of every rule"),
        ])
    func hiding(name: String, what: String) throws {
        let text = """
            rules:
              - id: r
                on: complaint.submitted
                let: {\(name): '"C-7"'}
                emit:
                  - complaint.refused: {complaintId: \(name), reason: '"r"'}
            """
        let files = [RuleFile(name: "complaint.yaml", text: Fixture.head + text)]
        do throws(RuleSetError) {
            _ = try RuleSet.load(files: files, host: fixture.host, isNew: true)
            Issue.record("it may come into force")
        } catch {
            #expect(error.description.contains("`\(name)` would hide \(what)"), "\(error)")
        }
        let inForce = try RuleSet.load(files: files, host: fixture.host)
        guard name != "params" else { return }
        #expect(
            try inForce.decisions("r", event).emissions.map(Fixture.text)
                == [#"{"complaintId":"C-7","reason":"r"}"#])
    }

    @Test("an agent's own file may call what it is about by the agent's name")
    func ownName() throws {
        let text = """
            rules:
              - id: r
                on: complaint.submitted
                let: {complaint: 'complaints[data.complaintId]'}
                when: complaint.status == "open"
                emit:
                  - complaint.refused: {complaintId: complaint.id, reason: '"r"'}
            """
        _ = try RuleSet.load(
            files: [RuleFile(name: "complaint.yaml", text: Fixture.head + text)], host: fixture.host, isNew: true)
    }

    // MARK: Refusing

    private static let refusing = """
        id: r
        on: complaint.submitted
        claim: '"complaint/" + data.complaintId'
        when: data.kind == "late"
        refused: complaint.refused
        subject: complaintId
        refuse:
          - {when: data.amount > 5000, reason: too_much, because: "{data.amount} is too much"}
          - when: data.orderId == "O-1"
            reason: known
            because: there is one on {data.orderId}
            also:
              - notification.requested: {to: data.userId, template: '"refused"', data: {}}
          - {when: '1 / (data.amount - 1999) > 0', reason: broken}
        because: it is late
        emit:
          - complaint.opened: {complaintId: data.complaintId, tier: '"sub"', deadline: event.recordedtime, amount: data.amount}
        timers:
          - {name: t, key: '"k"', at: event.recordedtime}
        cancel:
          - {name: t, key: '"l"'}
        """

    @Test("the first line that holds refuses, with its reason, the trigger's members and what stands beside it")
    func refuses() throws {
        let rules = try fixture.rule(Self.refusing)
        let trace = RuleTrace()
        guard case .decided(let decisions) = try rules.outcome("r", event, trace: trace) else {
            Issue.record("the rule did not refuse")
            return
        }
        #expect(decisions.refusal == 1)
        #expect(decisions.because == "there is one on O-1")
        #expect(decisions.emissions.map(\.type.name) == ["complaint.refused", "notification.requested"])
        #expect(Fixture.text(decisions.emissions[0]) == #"{"complaintId":"C-1","reason":"known"}"#)
        #expect(decisions.emissions.map(\.subject) == ["C-1", ""])
        #expect(decisions.timers.isEmpty && decisions.cancels.isEmpty && decisions.claims == ["complaint/C-1"])
        #expect(trace.refusals.map(\.verdict) == [.failed, .held])
        #expect(trace.refusals.last?.source == #"data.orderId == "O-1""#)
    }

    @Test("where no line holds the rule acts; where `when` does not, nothing happens; a line in error fails the rule")
    func refusesNot() throws {
        let rules = try fixture.rule(Self.refusing)
        func event(_ changes: (String, String)...) throws -> Event {
            let text = changes.reduce(Fixture.submitted) { text, change in
                text.split(separator: change.0, omittingEmptySubsequences: false).joined(separator: change.1)
            }
            return try Fixture.event("complaint.submitted", text)
        }
        let acted = try rules.decisions("r", event(("O-1", "O-2"), ("1999", "1998")))
        #expect(acted.refusal == nil && acted.emissions.map(\.type.name) == ["complaint.opened"])
        #expect(acted.timers.count == 1 && acted.cancels.count == 1 && acted.because == "it is late")
        #expect(try rules.isSilent("r", event(("late", "broken"))))
        let failure = try rules.failure("r", event(("O-1", "O-2")))
        #expect(failure?.code == .divideByZero && failure?.onError == nil)
    }

    @Test("a refusal says what it is about by `on`, by `with`, and gives a reason that an expression names")
    func members() throws {
        let rules = try fixture.load(
            """
              own.asked: {id: string, amount: int, note: optional string}
            decisions:
              own.refused: {id: string, "on": string, amount: string, note: optional string, reason: string}
            refused: own.refused
            subject: id
            rules:
              - id: r
                on: own.asked
                let: {code: '"c" + string(data.amount)'}
                refuse:
                  - {when: data.amount > 1, reason: "{code}", with: {amount: string(data.amount)}}
                timers:
                  - {name: t, key: data.id, at: event.recordedtime}
            """, head: "agent: complaint\nversion: 1.0.0\ntriggers:\n")
        let decisions = try rules.decisions("r", Fixture.event("own.asked", #"{"id":"I-1","amount":5,"note":"n"}"#))
        #expect(
            decisions.emissions.map(Fixture.text)
                == [#"{"amount":"5","id":"I-1","note":"n","on":"own.asked","reason":"c5"}"#])
        #expect(decisions.emissions.map(\.subject) == ["I-1"])
    }

    @Test(
        "what is wrong with a refusal is said",
        arguments: [
            ("- {when: 'true', reason: unknown_one}", "must be one of gone, late, is `unknown_one`"),
            ("- {when: 'true'}", "`own.refused` needs `reason`: say it"),
            ("- {when: 'true', reason: late, as: own.asked}", "`complaint` cannot emit `own.asked`: it is a trigger"),
            ("- {when: 'true', reason: '{data.id}'}", "an expression needs `reason: string`"),
            ("- {when: 'true', reason: 'a {data.id}'}", "`reason` is a code, or one expression in braces"),
            ("- {when: 'true', reason: late, as: own.other}", "`own.other` needs `size`: the trigger does not have it"),
            ("- {when: data.amount, reason: late}", "`when` must be bool, is int"),
            ("- {when: 'true', reason: late, with: {extra: '1'}}", "unknown member `extra`"),
            ("- {when: 'true', reason: late, because: '{nobody}'}", "unknown name `nobody`"),
        ])
    func wrongRefusals(line: String, message: String) {
        do throws(RuleSetError) {
            _ = try fixture.load(
                """
                  own.asked: {id: string, amount: int}
                decisions:
                  own.refused: {id: string, reason: gone|late}
                  own.other: {id: string, size: int, reason: gone|late}
                refused: own.refused
                rules:
                  - id: r
                    on: own.asked
                    refuse:
                      \(line)
                """, head: "agent: complaint\nversion: 1.0.0\ntriggers:\n")
            Issue.record("it loads")
        } catch {
            #expect(error.description.contains(message), "\(error)")
        }
    }

    @Test("a reason that is declared and that no rule gives is doubtful, unless an expression may give it")
    func reasons() throws {
        func warnings(_ line: String, onError: String = "[]") throws -> [String] {
            try fixture.load(
                """
                  own.asked: {id: string, why: gone|late|far}
                decisions:
                  own.refused: {outcome: refused, data: {id: string, reason: gone|late|far}}
                refused: own.refused
                onError: \(onError)
                rules:
                  - id: r
                    on: own.asked
                    refuse:
                      - {when: data.id == "1", reason: gone, because: it is gone}
                      \(line)
                """, head: "agent: complaint\nversion: 1.0.0\ntriggers:\n"
            ).warnings.map(\.message)
        }
        #expect(
            try warnings("- {when: data.id == \"2\", reason: late, because: it is late}")
                == ["no rule gives the reason `far` that `own.refused` declares"])
        #expect(
            try warnings(
                "- {when: data.id == \"2\", reason: late, because: it is late}",
                onError: "[own.refused: [id, reason: '\"far\"']]") == [])
        #expect(try warnings("- {when: data.id == \"2\", with: {reason: data.why}, because: so it is}") == [])
    }

    @Test("a refusal without a sentence is doubtful")
    func sentence() throws {
        let ruleSet = try fixture.load(
            """
              own.asked: {id: string}
            decisions:
              own.refused: {outcome: refused, data: {id: string, reason: gone|late}}
            refused: own.refused
            rules:
              - id: r
                on: own.asked
                refuse:
                  - {when: data.id == "1", reason: gone}
                  - {when: data.id == "2", reason: late, because: it is late}
            """, head: "agent: complaint\nversion: 1.0.0\ntriggers:\n")
        #expect(
            ruleSet.warnings.map(\.message) == ["the refusal `gone` has no `because`: people read no reason"])
    }

    // MARK: Deciding

    @Test("decisions are written by member, copied by name, and made only where `if` holds")
    func members_and_copies() throws {
        let rules = try fixture.rule(
            """
            id: r
            on: complaint.submitted
            subject: complaintId
            emit:
              - complaint.opened: [complaintId, tags, amount, tier: '"sub"', deadline: event.recordedtime]
              - {complaint.refused: {complaintId: '"no"', reason: '"r"'}, if: data.amount < 5}
              - complaint.refused: {complaintId: item, reason: '"each"'}
                each: '["a", "b", "c"]'
                if: item != "b"
              - complaint.refused: '{"complaintId": "whole", "reason": "r"}'
                subject: reason
              - notification.requested: {to: data.userId, template: '"t"', data: {list: [data.amount, '"x"'], map: {a: 'null'}}}
                subject: data.orderId
            timers:
              - {name: t, key: '"k"', at: event.recordedtime, if: data.amount < 5}
            """)
        let decisions = try rules.decisions("r", event)
        #expect(
            decisions.emissions.map(Fixture.text) == [
                #"{"amount":1999,"complaintId":"C-1","deadline":"2024-02-16T10:00:00.000Z","tier":"sub"}"#,
                #"{"complaintId":"a","reason":"each"}"#, #"{"complaintId":"c","reason":"each"}"#,
                #"{"complaintId":"whole","reason":"r"}"#,
                #"{"data":{"list":[1999,"x"],"map":{"a":null}},"template":"t","to":"U-ali"}"#,
            ])
        #expect(decisions.emissions.map(\.subject) == ["C-1", "a", "c", "r", "O-1"])
        #expect(decisions.timers.isEmpty)
    }

    @Test("a transfer names its accounts without their currency")
    func transfers() throws {
        let rules = try fixture.rule(
            """
            id: r
            on: complaint.submitted
            let:
              legs: '[{"debitAccount": "a", "creditAccount": "b", "amount": amountOf(1, "PKR")}]'
            emit:
              - transfer:
                  {purpose: escrow.hold, reference: data.orderId, from: "wallet/{data.userId}", to: platform/fees,
                   amount: 'amountOf(data.amount, "PKR")', flags: [pending], timeoutSeconds: 60}
                subject: reference
              - {transfer: {purpose: "fine of {data.kind}", reference: data.orderId, transfers: legs}}
            """)
        let decisions = try rules.decisions("r", event)
        #expect(decisions.emissions.map(\.type.name) == ["transfer.requested", "transfer.requested"])
        #expect(decisions.emissions.map(\.subject) == ["O-1", nil])
        #expect(
            decisions.emissions.map(Fixture.text) == [
                #"{"purpose":"escrow.hold","reference":"O-1","transfers":[{"amount":1999,"creditAccount":"platform/fees/PKR","currency":"PKR","debitAccount":"wallet/U-ali/PKR","flags":["pending"],"timeoutSeconds":60}]}"#,
                #"{"purpose":"fine of late","reference":"O-1","transfers":[{"amount":1,"creditAccount":"b","currency":"PKR","debitAccount":"a"}]}"#,
            ])
    }

    @Test("an account that cannot be named fails the rule, as a text for people does not")
    func brokenAccount() throws {
        let rules = try fixture.rule(
            """
            id: r
            on: complaint.submitted
            emit:
              - transfer:
                  {purpose: p, reference: data.orderId, from: 'wallet/{complaints["none"].id}', to: b,
                   amount: 'amountOf(1, "PKR")'}
            """)
        let failure = try rules.failure("r", event)
        #expect(failure?.code == .noSuchKey && failure?.onError == nil)
    }

    @Test(
        "what is wrong with a decision is said",
        arguments: [
            ("- {}", "names its decision"), ("- {if: 'true'}", "names its decision"),
            (
                "- {complaint.refused: [complaintId, reason: '\"r\"'], complaint.noted: [complaintId]}",
                "`complaint.noted` beside `complaint.refused`: an item is one decision"
            ),
            ("- complaint.refused: [complaintId]", "missing member `reason`"),
            ("- complaint.refused: [complaintId, nothing, reason: '\"r\"']", "unknown member `nothing`"),
            ("- {type: complaint.refused, data: '{}'}", "unknown key `type` in an item of `emit`"),
            (
                "- complaint.gone: [complaintId]",
                "unknown event type `complaint.gone`: declare it under `decisions:`, did you mean `complaint.noted`?"
            ),
            ("- transfer: {purpose: p, reference: data.orderId}", "a transfer needs `from`"),
            (
                "- transfer: {purpose: p, reference: data.orderId, transfers: '[]', from: x}",
                "`from` beside `transfers`"
            ),
            ("- {complaint.refused: [complaintId, reason: '\"r\"'], if: data.amount}", "`if` must be bool, is int"),
        ])
    func wrongDecisions(item: String, message: String) {
        let problems = fixture.problems("id: r\non: complaint.submitted\nemit:\n  \(item)")
        #expect(problems.contains(message), "\(problems)")
    }

    // MARK: Failures

    @Test("`onError` of a file holds for each rule that has none, and `[]` takes it back")
    func onError() throws {
        func outcome(_ own: String) throws -> RuleOutcome {
            let rules = try fixture.load(
                """
                onError:
                  - complaint.refused: [complaintId, reason: '"failed"']
                rules:
                  - id: r
                    on: complaint.submitted
                    when: 1 / (data.amount - 1999) > 0
                    \(own)
                    timers:
                      - {name: t, key: '"k"', at: event.recordedtime}
                """)
            return try rules.outcome("r", event)
        }
        guard case .failed(_, let common) = try outcome("because: x") else {
            Issue.record("the rule without an `onError` of its own did not fail")
            return
        }
        #expect(common?.map(Fixture.text) == [#"{"complaintId":"C-1","reason":"failed"}"#])
        guard case .failed(_, let own) = try outcome("onError: [complaint.refused: [complaintId, reason: '\"own\"']]")
        else {
            Issue.record("the rule with an `onError` of its own did not fail")
            return
        }
        #expect(own?.map(Fixture.text) == [#"{"complaintId":"C-1","reason":"own"}"#])
        guard case .failed(_, nil) = try outcome("onError: []") else {
            Issue.record("the rule with an empty `onError` did not fail, or something stood in for it")
            return
        }
    }

    @Test("`onError` of a file is held to the event of each rule")
    func onErrorChecked() {
        do throws(RuleSetError) {
            _ = try fixture.load(
                """
                onError:
                  - complaint.refused: [complaintId, reason: '"failed"']
                rules:
                  - {id: a, on: complaint.submitted, cancel: [{name: t, key: '"k"'}]}
                  - {id: b, on: area.registered, cancel: [{name: t, key: '"k"'}]}
                """)
            Issue.record("it loads")
        } catch {
            #expect(error.description.contains("unknown field `complaintId`"), "\(error)")
        }
    }
}
