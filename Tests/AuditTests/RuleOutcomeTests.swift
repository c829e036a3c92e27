import Audit
import Engine
import JSON
import Rules
import Testing

@Suite("an explanation under a small rule set")
struct RuleOutcomeTests {
    static let rules = """
        agent: order
        version: 2.1.0
        triggers:
          test.pinged: {key: string, n: int}
          test.judged: {key: string, n: int}
        decisions:
          test.ponged: {key: string, n: int}
          test.declined: {key: string}
        rules:
          - id: answer
            on: test.pinged
            when: data.n > 0 && data.n < 100
            because: '{data.n > 0 ? "it is a fair number" : "nothing was asked for"}'
            emit:
              - {test.ponged: '{"key": data.key, "n": data.n}', subject: data.key}
            otherwise:
              - {test.declined: '{"key": data.key}', subject: data.key}
          - id: look-up
            on: test.pinged
            let:
              found: '{"a": 1, "b": 2}[data.key]'
            when: found == 2
            emit:
              - {test.ponged: '{"key": data.key, "n": found}'}
          - id: judge
            on: test.judged
            refused: test.declined
            subject: key
            refuse:
              - {when: data.n > 100, because: "{data.n} is too much"}
              - {when: data.key == "b", because: b is not wanted}
              - {when: data.n < 0, because: there is too little}
            because: it is a fair number
            emit:
              - test.ponged: [key, n]
        """

    let ledger: ScratchLedger

    init() throws { ledger = try ScratchLedger(["order.yaml": Self.rules]) }

    func ping(_ key: String, _ n: Int, at time: String = "2024-02-15T09:00:00Z") throws -> UInt64 {
        try ledger.send("test.pinged", #"{"key":"\#(key)","n":\#(n)}"#, at: time).lowerBound
    }

    func explain(first type: String) throws -> Explanation {
        try Explainer(ledger.log).explain(try #require(try ledger.sequences(of: type).first))
    }

    @Test("of what a rule does otherwise says which condition did not hold")
    func otherwise() throws {
        _ = try ping("a", 500)
        let explanation = try explain(first: "test.declined")
        #expect(explanation.rule?.verdict == .otherwise)
        #expect(explanation.rule?.firstFailed == "data.n < 100")
        let text = explanation.text(verbose: true)
        #expect(text.contains("  yes  data.n > 0\n  no   data.n < 100"))
        #expect(
            explanation.text.contains("Not all its conditions held, so what it has for that case applies\n  n  500\n"))
        #expect(explanation.text.contains("decided by the rule order/answer 2.1.0"))
    }

    @Test("of a refusal shows the lines that were passed before the one that held")
    func refusal() throws {
        _ = try ledger.send("test.judged", #"{"key":"b","n":5}"#, at: "2024-02-15T09:00:00Z")
        let explanation = try explain(first: "test.declined")
        #expect(explanation.rule?.verdict == .refused)
        #expect(explanation.rule?.refusals.map(\.verdict) == [.failed, .held])
        let text = explanation.text(verbose: true)
        #expect(text.contains("It refuses, as one of these holds\n  no   data.n > 100\n"))
        #expect(text.contains("  yes  data.key == \"b\"\n         “b is not wanted”\n"))
        let root = try #require(try? Document(adopting: explanation.json)).root
        #expect(root["rule"]?["verdict"]?.string == "refused")
        #expect(root["rule"]?["refusals"]?.element(1)["decisive"]?.bool == true)
        let trigger = try explain(first: "test.judged")
        #expect(trigger.text.contains("order/judge refused: b is not wanted"))
    }

    @Test("of a decision shows that no line of `refuse` held")
    func notRefused() throws {
        _ = try ledger.send("test.judged", #"{"key":"a","n":5}"#, at: "2024-02-15T09:00:00Z")
        let explanation = try explain(first: "test.ponged")
        #expect(explanation.rule?.verdict == .acted)
        let text = explanation.text(verbose: true)
        #expect(text.contains("None of these made it refuse\n  no   data.n > 100\n"))
        #expect(text.contains("  no   data.key == \"b\"\n"))
    }

    @Test("of a failure names the rule, the code and what went wrong")
    func failure() throws {
        _ = try ping("z", 1)
        let explanation = try explain(first: "agent.failed")
        let failed = try #require(explanation.rule)
        #expect(failed.name == "order/look-up")
        #expect(failed.verdict == .failed)
        #expect(failed.failure?.hasPrefix("no_such_key") == true)
        let text = explanation.text(verbose: true)
        #expect(text.contains("The rule order/look-up 2.1.0 failed\n  no_such_key"))
        #expect(text.contains("found == 2"))
        #expect(!explanation.text.contains("found == 2"))
        #expect(explanation.text.contains("rule order/look-up failed: something it needs does not exist"))
    }

    @Test("of a trigger lists every rule that was asked, with the reasons of those that acted")
    func trigger() throws {
        _ = try ping("a", 5)
        let explanation = try explain(first: "test.pinged")
        #expect(explanation.isTrigger)
        #expect(explanation.others.map(\.name) == ["order/answer", "order/look-up"])
        #expect(explanation.text.contains("order/answer acted: it is a fair number"))
        #expect(explanation.text(verbose: true).contains("order/look-up did not act: `found == 2` did not hold"))
        #expect(explanation.text.contains("order/look-up did not act (found: 1)"))
        #expect(explanation.consequences.count == 1)
    }

    @Test("of a log whose rules are of an older engine says so, and the log is still read")
    func olderEngine() throws {
        let old = try ScratchLedger(["order.yaml": Self.rules])
        try old.send(
            #"{"specversion":"1.0","id":"1","source":"/t","time":"2024-02-15T09:00:00Z","type":"test.pinged","data":{"key":"a","n":5}}"#,
            forge: { $0.replacing("\"engine\":\(Machine.engineNumber),", with: "\"engine\":1,") })
        let words = "this log's rules are of engine 1; this program reads 2 and later"
        let error = #expect(throws: ReplayError.self) { try Explainer(old.log).explain(0) }
        #expect(error?.code == .ruleSet && error?.description == words)
        let replay = try Replay(old.log)
        #expect(#expect(throws: ReplayError.self) { try replay.fold() }?.description == words)
        _ = try EntryFormatter.of(old.log)
    }

    @Test("calls out a decision that the rules do not give")
    func forged() throws {
        _ = try ping("a", 5)
        let forged = try ledger.send(
            #"{"specversion":"1.0","id":"x","source":"/t","type":"test.pinged","data":{"key":"b","n":7}}"#,
            forge: { $0.contains("test.ponged") ? $0.replacing(#""n":7"#, with: #""n":9"#) : $0 })
        let explainer = try Explainer(ledger.log)
        let explanation = try explainer.explain(forged.lowerBound)
        #expect(!explanation.isRecomputed)
        #expect(explanation.recomputation?.firstDifference == forged.lowerBound + 1)
        #expect(explanation.text.contains("NOT what the rules give"))
        #expect(try explainer.explain(try ledger.sequences(of: "test.pinged")[0]).isRecomputed)
    }

    @Test("of earlier and later entries in any order are the same")
    func order() throws {
        let places = try (1...5).map { try ping("k\($0)", $0, at: "2024-02-15T1\($0):00:00Z") }
        let explainer = try Explainer(ledger.log)
        let forwards = try places.map { try explainer.explain($0).text }
        let backwards = try places.reversed().map { try explainer.explain($0).text }
        #expect(forwards == backwards.reversed())
        #expect(Set(forwards).count == places.count)
    }
}
