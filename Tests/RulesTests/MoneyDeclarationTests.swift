import AgentKit
import JSON
import Rules
import Testing

/// The members that `money` in a declaration brings.
@Suite struct MoneyDeclarationTests {
    private func types(_ declarations: String) throws(RuleSetError) -> EventTypes {
        let text = "agent: shop\nversion: 1.0.0\n" + declarations
        return try EventTypes.declared(in: [RuleFile(name: "shop.yaml", text: text)])
    }

    private func type(_ data: String) throws -> EventType {
        try #require(try types("facts:\n  shop.told: \(data)")["shop.told"])
    }

    private func violations(_ data: String, _ json: String) throws -> [String] {
        let view = try Document.parse(Array(json.utf8)).root
        return try type(data).violations(view).map { $0.pointer + ": " + $0.message }
    }

    private func problem(_ declarations: String) -> String {
        do throws(RuleSetError) {
            _ = try types(declarations)
            return ""
        } catch {
            return error.description
        }
    }

    @Test("an amount brings its record's currency, which the declaration does not name")
    func brought() throws {
        let type = try type("{id: id, amount: money, fee: optional money}")
        #expect(type.schema.members.map(\.name) == ["amount", "currency", "fee", "id"])
        #expect(type.schema.text == "{id: id, amount: money, fee: optional money}")
    }

    @Test(
        "the currency is required where one of the amounts is",
        arguments: [
            (#"{"amount":5,"currency":"PKR"}"#, []), (#"{"amount":5}"#, ["/currency: missing member `currency`"]),
            (#"{"amount":-1,"currency":"PKR"}"#, ["/amount: `-1` is less than 0"]),
            (#"{"amount":1.5,"currency":"PKR"}"#, ["/amount: must be an integer, is `1.5`"]),
            (#"{"amount":"5","currency":"PKR"}"#, ["/amount: must be an integer, is a string"]),
            (#"{"amount":5,"currency":5}"#, ["/currency: must be a string, is an integer"]),
        ])
    func required(json: String, expected: [String]) throws {
        #expect(try violations("{amount: money, fee: optional money}", json) == expected)
    }

    @Test(
        "where all amounts are optional the currency is there exactly with one",
        arguments: [
            ("{}", []), (#"{"fee":5,"currency":"PKR"}"#, []), (#"{"fee":5,"tip":1,"currency":"PKR"}"#, []),
            (#"{"fee":5}"#, ["/currency: missing member `currency`, in which `fee` is"]),
            (#"{"currency":"PKR"}"#, ["/currency: there is no amount in this currency: `fee`, `tip`"]),
        ])
    func optional(json: String, expected: [String]) throws {
        #expect(try violations("{fee: optional money, tip: optional money}", json) == expected)
    }

    @Test(
        "amounts further in are in the currency of the record around them that always has one",
        arguments: [
            ("{currency: string, payments: '[{to: id, amount: money}]'}", ["to", "amount"]),
            ("{total: money, payments: '[{to: id, amount: money}]'}", ["to", "amount"]),
            ("{payments: '[{to: id, amount: money}]'}", ["to", "amount", "currency"]),
            ("{fee: optional money, payments: '[{to: id, amount: money}]'}", ["to", "amount", "currency"]),
            ("{total: money, payments: ['*transfer']}", ["debitAccount", "creditAccount", "amount", "currency"]),
        ])
    func enclosing(data: String, members: [String]) throws {
        let type = try type(data)
        let payments = try #require(type.schema.members.first { $0.name == "payments" })
        guard case .list(.record(let record)) = payments.type else {
            Issue.record("`payments` is not a list of records")
            return
        }
        #expect(Set(record.members.map(\.name)).isSuperset(of: members))
        #expect(record.members.contains { $0.name == "currency" } == members.contains("currency"))
    }

    @Test(
        "what cannot be declared is said with its place",
        arguments: [
            (
                "facts:\n  shop.told:\n    amount: money\n    currency: string\n",
                "shop.yaml:6:5: `currency` is brought by `amount: money`: leave it out"
            ),
            (
                "facts:\n  shop.told:\n    parts: '[{fee: optional money, currency: string}]'\n",
                "shop.yaml:5:5: `currency` is brought by `fee: money`: leave it out"
            ),
            ("facts: {shop.told: {a: '{string: money}'}}", "the values of a map cannot be money"),
            ("facts: {shop.told: {a: {string: money}}}", "the values of a map cannot be money"),
            ("facts: {shop.told: {a: personal money, userId: id}}", "money cannot be personal"),
            ("facts: {shop.told: {a: mony}}", "unknown type `mony`, did you mean `money`?"),
        ])
    func problems(declarations: String, expected: String) {
        #expect(problem(declarations).contains(expected), "\(problem(declarations))")
    }

    @Test("JSON Schema tells that amounts are integers, and when their currency is there")
    func schema() throws {
        let types = try types(
            "facts:\n  shop.told: {amount: money}\n  shop.asked: {fee: optional money, tip: optional money}")
        func schema(_ name: String) throws -> View {
            try Document.parse(Array(#require(EventCatalogue(types).schema(of: name)).utf8)).root
        }
        let told = try schema("shop.told")
        #expect(told["properties"]?["amount"]?["minimum"]?.int == 0)
        #expect(told["required"]?.children.compactMap(\.string) == ["amount", "currency"])
        #expect(told["dependentRequired"] == nil)
        let asked = try schema("shop.asked")
        #expect(asked["required"]?.count == 0)
        #expect(asked["dependentRequired"]?["fee"]?.element(0).string == "currency")
        #expect(asked["dependentSchemas"]?["currency"]?["anyOf"]?.count == 2)
        #expect(EventCatalogue.page(types).contains("`{fee: optional money, tip: optional money}`"))
    }

    @Test("a sentence says an amount with its currency")
    func sentence() throws {
        let text = """
            agent: complaint
            version: 1.0.0
            facts:
              shop.told:
                say: "{amount} for {id}{', with a fee of ' + money(fee)}{'; ' + list(parts.map(p, money(p.price)))}"
                data: {id: id, amount: money, fee: optional money, parts: "[{price: money}]"}
            """
        let rules = try RuleSet.load(
            files: [RuleFile(name: "complaint.yaml", text: text)], host: Fixture().host)
        func said(_ data: String) throws -> String {
            rules.sentences.text(try Fixture.event("shop.told", data).document.root)
        }
        #expect(
            try said(#"{"amount":199900,"currency":"PKR","fee":5,"id":"A","parts":[{"price":1}]}"#)
                == "PKR 1,999.00 for A, with a fee of PKR 0.05; PKR 0.01")
        #expect(try said(#"{"amount":7,"currency":"XYZ","id":"A","parts":[]}"#) == "XYZ 7 minor units for A; ")
    }
}
