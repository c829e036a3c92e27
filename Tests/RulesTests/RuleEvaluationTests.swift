import AgentKit
import Rules
import Testing

@Suite struct RuleEvaluationTests {
    let fixture = Fixture()

    @Test("a rule emits in list order, then its timers, then its cancels")
    func order() throws {
        let rules = try fixture.rule(
            """
            id: open
            on: complaint.submitted
            let:
              franchise: franchiseFor("lahore", "sub")
            because: late by {money(data.amount, "PKR")}
            emit:
              - complaint.opened: >-
                  {"tier": "sub", "complaintId": data.complaintId, ?"franchiseId": franchise,
                   "deadline": event.recordedtime + params.window, "amount": basisPoints(data.amount, params.fine.sub)}
                subject: data.complaintId
              - notification.requested: '{"to": data.userId, "template": params.greeting, "data": {"b": [1, 2.5], "a": null}}'
            timers:
              - {name: deadline, key: data.complaintId, at: event.recordedtime + params.window}
            cancel:
              - {name: other, key: '"k"'}
            """)
        let decisions = try rules.decisions("open", Fixture.event("complaint.submitted", Fixture.submitted))
        #expect(decisions.because == "late by PKR 19.99")
        #expect(decisions.emissions.map(\.type.name) == ["complaint.opened", "notification.requested"])
        #expect(decisions.emissions.map(\.subject) == ["C-1", nil])
        #expect(
            Fixture.text(decisions.emissions[0]) == """
                {"amount":39,"complaintId":"C-1","deadline":"2024-02-16T16:00:00.000Z","franchiseId":"F-sub","tier":"sub"}
                """)
        #expect(
            Fixture.text(decisions.emissions[1])
                == #"{"data":{"a":null,"b":[1,2.5]},"template":"hello","to":"U-ali"}"#)
        let due = try #require(Instant(rfc3339: "2024-02-16T16:00:00Z"))
        #expect(decisions.timers == [TimerRequest(timer: TimerName(name: "deadline", key: "C-1"), due: due)])
        #expect(decisions.cancels == [TimerName(name: "other", key: "k")])
    }

    @Test("a rule whose condition does not hold is silent, or gives what stands under otherwise")
    func otherwise() throws {
        let silent = try fixture.rule(
            """
            id: r
            on: complaint.submitted
            when: data.amount > 5000 && data.kind == "late"
            emit:
              - {complaint.refused: '{"complaintId": "x", "reason": "y"}'}
            """)
        let event = try Fixture.event("complaint.submitted", Fixture.submitted)
        #expect(try silent.isSilent("r", event))
        let speaking = try fixture.rule(
            """
            id: r
            on: complaint.submitted
            when: data.amount > 5000
            emit: []
            timers:
              - {name: t, key: '"k"', at: event.recordedtime}
            otherwise:
              - {complaint.refused: '{"complaintId": data.complaintId, "reason": "small"}'}
            """)
        let decisions = try speaking.decisions("r", event)
        #expect(decisions.isOtherwise)
        #expect(decisions.timers.isEmpty)
        #expect(decisions.emissions.map(Fixture.text) == [#"{"complaintId":"C-1","reason":"small"}"#])
    }

    @Test("each binds item to every element of a list, in emit and in timers")
    func each() throws {
        let rules = try fixture.rule(
            """
            id: r
            on: complaint.submitted
            emit:
              - {complaint.refused: {complaintId: item, reason: '"r"'}, each: '["a", "b"]', subject: complaintId}
            timers:
              - {name: t, each: '[1, 2]', key: string(item), at: event.recordedtime + duration(string(item) + "s")}
            """)
        let decisions = try rules.decisions("r", Fixture.event("complaint.submitted", Fixture.submitted))
        #expect(decisions.emissions.map(\.subject) == ["a", "b"])
        #expect(decisions.timers.map(\.timer.key) == ["1", "2"])
    }

    @Test("projections are read as typed rows, and a missing row fails the rule")
    func projections() throws {
        let rules = try fixture.rule(
            """
            id: r
            on: complaint.submitted
            let:
              complaint: complaints[data.complaintId]
            when: complaint.status == "open"
            emit:
              - complaint.refused: '{"complaintId": complaint.id, "reason": string(params.fine[complaint.tier])}'
            """)
        let event = try Fixture.event("complaint.submitted", Fixture.submitted)
        let failure = try rules.failure("r", event)
        #expect(failure?.code == .noSuchKey && failure?.onError == nil)
        fixture.complaints["C-1"] = Complaint(id: "C-1", tier: "master", status: "open")
        #expect(
            try rules.decisions("r", event).emissions.map(Fixture.text) == [#"{"complaintId":"C-1","reason":"300"}"#])
        fixture.complaints["C-1"] = Complaint(id: "C-1", tier: "master", status: "closed")
        #expect(try rules.isSilent("r", event))
    }

    @Test("a failed rule gives its onError list instead")
    func onError() throws {
        let rules = try fixture.rule(
            """
            id: r
            on: complaint.submitted
            emit:
              - {complaint.opened: '{"complaintId": "a", "tier": "sub", "deadline": event.recordedtime, "amount": 1 / (data.amount - 1999)}'}
            onError:
              - {complaint.refused: '{"complaintId": data.complaintId, "reason": "failed"}'}
            """)
        let event = try Fixture.event("complaint.submitted", Fixture.submitted)
        let failure = try rules.failure("r", event)
        #expect(failure?.code == .divideByZero)
        #expect(failure?.onError?.map(Fixture.text) == [#"{"complaintId":"C-1","reason":"failed"}"#])
    }

    @Test(
        "a decision that does not fit its declared type fails the rule",
        arguments: [
            (#"{"complaintId": "a", "tier": string(data.kind), "deadline": event.recordedtime, "amount": 1}"#, "type"),
            (
                #"{"complaintId": "a", "tier": "sub", "deadline": event.recordedtime, "amount": data.amount * 9007199254740991}"#,
                "overflow"
            ),
            (
                #"{"complaintId": "a", "tier": "sub", "deadline": event.recordedtime, "amount": data.amount * 9007199254740}"#,
                "type"
            ),
            (
                #"{"complaintId": "a", "tier": "sub", "deadline": event.recordedtime, "amount": int(data.orderId)}"#,
                "invalid_argument"
            ),
        ])
    func misfit(data: String, code: String) throws {
        let rules = try fixture.rule(
            """
            id: r
            on: complaint.submitted
            emit:
              - complaint.opened: >-
                  \(data)
            """)
        let failure = try rules.failure("r", Fixture.event("complaint.submitted", Fixture.submitted))
        #expect(failure?.code.rawValue == code && failure?.onError == nil)
    }

    @Test("a personal field is passed on whole, sealed as it is")
    func personal() throws {
        let rules = try fixture.rule(
            """
            id: r
            on: complaint.submitted
            emit:
              - {complaint.noted: '{"complaintId": "a", "note": data.description, "left": duration("90m"), "ratio": 3}'}
            """)
        let decisions = try rules.decisions("r", Fixture.event("complaint.submitted", Fixture.submitted))
        #expect(
            decisions.emissions.map(Fixture.text) == [
                #"{"complaintId":"a","left":"5400s","note":{"commitment":"Yw==","sealed":"cw=="},"ratio":3}"#
            ])
    }

    @Test("lists of the event are copied, and an absent optional leaves its member out")
    func copies() throws {
        let rules = try fixture.rule(
            """
            id: r
            on: complaint.submitted
            emit:
              - complaint.opened: >-
                  {"complaintId": "a", "tier": "sub", "deadline": data.?due.orValue(event.recordedtime),
                   "amount": 1, ?"tags": data.?tags}
            """)
        let bare = try rules.decisions("r", Fixture.event("complaint.submitted", Fixture.submitted))
        #expect(
            bare.emissions.map(Fixture.text) == [
                #"{"amount":1,"complaintId":"a","deadline":"2024-02-16T10:00:00.000Z","tier":"sub"}"#
            ])
        let full = Fixture.submitted.dropLast() + #","tags":["x","yé"],"due":"2024-02-17T00:00:00+05:00"}"#
        let decisions = try rules.decisions("r", Fixture.event("complaint.submitted", String(full)))
        #expect(
            decisions.emissions.map(Fixture.text) == [
                #"{"amount":1,"complaintId":"a","deadline":"2024-02-16T19:00:00.000Z","tags":["x","yé"],"tier":"sub"}"#
            ])
    }

    @Test("data that is no literal is evaluated and held to the type")
    func computed() throws {
        let rules = try fixture.rule(
            """
            id: r
            on: complaint.submitted
            let:
              made: '{"reason": "r", "complaintId": data.complaintId}'
            emit:
              - {complaint.refused: made}
              - {complaint.refused: 'data.amount > 1 ? made : {"x": "y"}'}
            """)
        let decisions = try rules.decisions("r", Fixture.event("complaint.submitted", Fixture.submitted))
        #expect(
            decisions.emissions.map(Fixture.text) == Array(repeating: #"{"complaintId":"C-1","reason":"r"}"#, count: 2))
    }

    @Test("claims and a quorum are evaluated with the rule")
    func quorum() throws {
        let rules = try fixture.rule(
            """
            id: r
            on: complaint.submitted
            claim: '"complaint/" + data.complaintId'
            quorum: {of: [order, wallet], need: 2, within: 72h, reference: data.complaintId}
            emit:
              - {complaint.refused: '{"complaintId": "a", "reason": "b"}'}
            """)
        let decisions = try rules.decisions("r", Fixture.event("complaint.submitted", Fixture.submitted))
        #expect(decisions.claims == ["complaint/C-1"])
        #expect(
            decisions.quorum
                == QuorumRequest(of: ["order", "wallet"], need: 2, withinMilliseconds: 259_200_000, reference: "C-1"))
    }

    @Test("the first row of a decision table that holds gives the outputs")
    func table() throws {
        let rules = try fixture.rule(
            """
            id: r
            on: complaint.submitted
            table:
              inputs: {kind: data.kind, amount: data.amount}
              rows:
                - {when: {kind: late, amount: ">= 5000"}, then: {reason: '"big"', points: 5}}
                - {when: {kind: [late, broken], amount: 1000..4999}, then: {reason: '"middle " + data.kind', points: 3}}
                - {when: 'data.orderId == "O-9"', then: {reason: '"nine"', points: 2}}
              default: {reason: '"small"', points: 1}
            when: table.points > 1
            emit:
              - {complaint.refused: '{"complaintId": data.complaintId, "reason": table.reason}'}
            """)
        let trace = RuleTrace()
        let event = try Fixture.event("complaint.submitted", Fixture.submitted)
        guard case .decided(let decisions) = try rules.outcome("r", event, trace: trace) else {
            Issue.record("the rule did not decide")
            return
        }
        #expect(decisions.emissions.map(Fixture.text) == [#"{"complaintId":"C-1","reason":"middle late"}"#])
        #expect(trace.tableRow == 1)
        #expect(rules.warnings.isEmpty, "\(rules.warnings)")
    }

    @Test("a trace names the variables that were read and the first condition that did not hold")
    func trace() throws {
        let rules = try fixture.rule(
            """
            id: r
            on: complaint.submitted
            let:
              amount: data.amount + 1
              unused: data.amount / 0
              late: data.kind == "late"
            when: late && amount > 5000 && data.orderId == "O-2"
            emit:
              - {complaint.refused: '{"complaintId": "a", "reason": "b"}'}
            """)
        let trace = RuleTrace()
        guard
            case .silent = try rules.outcome("r", Fixture.event("complaint.submitted", Fixture.submitted), trace: trace)
        else {
            Issue.record("the rule whose condition does not hold was not silent")
            return
        }
        #expect(trace.variables.map(\.name) == ["amount", "late"])
        #expect(trace.variables.map(\.json) == ["2000", "true"])
        #expect(trace.conjuncts.map(\.verdict) == [.held, .failed, .failed])
        #expect(trace.conjuncts.map(\.isDecisive) == [false, true, false])
        #expect(trace.conjuncts[1].source == "amount > 5000")
    }

    @Test("an expression that costs too much fails its rule")
    func cost() throws {
        let rules = try fixture.rule(
            """
            id: r
            on: complaint.submitted
            let:
              l: '[0,1,2,3,4,5,6,7,8,9]'
              many: l.map(a, l.map(b, l.map(c, l.map(d, a+b+c+d))))
              more: many.map(a, many.map(b, many.map(c, 1)))
            when: size(many.map(x, more.map(y, more.map(z, more.map(w, z))))) > 0
            emit:
              - {complaint.refused: '{"complaintId": "a", "reason": string(l.map(a, l.map(b, l.map(c, l.map(d, l.map(e, l.map(f, l.map(g, 1))))))).size())}'}
            """)
        let failure = try rules.failure("r", Fixture.event("complaint.submitted", Fixture.submitted))
        #expect(failure?.code == .cost && failure?.onError == nil)
    }

    @Test("a rule on several types sees the members of all, those of some as optional")
    func several() throws {
        let rules = try fixture.rule(
            """
            id: r
            on: [complaint.submitted, complaint.resolved]
            emit:
              - complaint.refused: '{"complaintId": data.complaintId, "reason": data.?outcome.orValue("none")}'
            """)
        let first = try rules.decisions("r", Fixture.event("complaint.submitted", Fixture.submitted))
        #expect(first.emissions.map(Fixture.text) == [#"{"complaintId":"C-1","reason":"none"}"#])
        let second = try rules.decisions(
            "r", Fixture.event("complaint.resolved", #"{"complaintId":"C-1","outcome":"refund"}"#))
        #expect(second.emissions.map(Fixture.text) == [#"{"complaintId":"C-1","reason":"refund"}"#])
    }

    @Test("a rule over a projection is set off by its schedule and sees the item")
    func over() throws {
        let rules = try fixture.rule(
            """
            id: r
            on: schedule.monthly
            over: complaints
            when: complaints[data.key].status == "open"
            emit:
              - {complaint.refused: '{"complaintId": data.key, "reason": data.date}'}
            """)
        fixture.complaints["C-1"] = Complaint(id: "C-1", status: "open")
        let monthly = try #require(rules.eventType(named: "schedule.monthly"))
        #expect(rules.rules(on: monthly).isEmpty)
        #expect(rules.scheduleRules(on: monthly).map(\.qualifiedName) == ["complaint/r"])
        let item = #"{"schedule":"schedule.monthly","agent":"complaint","rule":"r","key":"C-1","date":"2024-03-01"}"#
        let decisions = try rules.decisions("r", Fixture.event("schedule.item", item))
        #expect(decisions.emissions.map(Fixture.text) == [#"{"complaintId":"C-1","reason":"2024-03-01"}"#])
    }

    @Test("a decision that fails half written leaves nothing in the next one")
    func halfWritten() throws {
        let rules = try fixture.load(
            """
            rules:
              - id: fails
                on: complaint.submitted
                emit:
                  - {complaint.refused: '{"complaintId": "half", "reason": complaints["none"].id}'}
              - id: works
                on: complaint.submitted
                emit:
                  - {complaint.refused: '{"complaintId": data.complaintId, "reason": "r"}'}
            """)
        let event = try Fixture.event("complaint.submitted", Fixture.submitted)
        let failure = try rules.failure("fails", event)
        #expect(failure?.code == .noSuchKey && failure?.onError == nil)
        #expect(
            try rules.decisions("works", event).emissions.map(Fixture.text) == [#"{"complaintId":"C-1","reason":"r"}"#])
    }

    @Test("the keys of a map in the data can be gone through")
    func mapKeys() throws {
        let rules = try fixture.load(
            """
              own.asked: {parts: "{string: int}"}
            decisions:
              own.noted: {names: "[string]"}
            rules:
              - id: r
                on: own.asked
                when: data.parts.exists(name, name == "b" && data.parts[name] == 2)
                emit: [{own.noted: {names: 'data.parts.map(name, name)'}}]
            """, head: "agent: complaint\nversion: 1.0.0\ntriggers:\n")
        let decisions = try rules.decisions("r", Fixture.event("own.asked", #"{"parts":{"a":1,"b":2}}"#))
        #expect(decisions.emissions.map(Fixture.text) == [#"{"names":["a","b"]}"#])
    }
}
