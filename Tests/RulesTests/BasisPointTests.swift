import AgentKit
import Rules
import Testing

@Suite("basis points in explanations")
struct BasisPointTests {
    private let fixture = Fixture()

    /// The names of basis points that a rule reads on an event.
    private func shares(_ parameters: [String], _ body: String) throws -> Set<String> {
        let greeting = #"  greeting: '"hello"'"#
        let head = Fixture.head.replacing(greeting, with: ([greeting] + parameters).joined(separator: "\n  "))
        let ruleSet = try fixture.load(
            """
            rules:
              - id: r
                on: complaint.submitted
            \(body)
                emit: [{complaint.refused: '{"complaintId": data.complaintId, "reason": string(paid)}'}]

            """, head: head)
        let rule = try #require(ruleSet.rule(named: "complaint/r"))
        let text = """
            {"data":{"amount":5000,"complaintId":"C-1","kind":"late"},"id":"1",\
            "recordedtime":"2024-02-16T10:00:00.000Z","sequence":"0000000000000001","source":"/s",\
            "specversion":"1.0","type":"complaint.submitted"}
            """
        let event = try #require(Event(try Document.parse(Array(text.utf8))))
        let trace = RuleTrace()
        let outcome = ruleSet.evaluate(rule, on: event, trace: trace)
        guard case .decided = outcome else { throw Unexpected(outcome: "\(outcome)") }
        return RuleValues(rule, on: event, outcome, trace).shares
    }

    private struct Unexpected: Error { let outcome: String }

    @Test("a parameter that `basisPoints` takes is one, by the member asked for, and so is the name it is given")
    func used() throws {
        #expect(
            try shares(
                ["rate: {late: 250, broken: 500}", "least: 100"],
                "    let: {share: 'params.rate[data.kind]', paid: 'basisPoints(data.amount, share) + params.least'}")
                == ["rate.late", "share"])
        #expect(
            try shares(
                ["fee: 30", "other: 40"],
                "    let: {paid: 'basisPoints(data.amount, data.amount > 1 ? params.fee : 5)'}")
                == ["fee"])
    }

    @Test(
        "one that amounts are made of, too, is one where its unit says so",
        arguments: [("basisPoints", ["charge", "rate"]), ("minorUnits", [])])
    func unit(unit: String, expected: [String]) throws {
        let body = """
                let:
                  rate: params.charge
                  isShare: params.chargeUnit == "basisPoints"
                  paid: 'isShare ? basisPoints(data.amount, rate) : amountOf(rate, "PKR").minorUnits'
            """
        #expect(try shares(["charge: 200", #"chargeUnit: '"\#(unit)"'"#], body) == Set(expected))
    }

    @Test("what is only added, compared or passed elsewhere is none")
    func others() throws {
        #expect(try shares(["limit: 200"], "    let: {paid: 'data.amount > params.limit ? params.limit : 0'}") == [])
    }

    @Test(
        "they are said as percentages",
        arguments: [(200, "2.00 %"), (5, "0.05 %"), (10_000, "100.00 %"), (-150, "-1.50 %"), (0, "0.00 %")])
    func said(points: Int64, text: String) {
        #expect(SentenceText.percentage(points) == text)
    }

    @Test("the least number is said, too")
    func least() {
        #expect(SentenceText.percentage(.min) == "-92233720368547758.08 %")
    }
}
