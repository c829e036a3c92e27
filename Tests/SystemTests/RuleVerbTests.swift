import Foundation
import TestSupport
import Testing

@Suite("Rules and expressions from the command line", .ownThreads)
struct RuleVerbTests {
    private let rules = Docket.rules

    @Test("rules check prints the digest of a good rule set")
    func checkGood() throws {
        let result = try Docket.binary.run("rules", "check", rules)
        #expect(result.status == 0, "\(result.output)\(result.messages)")
        #expect(result.output.wholeMatch(of: /[0-9a-f]{64}\n/) != nil)
    }

    @Test("rules check points at what is wrong, with a caret under it")
    func checkBad() throws {
        let folder = try RuleCopy(replacing: "data.orderId", with: "data.ordrId", in: "complaint.yaml")
        let result = try Docket.binary.run("rules", "check", folder.path)
        #expect(result.status == 1)
        #expect(result.output.contains(/complaint\.yaml:\d+:\d+: .*ordrId/))
        #expect(result.output.contains("did you mean `orderId`"))
        #expect(result.output.contains("^"))
        let json = try Docket.binary.run("rules", "check", folder.path, "--json")
        #expect(json.output.contains(#""file":"complaint.yaml""#))
    }

    @Test("rules check on a folder without rules cannot run")
    func checkNothing() throws {
        let folder = try TemporaryDirectory()
        #expect(try Docket.binary.run("rules", "check", folder.path).status == 2)
        #expect(try Docket.binary.run("rules", "check", folder.file("none")).status == 2)
    }

    @Test("the tests of the rules pass, and fail where a rule is another")
    func rulesTest() throws {
        let good = try Docket.binary.run("rules", "test", rules)
        #expect(good.status == 0, "\(good.output)\(good.messages)")
        #expect(good.output.contains("0 failed"))
        let folder = try RuleCopy(replacing: "sub: 200", with: "sub: 201", in: "complaint.yaml")
        let bad = try Docket.binary.run("rules", "test", folder.path)
        #expect(bad.status == 1)
        #expect(!bad.output.contains(" 0 failed"))
    }

    @Test("rules diff shows what changed, and does not count comments")
    func diff() throws {
        let changed = try RuleCopy(replacing: "sub: 200", with: "sub: 250", in: "complaint.yaml")
        let result = try Docket.binary.run("rules", "diff", rules, changed.path)
        #expect(result.status == 1)
        #expect(result.output.contains("fine.sub"))
        #expect(result.output.contains("`200`") && result.output.contains("`250`"), "\(result.output)")
        let same = try RuleCopy(
            replacing: "agent: complaint", with: "# a remark\nagent: complaint", in: "complaint.yaml")
        #expect(try Docket.binary.run("rules", "diff", rules, same.path).status == 0)
    }

    @Test(
        "cel prints type and value",
        arguments: [
            ("1 + 2", #"{"type":"int","value":3}"#), (#""a" + "b""#, #"{"type":"string","value":"ab"}"#),
            ("[1, 2].exists(i, i > 1)", #"{"type":"bool","value":true}"#),
            ("2.5 * 2.0", #"{"type":"double","value":5}"#),
            (#"{"b": 1, "a": [true, null]}"#, #"{"type":"map(string, dyn)","value":{"a":[true,null],"b":1}}"#),
        ])
    func cel(expression: String, expected: String) throws {
        let result = try Docket.binary.run("cel", expression)
        #expect(result.status == 0, "\(result.messages)")
        #expect(result.output == expected + "\n")
    }

    @Test(
        "cel never prints null for a value that JSON lacks, and gives a value of dyn type its own",
        arguments: [
            ("9007199254740991 + 1", #"{"type":"int","value":"9007199254740992"}"#),
            ("[9007199254740992u]", #"{"type":"list(uint)","value":["9007199254740992"]}"#),
            (#"{"a": 1, "b": -1.0 / 0.0}"#, #"{"type":"map(string, dyn)","value":{"a":1,"b":"-Infinity"}}"#),
            (#"dyn(b"hi")"#, #"{"type":"bytes","value":"aGk="}"#), ("dyn(1u)", #"{"type":"uint","value":1}"#),
            ("null", #"{"type":"null","value":null}"#), (#"[{"a": null}][0].a"#, #"{"type":"null","value":null}"#),
        ])
    func celBeyondJSON(expression: String, expected: String) throws {
        let result = try Docket.binary.run("cel", expression)
        #expect(result.status == 0, "\(result.messages)")
        #expect(result.output == expected + "\n")
    }

    @Test(
        "an expression may begin with a minus",
        arguments: [
            ["-1"], ["--", "-1"], ["-1", "--json"], ["--json", "--", "-1"], ["-x", "--bindings", "-"],
            ["--bindings", "-", "-x"], ["-(1)"],
        ])
    func celMinus(arguments: [String]) throws {
        let result = try Docket.binary.run(["cel"] + arguments, input: #"{"x": 1}"#)
        #expect(result.status == 0, "\(result.messages)")
        #expect(result.output == "{\"type\":\"int\",\"value\":-1}\n")
    }

    @Test("cel reads variables from a file")
    func celBindings() throws {
        let result = try Docket.binary.run(
            "cel", "items.filter(i, i.price > limit).map(i, i.id)", "--bindings", "-",
            input: #"{"items":[{"id":"a","price":5},{"id":"b","price":50}],"limit":10}"#)
        #expect(result.status == 0, "\(result.messages)")
        #expect(result.output.contains(#""value":["b"]"#))
    }

    @Test(
        "an expression in error is pointed at",
        arguments: [
            ("1 +", "1:4"), ("nothing + 1", "nothing"), ("1 / 0", "zero"), ("1 +\n  fo(", "  fo(\n     ^"),
            ("[optional.none()]", "empty optional"), (#"{1: 2, "1": 3}"#, "`1`"),
        ])
    func celErrors(expression: String, expected: String) throws {
        let result = try Docket.binary.run("cel", expression)
        #expect(result.status == 1)
        #expect(result.messages.contains(expected), "\(result.messages)")
        #expect(result.output.isEmpty)
    }
}
