import AgentKit
import Rules
import Testing

/// Amounts in rules.
@Suite struct MoneyRuleTests {
    let fixture = Fixture()

    private static let head = """
        agent: complaint
        version: 1.0.0
        triggers:
          sale.asked: {saleId: string, amount: money, deliveryFee: optional money, parts: "[{to: string, share: money}]"}
          sale.counted: {saleId: string, count: int}
        decisions:
          sale.noted: {saleId: string, amount: money, zone: money}
          sale.priced: {price: money}
          sale.tipped: {saleId: string, tip: optional money, zest: optional money}
          sale.shared: {saleId: string, amount: money, parts: "[{to: string, share: money}]"}
          sale.batched: {currency: string, parts: "[{to: string, share: money}]"}
          sale.listed: {fees: "[money]"}
          sale.told: {extra: "{string: dyn}"}

        """

    private static let asked =
        #"{"amount":500,"currency":"PKR","deliveryFee":30,"parts":[{"share":200,"to":"a"},{"share":300,"to":"b"}],"saleId":"S-1"}"#

    private func rules(_ body: String) throws(RuleSetError) -> RuleSet {
        let text =
            "rules:\n  - id: r\n    on: sale.asked\n"
            + body.split(separator: "\n").map { "    " + $0 }.joined(separator: "\n")
        return try fixture.load(text + "\n", head: Self.head)
    }

    private func problem(_ body: String) -> String {
        do throws(RuleSetError) {
            _ = try rules(body)
            return ""
        } catch {
            return error.description
        }
    }

    private func outcome(_ body: String, _ data: String = asked) throws -> RuleOutcome {
        fixture.bills["S-1"] = {
            var bill = Bill()
            bill.payer = "U-1"
            bill.amount = Amount(700)
            bill.currency = "USD"
            return bill
        }()
        return try rules(body).outcome("r", Fixture.event("sale.asked", data))
    }

    private func emitted(_ items: String, _ data: String = asked) throws -> [String] {
        let outcome = try outcome("emit:\n" + items, data)
        guard case .decided(let decisions) = outcome else {
            Issue.record("decided nothing: \(outcome)")
            return []
        }
        return decisions.emissions.map(Fixture.text)
    }

    private func code(_ body: String, _ data: String = asked) throws -> String? {
        guard case .failed(let code, nil) = try outcome(body, data) else { return nil }
        return code.rawValue
    }

