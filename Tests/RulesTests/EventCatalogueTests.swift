import AgentKit
import JSON
import Rules
import Testing

@Suite("what is said of event types beyond a rule set")
struct EventCatalogueTests {
    private let types: EventTypes

    init() throws {
        let text = """
            agent: gift
            version: 1.0.0
            triggers:
              gift.promised:
                say: "{fromUserId} promises {toUserId} a gift"
                once: giftId
                data: {giftId: id, fromUserId: string, toUserId: string, kind: small|large, worth: int, amount: money, quantity: int, note: optional personal string, userId: string, at: optional timestamp, left: optional duration, rate: optional double, tags: "optional [string]", more: "optional {string: dyn}", place: "optional {lat: double}", isOpen: bool}
            decisions:
              gift.refused:
                outcome: refused
                data: {giftId: id, note: optional personal string}
            correctable: [gift.refused]
            """
        types = try EventTypes.declared(in: [RuleFile(name: "gift.yaml", text: text)])
    }

    private func root(_ text: String) throws -> View { try Document.parse(Array(text.utf8)).root }

    @Test("JSON Schema says what is held of each member")
    func schema() throws {
        let schema = try root(#require(EventCatalogue(types).schema(of: "gift.promised")))
        let members = try #require(schema["properties"])
        func text(_ name: String, _ key: String) -> String? { members.member(name)?.member(key)?.string }
        #expect(text("giftId", "pattern") == "^[A-Za-z0-9._:-]{1,128}$" && text("giftId", "type") == "string")
        #expect(members["kind"]?["enum"]?.count == 2)
        #expect(members["worth"]?["minimum"]?.int == -9_007_199_254_740_991)
        #expect(members["amount"]?["minimum"]?.int == 0 && members["quantity"]?["minimum"]?.int == 1)
        #expect(text("at", "format") == "date-time" && text("rate", "type") == "number")
        #expect(text("note", "description")?.hasPrefix("Personal") == true)
        #expect(members["tags"]?["items"]?["type"]?.string == "string")
        #expect(members["place"]?["additionalProperties"]?.bool == false)
        #expect(members["more"]?["additionalProperties"]?.count == 0)
        let required = schema["required"]?.children.compactMap(\.string)
        #expect(
            required == [
                "giftId", "fromUserId", "toUserId", "kind", "worth", "amount", "currency", "quantity", "userId",
                "isOpen",
            ])
        #expect(EventCatalogue(types).schema(of: "gift.lost") == nil)
    }

    @Test("a personal member has the form in which it is sent and the one in which the log holds it")
    func personal() throws {
        let catalogue = EventCatalogue(types)
        let sent = try root(#require(catalogue.schema(of: "gift.promised")))["properties"]?["note"]
        let forms = try #require(sent?["anyOf"]).children.map { $0 }
        #expect(forms.count == 2 && forms[0]["type"]?.string == "string")
        #expect(forms[1]["properties"]?["commitment"] != nil && forms[1]["properties"]?["sealed"] != nil)
        #expect(forms[1]["additionalProperties"]?.bool == false)
        let decided = try root(#require(catalogue.schema(of: "gift.refused")))["properties"]
        #expect(decided?["note"]?["anyOf"] == nil && decided?["note"]?["allOf"]?.count == 1)
        #expect(decided?["giftId"]?["pattern"] == nil && decided?["giftId"]?["type"]?.string == "string")
    }

    @Test("an AsyncAPI document has a message for every type, and takes what producers may send")
    func asyncAPI() throws {
        let document = try root(EventCatalogue(types).asyncAPI)
        #expect(document["asyncapi"]?.string == "3.0.0")
        #expect(document["components"]?["messages"]?.count == types.count)
        let taken = try #require(document["channels"]?["events"]?["messages"])
        #expect(taken.member("gift.promised") != nil && taken.member("admin.override") != nil)
        #expect(taken.member("gift.refused") == nil && taken.member("timer.fired") == nil)
        #expect(document["channels"]?["log"]?["messages"]?.count == types.count)
        // Every reference leads somewhere.
        var references: [String] = []
        func collect(_ view: View) {
            if let reference = view["$ref"]?.string { references.append(reference) }
            for child in view.children { collect(child) }
        }
        collect(document)
        #expect(references.count > types.count * 3)
        for reference in Set(references) {
            var place: View? = document
            for name in reference.dropFirst(2).split(separator: "/") { place = place?.member(String(name)) }
            #expect(place != nil, "`\(reference)` leads nowhere")
        }
    }

    @Test("the page of all types says kind, identity, outcome and sentence")
    func page() {
        let page = EventCatalogue.page(types)
        #expect(page.contains("## Gift\n\n### Triggers\n\n- **`gift.promised`**, once `giftId`: {fromUserId} promises"))
        let data = "`{giftId: id, note: optional personal string}`"
        #expect(page.contains("- **`gift.refused`**, a refusal, an override may emit it\n  " + data))
        #expect(page.contains("## The engine") && page.contains("- **`timer.fired`**"))
    }
}
