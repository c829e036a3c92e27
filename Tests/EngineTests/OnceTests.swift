import AgentKit
import Engine
import EngineTestSupport
import EventLog
import JSON
import Rules
import Testing

@Suite("a fact that happens once")
struct OnceTests {
    /// `gift.sent` is one fact by sender and number; `gift.noted` has personal text; `gift.bare` has no key.
    static let rules = """
        agent: order
        version: 1.0.0
        triggers:
          gift.sent: {once: [from, number], data: {from: string, number: optional int, amount: int}}
          gift.noted: {once: noteId, data: {noteId: string, userId: string, text: personal string}}
          gift.bare: {noteId: string}
        decisions:
          gift.recorded: {amount: int}
          gift.doubted: {first: string}
        rules:
          - id: record
            on: gift.sent
            when: data.amount < 100
            emit:
              - {gift.recorded: '{"amount": data.amount}'}
            onError:
              - {gift.recorded: '{"amount": 0}'}
          - id: doubt
            on: trigger.contradicted
            emit:
              - {gift.doubted: '{"first": data.first}'}
        """

    func bench(_ rules: String = Self.rules) throws -> Bench { try Bench(["order.yaml": rules]) }

    private static func gift(_ amount: Int, _ number: String = "1", from: String = "a") -> String {
        #"{"amount":\#(amount),"from":"\#(from)","number":\#(number)}"#
    }

    @Test("is answered as repeated under another id, and no rule runs")
    func repeated() throws {
        let bench = try bench()
        let first = try bench.send("gift.sent", Self.gift(5))
        #expect(first.types == ["gift.sent", "gift.recorded"])
        let sequence = first[0].document.root["sequence"]?.string ?? ""
        let again = try bench.send("gift.sent", Self.gift(5), more: #","subject":"other","traceparent":"00-1""#)
        #expect(
            again.map(\.description) == [
                "gift.sent " + Self.gift(5),
                #"trigger.repeated {"first":"\#(sequence)","key":["a","1"],"type":"gift.sent"}"#,
            ])
        #expect(again[1].document.root["agent"]?.string == "engine")
    }

    @Test("that is told otherwise raises an alert, and rules may answer")
    func contradicted() throws {
        let bench = try bench()
        let first = try bench.send("gift.sent", Self.gift(5))
        let sequence = first[0].document.root["sequence"]?.string ?? ""
        let again = try bench.send("gift.sent", Self.gift(6))
        #expect(again.types == ["gift.sent", "trigger.contradicted", "alert.raised", "gift.doubted"])
        #expect(again[1].document.root["data"]?["first"]?.string == sequence)
        #expect(again[1].document.root["data"]?["type"]?.string == "gift.sent")
        #expect(again[2].document.root["data"]?["severity"]?.string == "warning")
        #expect(again[3].document.root["data"]?["first"]?.string == sequence)
        let third = try bench.send("gift.sent", Self.gift(5))
        #expect(third.types == ["gift.sent", "trigger.repeated"], "the first keeps the key")
    }

    @Test("holds its key whatever was decided on it")
    func refusedFirst() throws {
        let bench = try bench()
        #expect(try bench.send("gift.sent", Self.gift(100)).types == ["gift.sent"])
        #expect(try bench.send("gift.sent", Self.gift(100)).types == ["gift.sent", "trigger.repeated"])
    }

    @Test("has no key where it lacks a member of it, or the member is null, and then is never repeated")
    func withoutKey() throws {
        let bench = try bench()
        for data in [#"{"amount":1,"from":"a"}"#, #"{"amount":1,"from":"a"}"#] {
            #expect(try bench.send("gift.sent", data).types == ["gift.sent", "gift.recorded"])
        }
        for _ in 0..<2 { #expect(try bench.send("gift.bare", #"{"noteId":"n"}"#).types == ["gift.bare"]) }
    }

    @Test("is another one where a member of the key differs, also by type alone")
    func distinct() throws {
        let bench = try Bench(["order.yaml": Self.rules], sealing: OpenSealing())
        for data in [Self.gift(1), Self.gift(1, "2"), Self.gift(1, from: "b"), Self.gift(1, from: "a:1")] {
            #expect(try bench.send("gift.sent", data).types == ["gift.sent", "gift.recorded"], "\(data)")
        }
        #expect(try bench.send("gift.noted", #"{"noteId":"1","userId":"u","text":"x"}"#).types.count == 1)
    }

    @Test("is the same though its personal members differ")
    func personal() throws {
        let bench = try Bench(["order.yaml": Self.rules], sealing: OpenSealing())
        #expect(try bench.send("gift.noted", #"{"noteId":"1","userId":"u","text":"one"}"#).types == ["gift.noted"])
        let again = try bench.send("gift.noted", #"{"noteId":"1","userId":"u","text":"two"}"#)
        #expect(again.types == ["gift.noted", "trigger.repeated"])
        let other = try bench.send("gift.noted", #"{"noteId":"1","userId":"v","text":"one"}"#)
        #expect(other.types.prefix(2) == ["gift.noted", "trigger.contradicted"])
    }

    @Test("is not folded again, whether told the same or otherwise")
    func notFolded() throws {
        let bench = try Bench.shipped()
        try bench.send("user.registered", #"{"userId":"U-1","role":"buyer","area":"town"}"#)
        func ask(_ level: String) throws -> [String] {
            let data =
                #"{"requestId":"V-1","userId":"U-1","kind":"upgrade","targetLevel":"\#(level)","documents":[]}"#
            return try bench.send("verification.requested", data).types
        }
        #expect(try ask("basic").count > 1)
        let kept = bench.keys(of: "verifications")
        #expect(try ask("basic") == ["verification.requested", "trigger.repeated"])
        #expect(try ask("vip") == ["verification.requested", "trigger.contradicted", "alert.raised"])
        #expect(bench.keys(of: "verifications") == kept)
    }

    @Test("leaves no key behind where what took it is taken back")
    func takenBack() throws {
        let bench = try bench()
        let event = try bench.event("gift.sent", Self.gift(5))
        bench.machine.dryRun { _ = bench.machine.append(event, at: Bench.start) }
        #expect(try bench.send("gift.sent", Self.gift(5)).types == ["gift.sent", "gift.recorded"])
    }

    @Test("is known from before the rule set that calls it so, the first of all holding the key")
    func activated() throws {
        let plain = Self.rules.replacing(
            "{once: [from, number], data: {from: string, number: optional int, amount: int}}",
            with: "{from: string, number: optional int, amount: int}")
        let bench = try bench(plain)
        let first = try bench.send("gift.sent", Self.gift(5))
        #expect(try bench.send("gift.sent", Self.gift(5)).types == ["gift.sent", "gift.recorded"])
        let next = try RuleSet.load(
            files: [RuleFile(name: "order.yaml", text: Self.rules)], host: bench.machine.ruleHost)
        bench.machine.activate(next, at: Bench.start, by: "local", effectiveFrom: nil)
        let again = try bench.send("gift.sent", Self.gift(5))
        #expect(again.types == ["gift.sent", "trigger.repeated"])
        #expect(again[1].document.root["data"]?["first"]?.string == first[0].document.root["sequence"]?.string)
    }
}
