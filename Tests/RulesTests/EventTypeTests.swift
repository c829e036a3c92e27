import AgentKit
import Rules
import Testing

@Suite struct EventTypeTests {
    let fixture = Fixture()

    @Test("an `id` is held to its pattern where it comes from outside, and minted ids may be longer")
    func ids() throws {
        let rules = try fixture.load(
            """
            agent: complaint
            version: 1.0.0
            triggers:
              gift.made: {gift: id, others: "optional [id]", names: "optional {string: id}"}
            decisions:
              gift.recorded: {gift: id}
            """, head: "")
        let made = try #require(rules.eventType(named: "gift.made"))
        func violations(_ data: String, recorded: Bool = false) throws -> [String] {
            let data = try Document.parse(Array(data.utf8)).root
            return (recorded ? made.violationsAsRecorded(data) : made.violations(data)).map(\.description)
        }
        let long = String(repeating: "x", count: 129)
        let problem = "is not a valid id: 1 to 128 of the characters A-Z a-z 0-9 . _ : -"
        #expect(try violations(#"{"gift":"G-1","others":["a.b:c_d-9"],"names":{"a":"b"}}"#).isEmpty)
        #expect(try violations(#"{"gift":"a b"}"#) == ["/gift: `a b` " + problem])
        #expect(try violations(#"{"gift":""}"#) == ["/gift: `` " + problem])
        #expect(try violations(#"{"gift":"G","others":["x","y z"]}"#) == ["/others/1: `y z` " + problem])
        #expect(try violations(#"{"gift":"G","names":{"a":"é"}}"#) == ["/names/a: `é` " + problem])
        #expect(try violations(#"{"gift":5}"#) == ["/gift: must be a string, is an integer"])
        #expect(try violations("{\"gift\":\"\(long)\"}").count == 1)
        #expect(try violations("{\"gift\":\"\(long)\"}", recorded: true).isEmpty)
        #expect(made.schema.text.hasPrefix("{gift: id, others: optional [id]"))
    }

    @Test(
        "`outcome` and `say` are held to what they may be",
        arguments: [
            ("decisions", "outcome: refused", ""), ("triggers", "outcome: refused", "`outcome` is for decisions"),
            ("decisions", "outcome: denied", "`outcome` is `refused` or left out, not `denied`"),
            ("decisions", "say: [a]", "`say` of `gift.made` must be a text, is a list"),
            ("decisions", "say: a gift", ""),
        ])
    func longForm(section: String, key: String, problem: String) {
        let text = """
            agent: complaint
            version: 1.0.0
            \(section):
              gift.made:
                \(key)
                data: {giftId: string}
            """
        do throws(RuleSetError) {
            let rules = try fixture.load(text, head: "")
            #expect(problem.isEmpty && rules.eventType(named: "gift.made")?.isRefusal == key.hasPrefix("outcome"))
        } catch {
            #expect(!problem.isEmpty && error.description.contains(problem), "\(error)")
        }
    }

    private func violations(_ type: String, _ data: String) throws -> [String] {
        let rules = try fixture.load("")
        let declared = try #require(rules.eventType(named: type))
        return declared.violations(try Document.parse(Array(data.utf8)).root).map(\.description)
    }