    @Test("a decision's currency is that of its amounts, wherever they stand in it")
    func currency() throws {
        #expect(
            try emitted(
                """
                - sale.noted: {saleId: data.saleId, amount: data.amount * 2, zone: data.amount}
                - sale.priced: {price: 'bills[data.saleId].amount'}
                - sale.priced: '{"price": data.deliveryFee}'
                """) == [
                    #"{"amount":1000,"currency":"PKR","saleId":"S-1","zone":500}"#,
                    #"{"currency":"USD","price":700}"#, #"{"currency":"PKR","price":30}"#,
                ])
    }

    @Test("an optional currency is written exactly with an amount")
    func optional() throws {
        #expect(
            try emitted(
                """
                - sale.tipped: {saleId: '"a"', tip: data.?deliveryFee}
                - sale.tipped: {saleId: '"b"', zest: data.?deliveryFee, tip: optional.none()}
                - sale.tipped: {saleId: '"c"', tip: optional.none()}
                - sale.tipped: {saleId: '"d"'}
                """) == [
                    #"{"currency":"PKR","saleId":"a","tip":30}"#, #"{"currency":"PKR","saleId":"b","zest":30}"#,
                    #"{"saleId":"c"}"#, #"{"saleId":"d"}"#,
                ])
    }

    @Test(
        "two currencies in one record are no decision",
        arguments: [
            "- sale.noted: {saleId: data.saleId, amount: data.amount, zone: 'bills[data.saleId].amount'}",
            "- sale.shared: {saleId: data.saleId, amount: 'bills[data.saleId].amount', parts: data.parts}",
            #"- sale.shared: {saleId: data.saleId, amount: data.amount, parts: '[{"to": "a", "share": bills["S-1"].amount}]'}"#,
            #"- sale.shared: {saleId: data.saleId, amount: data.amount, parts: '["a"].map(to, {"to": to, "share": bills["S-1"].amount})'}"#,
            #"- sale.batched: {currency: '"USD"', parts: data.parts}"#,
            "- sale.batched: {currency: 'bills[data.saleId].currency', parts: 'data.parts.filter(p, true)'}",
            #"- sale.listed: {fees: '[data.amount, bills["S-1"].amount]'}"#,
            #"- sale.noted: '{"saleId": "a", "amount": data.amount, "zone": bills["S-1"].amount}'"#,
            #"- transfer: {purpose: p, reference: data.saleId, transfers: '[1].map(i, {"debitAccount": "a", "creditAccount": "b", "amount": data.amount, "currency": "USD"})'}"#,
        ])
    func twoCurrencies(item: String) throws {
        #expect(try code("emit:\n" + item) == "type")
    }

    @Test("amounts further in are written without a currency of their own")
    func enclosed() throws {
        #expect(
            try emitted(
                """
                - sale.shared: [saleId, amount, parts]
                - sale.shared: {saleId: data.saleId, amount: data.amount, parts: 'data.parts.map(p, {"to": p.to, "share": p.share * 2})'}
                - sale.batched: {currency: data.currency, parts: 'data.parts.filter(p, p.share > 0)'}
                - sale.listed: {fees: 'data.parts.map(p, p.share)'}
                """) == [
                    #"{"amount":500,"currency":"PKR","parts":[{"share":200,"to":"a"},{"share":300,"to":"b"}],"saleId":"S-1"}"#,
                    #"{"amount":500,"currency":"PKR","parts":[{"share":400,"to":"a"},{"share":600,"to":"b"}],"saleId":"S-1"}"#,
                    #"{"currency":"PKR","parts":[{"share":200,"to":"a"},{"share":300,"to":"b"}]}"#,
                    #"{"currency":"PKR","fees":[200,300]}"#,
                ])
    }

    @Test(
        "what has no currency, or is below zero, is no amount of a decision",
        arguments: [
            #"- sale.priced: {price: 'amountOf(0, "")'}"#, "- sale.priced: {price: -data.amount}",
            "- sale.listed: {fees: 'data.parts.filter(p, false).map(p, p.share)'}",
            "- sale.priced: {price: 'data.amount * 9007199254740991'}",
        ])
    func noAmount(item: String) throws {
        #expect(try code("emit:\n" + item) == (item.contains("*") ? "type" : "type"))
    }

    @Test("a transfer is in the currency of its amount, and so are its accounts")
    func transfer() throws {
        #expect(
            try emitted(
                """
                - transfer: {purpose: p, reference: data.saleId, from: 'wallet/{data.saleId}', to: platform/fees, amount: data.amount}
                - transfer: {purpose: p, reference: data.saleId, transfers: '[{"debitAccount": "a", "creditAccount": "b", "amount": data.deliveryFee}]'}
                """) == [
                    #"{"purpose":"p","reference":"S-1","transfers":[{"amount":500,"creditAccount":"platform/fees/PKR","currency":"PKR","debitAccount":"wallet/S-1/PKR"}]}"#,
                    #"{"purpose":"p","reference":"S-1","transfers":[{"amount":30,"creditAccount":"b","currency":"PKR","debitAccount":"a"}]}"#,
                ])
    }

    @Test("in data of any type an amount says its currency, and a row stays as it is")
    func anything() throws {
        #expect(
            try emitted(#"- sale.told: {extra: '{"sum": data.amount, "bill": bills["S-1"]}'}"#) == [
                #"{"extra":{"bill":{"amount":700,"currency":"USD","payer":"U-1"},"sum":{"currency":"PKR","minorUnits":500}}}"#
            ])
    }

    @Test("a sum across currencies fails the rule with code `currency`, or its `onError` stands in")
    func failure() throws {
        let sum = "emit:\n- sale.priced: {price: 'data.amount + bills[data.saleId].amount'}"
        #expect(try code(sum) == "currency")
        #expect(try code("when: data.amount < bills[data.saleId].amount\n" + sum) == "currency")
        guard
            case .failed(.currency, let instead?) = try outcome(
                sum + "\nonError:\n- sale.priced: {price: data.amount}")
        else {
            Issue.record("the rule did not fail with `currency`, or nothing stood in for it")
            return
        }
        #expect(instead.map(Fixture.text) == [#"{"currency":"PKR","price":500}"#])
    }

    @Test("an amount that came without its currency fails the rule")
    func noCurrency() throws {
        #expect(
            try code(
                "when: data.amount > 0\ntimers: [{name: t, key: data.saleId, at: event.recordedtime}]",
                #"{"amount":5,"saleId":"S"}"#)
                == "type")
    }

    @Test("a reason says amounts with their currency, and a refusal copies them")
    func texts() throws {
        let body = """
            refuse:
            - {when: 'data.amount != bills[data.saleId].amount', as: sale.noted, with: {zone: data.amount}, because: "{data.amount}, not {bills[data.saleId].amount}; {data.parts.map(p, p.share)}{data.?deliveryFee}"}
            """
        guard case .decided(let decisions) = try outcome(body) else {
            Issue.record("the rule did not refuse")
            return
        }
        #expect(decisions.because == "PKR 5.00, not USD 7.00; PKR 2.00, PKR 3.00PKR 0.30")
        #expect(
            decisions.emissions.map(Fixture.text) == [#"{"amount":500,"currency":"PKR","saleId":"S-1","zone":500}"#])
    }

    @Test(
        "functions take and give money",
        arguments: [
            ("basisPoints(data.amount, 250)", 12, "PKR"), (#"amountOf(7, "EUR")"#, 7, "EUR"),
            (#"data.parts[1].share"#, 300, "PKR"), ("data.?none.orValue(data.amount)", 500, "PKR"),
        ])
    func functions(source: String, minorUnits: Int, currency: String) throws {
        let known = source.replacing("data.?none", with: "data.?deliveryFee")
        let data = source == known ? Self.asked : Self.asked.replacing(#","deliveryFee":30"#, with: "")
        #expect(
            try emitted("- sale.priced: {price: '\(known)'}", data)
                == [#"{"currency":"\#(currency)","price":\#(minorUnits)}"#])
    }

    @Test("what a variable came to is told with its currency")
    func trace() throws {
        let trace = RuleTrace()
        let rules = try rules(
            "let: {total: data.amount + data.deliveryFee, bill: 'bills[data.saleId]'}\nwhen: total > 0 && bill.amount > 0\nemit: [{sale.priced: {price: total}}]"
        )
        fixture.bills["S-1"] = Bill()
        fixture.bills.update("S-1") { $0.currency = "USD" }
        _ = try rules.outcome("r", Fixture.event("sale.asked", Self.asked), trace: trace)
        #expect(
            trace.variables.map(\.json) == [
                #"{"currency":"PKR","minorUnits":530}"#,
                #"{"amount":{"currency":"USD","minorUnits":0},"currency":"USD","payer":""}"#,
            ])
    }

    @Test(
        "what is wrong with amounts in a rule is said where it stands",
        arguments: [
            (
                "- sale.priced: {price: data.amount, currency: '\"PKR\"'}",
                "complaint.yaml:18:41: `currency` is that of `price`: leave it out"
            ),
            (
                #"- sale.priced: '{"price": data.amount, "currency": "PKR"}'"#,
                "`currency` is that of `price`: leave it out"
            ),
            ("- sale.priced: {price: 5}", "must be money, is int: `amountOf(…, currency)` gives it a currency"),
            (
                "- transfer: {purpose: p, reference: data.saleId, from: a, to: b, amount: 5}",
                "must be money, is int: `amountOf(…, currency)` gives it a currency"
            ),
            (
                "- transfer: {purpose: p, reference: data.saleId, from: a, to: b, amount: data.amount, currency: '\"PKR\"'}",
                "unknown key `currency`"
            ),
            ("- sale.priced: {price: data.amount, if: data.amount > 5}", "unknown member `if`"),
        ])
    func problems(item: String, expected: String) {
        #expect(problem("emit:\n" + item).contains(expected), "\(problem("emit:\n" + item))")
    }

    @Test("no rule makes money in a currency that the ledger does not know")
    func unknownCurrency() throws {
        let body = "emit:\n  - sale.priced: {price: 'amountOf(1, \"ZZZ\")'}"
        #expect(try code(body) == "invalid_argument")
        #expect(try emitted("  - sale.priced: {price: 'amountOf(1, \"USD\")'}") == [#"{"currency":"USD","price":1}"#])
    }
}
