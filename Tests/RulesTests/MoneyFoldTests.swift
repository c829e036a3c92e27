import AgentKit
import Rules
import Testing

/// Amounts in the rows of an agent without Swift.
@Suite struct MoneyFoldTests {
    let fixture = Fixture()

    private func rules(_ row: String, _ fold: String) throws(RuleSetError) -> RuleSet {
        let text = """
            agent: club
            version: 1.0.0
            class: standing
            decisions:
              club.bought: {memberId: string, price: money, fee: optional money}
              club.limited: {memberId: string, limit: money}
              club.shared: {memberId: string, currency: string, parts: "[{to: string, share: money}]"}
            tables:
              members: {key: memberId, row: \(row)}
            fold:
            \(fold)
            """
        return try RuleSet.load(files: [RuleFile(name: "club.yaml", text: text)], host: fixture.host)
    }

    private func bound(_ row: String, _ fold: String) throws -> (RuleSet, RecordTable) {
        let set = try rules(row, fold)
        let rows = RecordTable(RecordStore(in: fixture.tables), number: 1, indexes: [])
        set.tables.first?.rows = rows
        return (set, rows)
    }

    private func fold(_ set: RuleSet, _ data: String, type: String = "club.bought") throws {
        set.fold(try Fixture.event(type, data), try #require(set.eventType(named: type)))
    }

    private func bought(_ price: Int, _ currency: String = "PKR") -> String {
        #"{"currency":"\#(currency)","memberId":"M","price":\#(price)}"#
    }

    private func text(_ rows: RecordTable) -> String? {
        rows.row("M").map { String(decoding: $0.document.bytes, as: UTF8.self) }
    }

    @Test("an amount that is set brings its currency, and a sum begins with nothing of no currency")
    func sum() throws {
        let (set, rows) = try bound(
            "{spent: money, last: money}",
            "  club.bought: {put: members, row: {spent: row.spent + data.price, last: data.price}}")
        try fold(set, bought(5))
        #expect(text(rows) == #"{"currency":"PKR","last":5,"spent":5}"#)
        try fold(set, bought(7))
        #expect(text(rows) == #"{"currency":"PKR","last":7,"spent":12}"#)
    }

    @Test("of an amount that would give a row two currencies all amounts stay as they were")
    func conflict() throws {
        let (set, rows) = try bound(
            "{spent: money, limit: money, count: int}",
            """
              club.bought: {put: members, row: {spent: row.spent + data.price, limit: row.limit, count: row.count + 1}}
              club.limited: {change: members, row: {limit: data.limit}}
            """)
        try fold(set, bought(5))
        try fold(set, #"{"currency":"USD","limit":9,"memberId":"M"}"#, type: "club.limited")
        #expect(text(rows) == #"{"count":1,"currency":"PKR","limit":0,"spent":5}"#)
        try fold(set, bought(3, "USD"))
        #expect(text(rows) == #"{"count":2,"currency":"PKR","limit":0,"spent":5}"#)
        try fold(set, #"{"currency":"PKR","limit":9,"memberId":"M"}"#, type: "club.limited")
        #expect(text(rows) == #"{"count":2,"currency":"PKR","limit":9,"spent":5}"#)
    }

    @Test("where no amount stays a row takes another currency")
    func replaced() throws {
        let (set, rows) = try bound(
            "{spent: money}", "  club.bought: {put: members, row: {spent: data.price}}")
        try fold(set, bought(5))
        try fold(set, bought(6, "USD"))
        #expect(text(rows) == #"{"currency":"USD","spent":6}"#)
        try fold(set, bought(0, "EUR"))
        #expect(text(rows) == #"{"currency":"EUR","spent":0}"#)
    }

    @Test("an optional amount and its currency come and go together")
    func optional() throws {
        let (set, rows) = try bound(
            "{name: string, fee: optional money}",
            "  club.bought: {put: members, row: {name: '\"n\"', fee: data.?fee}}")
        try fold(set, bought(5))
        #expect(text(rows) == #"{"name":"n"}"#)
        try fold(set, #"{"currency":"PKR","fee":2,"memberId":"M","price":5}"#)
        #expect(text(rows) == #"{"currency":"PKR","fee":2,"name":"n"}"#)
        try fold(set, bought(5))
        #expect(text(rows) == #"{"name":"n"}"#)
    }

    @Test("amounts further in a row are in its currency, or stay as they were")
    func parts() throws {
        let (set, rows) = try bound(
            "{currency: string, parts: '[{to: string, share: money}]'}",
            "  club.shared: {put: members, row: {currency: '\"PKR\"', parts: data.parts}}")
        func shared(_ currency: String) -> String {
            #"{"currency":"\#(currency)","memberId":"M","parts":[{"share":5,"to":"a"}]}"#
        }
        try fold(set, shared("USD"), type: "club.shared")
        #expect(text(rows) == #"{"currency":"PKR","parts":[]}"#)
        try fold(set, shared("PKR"), type: "club.shared")
        #expect(text(rows) == #"{"currency":"PKR","parts":[{"share":5,"to":"a"}]}"#)
    }

    @Test("rules read a row's amounts as money")
    func reading() throws {
        let (set, rows) = try bound(
            "{spent: money}",
            """
              club.bought: {put: members, row: {spent: row.spent + data.price}}
            rules:
              - id: r
                on: club.bought
                when: members[data.memberId].spent > data.price
                because: "{members[data.memberId].spent} together"
                emit:
                  - club.limited: [memberId, limit: 'members[data.memberId].spent * 2']
            """)
        try fold(set, bought(5))
        try fold(set, bought(6))
        #expect(text(rows) != nil)
        let rule = try #require(set.rule(named: "club/r"))
        let event = try Fixture.event("club.bought", bought(6))
        guard case .decided(let decisions) = set.evaluate(rule, on: event, trace: nil) else {
            Issue.record("the rule did not decide")
            return
        }
        #expect(decisions.because == "PKR 0.11 together")
        #expect(decisions.emissions.map(Fixture.text) == [#"{"currency":"PKR","limit":22,"memberId":"M"}"#])
    }

    @Test("a fold does not give a row the currency that its amounts bring")
    func given() {
        #expect {
            try rules(
                "{spent: money}", "  club.bought: {put: members, row: {spent: data.price, currency: data.currency}}")
        } throws: {
            "\($0)".contains("`currency` is that of `spent`: leave it out")
        }
    }

    @Test("a table whose amounts were ints beside a currency is kept")
    func kept() throws {
        let earlier = try rules(
            "{spent: int, currency: string}",
            "  club.bought: {put: members, row: {spent: data.price.minorUnits, currency: data.currency}}")
        let now = try rules("{spent: money}", "  club.bought: {put: members, row: {spent: data.price}}")
        let shape = try #require(earlier.tables.first?.shape)
        #expect(try #require(now.tables.first?.shape).keeps(shape))
    }
}