    @Test(
        "data is held to its declared type, each violation with its pointer",
        arguments: [
            (#"{"complaintId":"a","orderId":"b","userId":"c","amount":1,"kind":"late","description":"d"}"#, []),
            (#"{"complaintId":"a","orderId":"b","userId":"c","amount":1.0,"kind":"late","description":"d"}"#, []),
            (
                #"{"complaintId":"a","orderId":"b","userId":"c","amount":1,"kind":"late","description":"d","place":{"lat":1,"lon":2.5}}"#,
                []
            ),
            (
                #"{"complaintId":"a","orderId":"b","userId":"c","amount":1.5,"kind":"late","description":"d"}"#,
                ["/amount: must be an integer, is `1.5`"]
            ),
            (#"{"complaintId":"a b","orderId":"b","userId":"c","amount":1,"kind":"late","description":"d"}"#, []),
            (
                #"{"complaintId":"a","orderId":"b","userId":"c","amount":1,"kind":"lat","description":"d"}"#,
                ["/kind: must be one of `late`, `broken`, is `lat`, did you mean `late`?"]
            ),
            (
                #"{"complaintId":"a","orderId":"b","userId":"c","amount":1,"kind":"late","description":4}"#,
                ["/description: must be a string, is an integer"]
            ),
            (
                #"{"complaintId":"a","orderId":"b","userId":"c","amount":1,"kind":"late"}"#,
                ["/description: missing member `description`"]
            ),
            (
                #"{"complaintId":"a","orderId":"b","userId":"c","amount":1,"kind":"late","description":"d","tagz":[]}"#,
                ["/tagz: unknown member `tagz`, did you mean `tags`?"]
            ),
            (
                #"{"complaintId":"a","orderId":"b","userId":"c","amount":1,"kind":"late","description":"d","tags":["x",5]}"#,
                ["/tags/1: must be a string, is an integer"]
            ),
            (
                #"{"complaintId":"a","orderId":"b","userId":"c","amount":1,"kind":"late","description":"d","due":"2024-02-16"}"#,
                ["/due: `2024-02-16` is not an RFC 3339 timestamp with an offset"]
            ),
            (
                #"{"complaintId":"a","orderId":"b","userId":"c","amount":1,"kind":"late","description":"d","place":{"lat":"x"}}"#,
                ["/place/lat: must be a number, is a string", "/place/lon: missing member `lon`"]
            ),
            (
                #"{"complaintId":null,"orderId":"b","userId":"c","amount":1,"kind":"late","description":"d"}"#,
                ["/complaintId: must be a string, is null"]
            ),
            (#"[]"#, ["must be an object, is a list"]),
        ])
    func violations(data: String, expected: [String]) throws {
        #expect(try violations("complaint.submitted", data) == expected)
    }

    @Test("what is declared as an id is held to the pattern of ids, whatever its name, and nothing else is")
    func identifiers() throws {
        let head =
            "agent: complaint\nversion: 1.0.0\nfacts: {case.heard: {name: id, caseId: string, area: string}}\n"
        let type = try #require(try fixture.load("", head: head).eventType(named: "case.heard"))
        func violations(_ data: String) throws -> [String] {
            type.violations(try Document.parse(Array(data.utf8)).root).map(\.description)
        }
        #expect(try violations(#"{"name":"a","caseId":"a b","area":""}"#) == [])
        #expect(
            try violations(#"{"name":"a b","caseId":"a","area":"a"}"#)
                == ["/name: `a b` is not a valid id: 1 to 128 of the characters A-Z a-z 0-9 . _ : -"])
    }

    @Test("each id of a list of ids is held to the pattern of ids")
    func identifiersInAList() throws {
        let head = "agent: complaint\nversion: 1.0.0\nfacts: {case.heard: {witnessIds: \"optional [id]\"}}\n"
        let type = try #require(try fixture.load("", head: head).eventType(named: "case.heard"))
        func violations(_ data: String) throws -> [String] {
            type.violations(try Document.parse(Array(data.utf8)).root).map(\.description)
        }
        #expect(try violations(#"{"witnessIds":["U-a","U-b"]}"#) == [])
        #expect(
            try violations(#"{"witnessIds":["U-a","U b",""]}"#) == [
                "/witnessIds/1: `U b` is not a valid id: 1 to 128 of the characters A-Z a-z 0-9 . _ : -",
                "/witnessIds/2: `` is not a valid id: 1 to 128 of the characters A-Z a-z 0-9 . _ : -",
            ])
    }

    @Test("the built-in types are there with their owners and kinds")
    func builtIn() throws {
        let rules = try fixture.load("")
        let kinds = ["timer.fired", "transfer.requested", "admin.override", "alert.acknowledged"].map {
            rules.eventType(named: $0).map { "\($0.owner) \($0.kind)" }
        }
        #expect(kinds == ["engine engine", "any decision", "administrator trigger", "administrator fact"])
        #expect(rules.types.all.map(\.index) == Array(0..<rules.types.count))
        #expect(rules.eventType(named: "complaint.submitted")?.personalFields == ["description"])
        #expect(rules.correctable == ["complaint.refused"])
    }

    @Test("a decision's data in the log has its personal fields sealed")
    func recorded() throws {
        let rules = try fixture.load("")
        let type = try #require(rules.eventType(named: "complaint.noted"))
        let sealed = #"{"complaintId":"a","note":{"commitment":"Yw==","sealed":"cw=="}}"#
        #expect(type.violationsAsRecorded(try Document.parse(Array(sealed.utf8)).root).isEmpty)
        let open = #"{"complaintId":"a","note":"x"}"#
        #expect(!type.violationsAsRecorded(try Document.parse(Array(open.utf8)).root).isEmpty)
    }

    @Test(
        "a type that is no type is refused",
        arguments: [
            ("{a.b: {x: strin}}", "unknown type `strin`, did you mean `string`?"),
            ("{a.b: {x: \"[string\"}}", "`]` is missing in the type `[string`"),
            ("{a.b: {x: \"{int: string}\"}}", "the keys of a map are `string`, not `int`"),
            ("{a.b: {x: \"*nothing\"}}", "unknown record `*nothing`"),
            ("{nodots: {x: string}}", "`nodots` is no event type"),
            ("{timer.fired: {x: string}}", "event type `timer.fired` is declared already, by `engine`"),
            ("{a.b: {x: personal string}}", "`a.b` has personal members and needs `userId: string`"),
        ])
    func badType(facts: String, message: String) {
        do throws(RuleSetError) {
            _ = try fixture.load("", head: "agent: complaint\nversion: 1.0.0\nfacts: \(facts)\n")
            Issue.record("the declaration was accepted")
        } catch {
            #expect(error.description.contains(message), "\(error)")
        }
    }

    @Test("a value of an enum may be called as a word of the type language is")
    func enumOfTypeWords() throws {
        let file = RuleFile(
            name: "order.yaml",
            text: "agent: order\nversion: 1.0.0\ndecisions:\n  order.sorted: {by: personal|optional}\n")
        let rules = try fixture.load("", more: [file])
        let type = try #require(rules.eventType(named: "order.sorted"))
        let allowed = try Document.parse(Array(#"{"by":"personal"}"#.utf8))
        #expect(type.violations(allowed.root).isEmpty)
        let unknown = try Document.parse(Array(#"{"by":"string"}"#.utf8))
        #expect(
            type.violations(unknown.root).map(\.description) == [
                "/by: must be one of `personal`, `optional`, is `string`"
            ])
    }

    @Test(
        "what a declaration cannot mean is an error",
        arguments: [
            (
                "gift.made: {onec: giftId, data: {giftId: id}}",
                "unknown key `onec` in the declaration of `gift.made`, did you mean `once`?"
            ),
            (
                "gift.made: {sya: hi, data: {giftId: id}}",
                "unknown key `sya` in the declaration of `gift.made`, did you mean `say`?"
            ),
            ("gift.made: {giftId: id, n: number}", "unknown type `number`, did you mean `int`?"),
            ("gift.made: {giftId: id, at: date}", "unknown type `date`, did you mean `timestamp`?"),
            (
                "gift.made: {userId: id, r: \"{a: personal string}\"}",
                "only a member of the data itself can be personal, not a part of `r`"
            ),
            (
                "gift.made: {userId: id, r: \"[personal string]\"}",
                "only a member of the data itself can be personal, not a part of `r`"
            ),
            (
                "gift.made: {userId: id, r: \"{string: personal string}\"}",
                "only a member of the data itself can be personal, not a part of `r`"
            ),
            (
                "gift.made: {userId: id, r: \"personal {a: personal string}\"}",
                "only a member of the data itself can be personal, not a part of `r`"
            ),
        ])
    func wrong(declaration: String, message: String) throws {
        let error = #expect(throws: RuleSetError.self) {
            try fixture.load("agent: complaint\nversion: 1.0.0\ntriggers:\n  \(declaration)\n", head: "")
        }
        #expect(error?.description.contains(message) ?? false, "\(error?.description ?? "")")
    }
}
