import AgentKit
import Rules
import Testing

/// What fits its types and can still not be meant.
@Suite struct StaticCheckTests {
    let fixture = Fixture()

    private func warnings(_ when: String, variables: [String] = [], emit: String = "") throws -> [String] {
        let named = variables.isEmpty ? "" : "let:\n" + variables.map { "  \($0)\n" }.joined()
        let rules = try fixture.rule(
            """
            id: r
            on: complaint.submitted
            \(named)when: >-
              \(when)
            \(emit)
            timers:
              - {name: t, key: '"k"', at: event.recordedtime}
            """)
        return rules.warnings.map(\.message)
    }

    @Test(
        "a text that an enum can never be is doubtful, with the nearest it can be",
        arguments: [
            (#"data.kind == "brokn""#, "`data.kind` is never `brokn`, did you mean `broken`?"),
            (#""lost" != data.kind"#, "`data.kind` is never `lost`: it is one of `late`, `broken`"),
            (#"data.kind in ["late", "lat"]"#, "`data.kind` is never `lat`, did you mean `late`?"),
            (#"kind == "early""#, "`kind` is never `early`: it is one of `late`, `broken`"),
            (#"reason == "unkown""#, "`reason` is never `unkown`, did you mean `unknown`?"),
            (
                #"{"late": 1, "brokn": 2}[data.kind] > 1"#,
                "`data.kind` is never `brokn`, did you mean `broken`?"
            ),
            (
                #"event.type == "complaint.submited""#,
                "`event.type` is never `complaint.submited`, did you mean `complaint.submitted`?"
            ),
            (#"cases["a"].status == "opne""#, #"`cases["a"].status` is never `opne`, did you mean `open`?"#),
        ])
    func neverThatText(when: String, message: String) throws {
        let variables = ["kind: data.kind", #"reason: 'data.amount > 5 ? "unknown" : ""'"#]
        #expect(try warnings(when, variables: variables) == [message])
    }

    @Test(
        "a text that can be, and one compared with what can be anything, is not doubtful",
        arguments: [
            #"data.kind == "late" && data.orderId == "lat""#,
            #"reason == "" || reason in ["unknown"]"#,
            #"complaints["a"].status == "opne""#, #"cases["a"].status != "closed""#,
            #"data.?due.orValue(event.recordedtime) > event.recordedtime"#,
        ])
    func mayBe(when: String) throws {
        #expect(try warnings(when, variables: [#"reason: 'data.amount > 5 ? "unknown" : ""'"#]) == [])
    }

    @Test("a member that several types declare as different enums can be any of theirs")
    func severalTypes() throws {
        let rules = try fixture.load(
            """
              own.asked: {id: string, side: left|right}
              own.told: {id: string, side: up|right}
            rules:
              - id: r
                on: [own.asked, own.told]
                when: data.side == "up" || data.side == "down"
                timers:
                  - {name: t, key: data.id, at: event.recordedtime}
            """, head: "agent: complaint\nversion: 1.0.0\ntriggers:\n")
        #expect(
            rules.warnings.map(\.message) == ["`data.side` is never `down`: it is one of `left`, `right`, `up`"])
    }

    // MARK: Money

    private static let head = """
        agent: complaint
        version: 1.0.0
        parameters: {coins: '"EHBGC"'}
        triggers:
          sale.asked: {saleId: string, amount: int, deliveryFee: int, currency: string}
        decisions:
          sale.noted: {saleId: string, amount: int, currency: string}
        rules:
          - id: r
            on: sale.asked
            let:
              bill: bills[data.saleId]
              same: bill
              wallet: '"wallet/" + bill.payer + "/" + bill.currency'

        """

    private func moneyWarnings(_ data: String, when: String = "true", each: String = "[1]") throws -> [String] {
        let text = """
                when: '\(when)'
                emit:
                  - transfer.requested: >-
                      {"purpose": "p", "reference": data.saleId, "transfers": [\(data)]}
                    each: '\(each)'
            """
        return try fixture.load(text, head: Self.head).warnings.map(\.message)
    }

    private static let mixed =
        "money in `data.currency` is mixed with money in `bill.currency`: "
        + "nothing says that they are the same"

    @Test(
        "a transfer whose accounts, amount and currency do not agree is doubtful",
        arguments: [
            (
                #"{"debitAccount": "wallet/a/" + data.currency, "creditAccount": wallet, "amount": 5, "currency": data.currency}"#,
                mixed
            ),
            (
                #"{"debitAccount": "a", "creditAccount": "b", "amount": data.amount, "currency": bill.currency}"#,
                mixed
            ),
            (
                #"{"debitAccount": "wallet/a/USD", "creditAccount": "wallet/b/PKR", "amount": 5, "currency": "PKR"}"#,
                "money in `USD` is mixed with money in `PKR`: nothing says that they are the same"
            ),
            (
                #"{"debitAccount": "wallet/a/USD", "creditAccount": "b", "amount": 5, "currency": params.coins}"#,
                "money in `USD` is mixed with money in `EHBGC`: nothing says that they are the same"
            ),
        ])
    func mixedTransfer(entry: String, message: String) throws {
        #expect(try moneyWarnings(entry) == [message])
    }

    @Test(
        "a transfer in one currency is not doubtful, whatever names it goes by",
        arguments: [
            #"{"debitAccount": wallet, "creditAccount": "escrow/" + item + "/" + same.currency, "amount": same.amount, "currency": bills[data.saleId].currency}"#,
            #"{"debitAccount": "owed/" + item, "creditAccount": "b/EHBGC", "amount": data.amount * 2, "currency": params.coins}"#,
        ])
    func oneCurrency(entry: String) throws {
        #expect(try moneyWarnings(entry, each: #"["x"]"#) == [])
    }

    @Test("`item` of a list of one is what the list holds")
    func item() throws {
        let entry =
            #"{"debitAccount": wallet, "creditAccount": "b/c/" + item.currency, "amount": item.amount, "currency": item.currency}"#
        #expect(try moneyWarnings(entry, each: "data.amount > 5 ? [bill] : []") == [])
        #expect(try moneyWarnings(entry, each: "bills.map(key, bills[key])").count == 1)
    }

    @Test("currencies that the rule compares are known to be the same")
    func comparedCurrencies() throws {
        let entry =
            #"{"debitAccount": "a", "creditAccount": wallet, "amount": 5, "currency": data.currency}"#
        #expect(try moneyWarnings(entry, when: "data.currency == same.currency") == [])
    }

    @Test("a sum, and a text, of amounts in different currencies is doubtful")
    func sums() throws {
        #expect(try moneyWarnings("", when: "data.amount + bill.amount > 5") == [Self.mixed])
        #expect(try moneyWarnings("", when: "data.amount + data.deliveryFee - 1 > 5") == [])
        #expect(
            try moneyWarnings("", when: #"money(data.amount, bill.currency) != """#) == [Self.mixed])
    }

    @Test("a name of `let` is no word of CEL", arguments: ["true", "null", "in", "if", "let", "for"])
    func words(name: String) {
        let text = """
            rules:
              - id: r
                on: complaint.submitted
                let: {\(name): '"C-7"'}
                emit:
                  - complaint.refused: {complaintId: data.complaintId, reason: '"r"'}
            """
        do throws(RuleSetError) {
            _ = try RuleSet.load(
                files: [RuleFile(name: "complaint.yaml", text: Fixture.head + text)], host: fixture.host)
            Issue.record("`\(name)` was taken")
        } catch {
            #expect(error.description.contains("`\(name)` is a word of CEL"), "\(error)")
        }
    }
}
