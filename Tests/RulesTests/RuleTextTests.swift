import AgentKit
import Rules
import Testing

/// Texts with CEL in braces, as people read them.
@Suite struct RuleTextTests {
    let fixture = Fixture()

    private func because(_ text: String, data: String = Fixture.submitted) throws -> String? {
        let rules = try fixture.rule(
            """
            id: r
            on: complaint.submitted
            let:
              many: lists.range(300)
            because: \(text)
            timers:
              - {name: t, key: '"k"', at: event.recordedtime}
            """)
        return try rules.decisions("r", Fixture.event("complaint.submitted", data)).because
    }

    @Test(
        "an expression stands where its braces do, whatever is in it",
        arguments: [
            ("plain words", "plain words"),
            ("{data.orderId} by {data.userId}", "O-1 by U-ali"),
            (#"a {{b}} {"{}" + '}'}"#, "a {b} {}}"),
            (#"{{"x": "y"}[data.orderId == "O-1" ? "x" : "z"]}"#, #"{"x": "y"}[data.orderId == "O-1" ? "x" : "z"]}"#),
            (#"{ {"O-1": "one"}[data.orderId] }"#, "one"),
            (#"{r"\}"}{'''a'}b'''}"#, #"\}a'}b"#),
            ("{data.amount} and {1.5} and {true}", "1999 and 1.5 and true"),
            ("{[1, 2, 3]}", "1, 2, 3"),
            (#"{plural(1, "call")}, {plural(data.amount, "reply", "replies")}"#, "1 call, 1999 replies"),
            (#"{words("exceeds_credits")}, {ordinal(3)}"#, "not enough money in the account, 3rd"),
            ("{data.?tags}{data.?due}", ""),
            ("{'{data.orderId}'}", "{data.orderId}"),
        ])
    func expressions(text: String, said: String) throws {
        let quoted = "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
        guard !said.hasPrefix(#"{"x""#) else {
            #expect(throws: RuleSetError.self) { try because(quoted) }
            return
        }
        #expect(try because(quoted) == said)
    }

    @Test(
        "a duration is said as it is",
        arguments: [
            (#"duration("6h")"#, "6 hours"), (#"duration("90m")"#, "90 minutes"), (#"duration("3s")"#, "3 seconds"),
            (#"duration("24h")"#, "1 day"), (#"duration("336h")"#, "14 days"), (#"duration("1h")"#, "1 hour"),
            (#"duration("0s")"#, "0 seconds"), (#"duration("1500ms")"#, "1.5 seconds"),
            (#"duration("-60s")"#, "-1 minute"), ("params.window", "6 hours"),
        ])
    func durations(expression: String, said: String) throws {
        #expect(try because("'{\(expression)}'") == said)
    }

    @Test("what stands in lists and maps is said as it is alone")
    func nested() throws {
        let rules = try fixture.load(
            """
              own.asked: {left: "[duration]", by: "{string: duration}", some: "optional [duration]", ratios: "[double]"}
            rules:
              - id: r
                on: own.asked
                because: "{data.left}; {data.by['a']}; {data.?some}; {data.by.map(k, data.by[k])}; {data.ratios}"
                timers: [{name: t, key: '"k"', at: event.recordedtime}]
            """, head: "agent: complaint\nversion: 1.0.0\ntriggers:\n")
        let data = #"{"by":{"a":"60s"},"left":["5400s","86400s"],"ratios":[3,1.5],"some":["1s"]}"#
        #expect(
            try rules.decisions("r", Fixture.event("own.asked", data)).because
                == "90 minutes, 1 day; 1 minute; 1 second; 1 minute; 3, 1.5")
    }

    @Test("no text fails its rule: what cannot be computed is left out")
    func neverFails() throws {
        #expect(try because("'at {complaints[\"none\"].id}, {1 / (data.amount - 1999)}!'") == "at , !")
        #expect(try because("'so {many.map(a, many.map(b, many.map(c, many.map(d, 1)))).size()}'") == "so ")
    }

    @Test("a text over what an entry holds is cut after a part of the sentence, else at a character")
    func cut() throws {
        let listed = try #require(try because(#"'{many.map(i, "debt " + string(i)).join(", ")}'"#))
        #expect(listed.utf8.count <= 1024)
        #expect(listed.utf8.count > 1000)
        #expect(listed.hasSuffix(", …"))
        #expect(listed.hasPrefix("debt 0, debt 1, "))
        let solid = try #require(try because(#"'{many.map(i, "ééééé").join("")}'"#))
        #expect(solid.utf8.count <= 1024 && solid.utf8.count > 1020)
        #expect(solid.hasSuffix("é…"))
        let exact = String(repeating: "x", count: 1024)
        #expect(try because(exact) == exact)
    }

    @Test(
        "what is wrong with a text is refused, at its place",
        arguments: [
            ("'{data.orderId'", "opens an expression that does not end"), ("'a } b'", "ends no expression"),
            ("'{}'", "opens an expression that does not end"), ("'{data.orderID}'", "did you mean `orderId`?"),
            ("'{data.description}'", "a text cannot say a personal field"),
            ("'{complaints[\"x\"]}'", "a text cannot say"), ("'{1 +}'", "unexpected end, expected an expression"),
        ])
    func wrong(text: String, message: String) {
        let problems = fixture.problems(
            "id: r\non: complaint.submitted\nbecause: \(text)\ntimers:\n  - {name: t, key: '\"k\"', at: event.recordedtime}"
        )
        #expect(problems.contains(message), "\(problems)")
    }
}
