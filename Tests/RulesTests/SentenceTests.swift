import AgentKit
import JSON
import Rules
import Testing

@Suite("sentences of event types")
struct SentenceTests {
    private func load(_ say: String, _ data: String) throws(RuleSetError) -> RuleSet {
        try Fixture().load(
            """
            agent: complaint
            version: 1.0.0
            decisions:
              gift.made:
                say: '\(say.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''"))'
                data: {\(data)}
            """, head: "")
    }

    private func text(_ say: String, _ declared: String, _ data: String) throws -> String {
        let rules = try load(say, declared)
        let entry = try Document.parse(
            Array(#"{"type":"gift.made","recordedtime":"2024-02-16T16:00:00.000Z","data":\#(data)}"#.utf8))
        return rules.sentences.text(entry.root)
    }

    @Test(
        "say values as people do",
        arguments: [
            ("{amount}", "amount: int", #"{"amount":5}"#, "5"),
            ("{money(a, c)}", "a: int, c: string", #"{"a":199900,"c":"PKR"}"#, "PKR 1,999.00"),
            ("{money(a, c)}", "a: int, c: string", #"{"a":5,"c":"XTS"}"#, "XTS 5 minor units"),
            ("until {until}", "until: timestamp", #"{"until":"2024-02-16T18:00:00.000Z"}"#, "until 16 Feb 23:00"),
            ("until {until}", "until: timestamp", #"{"until":"2025-02-16T18:00:00.000Z"}"#, "until 16 Feb 2025 23:00"),
            ("{time(until)}!", "until: timestamp", #"{"until":"2023-12-31T18:59:59.000Z"}"#, "31 Dec 2023 23:59!"),
            ("after {left}", "left: duration", #"{"left":"5400s"}"#, "after 90 minutes"),
            ("after {left}", "left: duration", #"{"left":"21600s"}"#, "after 6 hours"),
            ("after {left}", "left: duration", #"{"left":"86400s"}"#, "after 1 day"),
            ("after {left}", "left: duration", #"{"left":"1.5s"}"#, "after 1.5 seconds"),
            ("{tags}", #"tags: "[string]""#, #"{"tags":["a","b","c"]}"#, "a, b and c"),
            ("{list(tags)}", #"tags: "[string]""#, #"{"tags":["a"]}"#, "a"),
            ("the {ordinal(n)} time", "n: int", #"{"n":1}"#, "the 1st time"),
            ("the {ordinal(n)} time", "n: int", #"{"n":2}"#, "the 2nd time"),
            ("the {ordinal(n)} time", "n: int", #"{"n":3}"#, "the 3rd time"),
            ("the {ordinal(n)} time", "n: int", #"{"n":12}"#, "the 12th time"),
            ("the {ordinal(n)} time", "n: int", #"{"n":111}"#, "the 111th time"),
            ("the {ordinal(n)} time", "n: int", #"{"n":21}"#, "the 21st time"),
            ("{plural(n, 'report')}", "n: int", #"{"n":1}"#, "1 report"),
            ("{plural(n, 'report')}", "n: int", #"{"n":0}"#, "0 reports"),
            ("{plural(n, 'reply', 'replies')}", "n: int", #"{"n":2}"#, "2 replies"),
            ("{reason}", "reason: not_buyer|closed", #"{"reason":"not_buyer"}"#, "not buyer"),
            ("{words(code)}", "code: string", #"{"code":"exceeds_credits"}"#, "not enough money in the account"),
            ("{userId}", "userId: string", #"{"userId":"U_a.b"}"#, "U_a.b"),
            ("{{ {n} }}", "n: int", #"{"n":7}"#, "{ 7 }"),
            ("{n > 1 ? '}' : '{'}", "n: int", #"{"n":7}"#, "}"),
            ("entry {number(first)}", "first: string", #"{"first":"0000000000000042"}"#, "entry 42"),
            ("at {event.recordedtime}", "n: int", #"{"n":7}"#, "at 16 Feb 21:00"),
        ])
    func values(say: String, declared: String, data: String, expected: String) throws {
        #expect(try text(say, declared, data) == expected)
    }

    @Test(
        "say what stands in lists, maps and records as they say it alone",
        arguments: [
            (
                "{times}", #"times: "[timestamp]""#,
                #"{"times":["2024-02-16T18:00:00.000Z","2025-02-16T18:00:00.000Z"]}"#,
                "16 Feb 23:00 and 16 Feb 2025 23:00"
            ),
            (
                "{'at ' + list(times)}", #"times: "[timestamp]""#, #"{"times":["2024-02-16T18:00:00.000Z"]}"#,
                "at 16 Feb 23:00"
            ),
            ("{left}", #"left: "[duration]""#, #"{"left":["5400s","86400s"]}"#, "90 minutes and 1 day"),
            ("{left}", #"left: "[[duration]]""#, #"{"left":[["5400s"],["60s"]]}"#, "90 minutes and 1 minute"),
            ("{ratio}", "ratio: double", #"{"ratio":3}"#, "3.0"),
            ("{ratios}", #"ratios: "[double]""#, #"{"ratios":[3,1.5]}"#, "3.0 and 1.5"),
            (
                "{reasons}", #"reasons: "[not_buyer|closed]""#, #"{"reasons":["not_buyer","closed"]}"#,
                "not buyer and closed"
            ),
            ("{list(reasons)}", #"reasons: "[not_buyer|closed]""#, #"{"reasons":["not_buyer"]}"#, "not buyer"),
            ("{reasons[0]}", #"reasons: "[not_buyer|closed]""#, #"{"reasons":["not_buyer"]}"#, "not buyer"),
            ("{by.a}", #"by: "{string: not_buyer|closed}""#, #"{"by":{"a":"not_buyer"}}"#, "not buyer"),
            ("{by['a']}", #"by: "{string: duration}""#, #"{"by":{"a":"5400s"}}"#, "90 minutes"),
            ("{by['a']}", #"by: "{string: [duration]}""#, #"{"by":{"a":["5400s"]}}"#, "90 minutes"),
            (
                "{by.map(k, by[k])}", #"by: "{string: duration}""#, #"{"by":{"a":"5400s","b":"60s"}}"#,
                "90 minutes and 1 minute"
            ),
            (
                "{of.why} {of.ratio}", #"of: "{why: not_buyer|closed, ratio: double}""#,
                #"{"of":{"ratio":2,"why":"not_buyer"}}"#, "not buyer 2.0"
            ),
            (
                "{items.map(i, i.due)}", #"items: "[{due: timestamp}]""#,
                #"{"items":[{"due":"2024-02-16T18:00:00.000Z"}]}"#, "16 Feb 23:00"
            ),
            (
                "{items[0].why}", #"items: "[{why: not_buyer|closed}]""#, #"{"items":[{"why":"not_buyer"}]}"#,
                "not buyer"
            ),
            (
                "{n > 1 ? a : b}", "n: int, a: not_buyer|closed, b: not_paid|open",
                #"{"a":"closed","b":"not_paid","n":1}"#, "not paid"
            ),
            (
                "{text}", #"text: "[string]""#, #"{"text":["2024-02-16T18:00:00.000Z","a_b","5400s"]}"#,
                "2024-02-16T18:00:00.000Z, a_b and 5400s"
            ),
        ])
    func nested(say: String, declared: String, data: String, expected: String) throws {
        #expect(try text(say, declared, data) == expected)
    }

    @Test(
        "leave out what is absent or cannot be computed, and say that personal data was erased",
        arguments: [
            ("made{' for ' + forId}", "forId: optional string", "{}", "made"),
            ("made{' for ' + forId}", "forId: optional string", #"{"forId":"U-1"}"#, "made for U-1"),
            ("made {forId}.", "forId: optional string", "{}", "made ."),
            ("{10 / n} left", "n: int", #"{"n":0}"#, " left"),
            (
                "note: {note}", "userId: string, note: personal string",
                #"{"userId":"U","note":{"erased":true}}"#, "note: (erased)"
            ),
            (
                "note: {note}", "userId: string, note: personal string",
                #"{"userId":"U","note":{"commitment":"Yw==","sealed":"cw=="}}"#, "note: (sealed)"
            ),
            ("{a}", "a: string", #"{"a":"{b} {n}"}"#, "{b} {n}"),
        ])
    func absent(say: String, declared: String, data: String, expected: String) throws {
        #expect(try text(say, declared, data) == expected)
    }

    @Test(
        "are checked when the rule set is loaded",
        arguments: [
            ("{amuont}", "complaint.yaml:5:12: unknown"), ("{amount", "opens an expression that does not end"),
            ("amount}", "ends no expression"), ("{orders}", "unknown"), ("{params.x}", "unknown"),
            ("{amount + 'x'}", "complaint.yaml:5:"), ("{ {'a': amount} }", "a sentence cannot say"),
        ])
    func wrong(say: String, problem: String) {
        do throws(RuleSetError) {
            _ = try load(say, "amount: int")
            Issue.record("`\(say)` was taken")
        } catch {
            #expect(error.description.contains(problem), "\(error)")
        }
    }

    @Test("are declared for every type of the repository, and for those of the engine")
    func everyType() throws {
        let files = try Repository.names("rules").filter { $0.hasSuffix(".yaml") }.map {
            RuleFile(name: $0, text: try Repository.bytes("rules/" + $0))
        }
        let types = try EventTypes.declared(in: files).all
        #expect(types.count > 130)
        for type in types { #expect(type.sentence != nil, "`\(type.name)` has no sentence") }
    }

    @Test("of types that declare none are the words of their names")
    func none() throws {
        let entry = try Document.parse(Array(#"{"type":"gift.not.known","data":{}}"#.utf8))
        #expect(Sentences.ofEngine.text(entry.root) == "gift not known")
    }
}
