import AgentKit
import Audit
import Engine
import JSON
import Rules
import TestSupport
import Testing

@Suite("an explanation under the rule set of the rule language's tests", .ownThreads)
struct CaseExplanationTests {
    let ledger: ScratchLedger

    init() throws {
        ledger = try ScratchLedger(
            try DataDirectory.ruleFiles(in: ScratchLedger.repository + "/Tests/EngineTests/RuleLanguage"))
        try ledger.send("area.recorded", #"{"area":"harbour"}"#, at: "2024-02-15T09:00:00Z")
    }

    func explain(_ sequence: UInt64) throws -> Explanation {
        let explanation = try Explainer(ledger.log).explain(sequence)
        #expect(explanation.isRecomputed, "\(explanation.text)")
        #expect(isCanonical(explanation.json))
        return explanation
    }

    func explain(last type: String) throws -> Explanation {
        try explain(try #require(try ledger.sequences(of: type).last))
    }

    // MARK: Votes

    func ask(_ branch: String) throws -> UInt64 {
        try ledger.send("branch.asked", #"{"branchId":"\#(branch)","area":"harbour"}"#).lowerBound
    }

    func vote(_ agent: String, _ approve: Bool, on asked: UInt64) throws {
        let id = "marketplace:open-branch:" + EntrySequence(asked).padded
        try ledger.send("branch.voted", #"{"proposalId":"\#(id)","agent":"\#(agent)","approve":\#(approve)}"#)
    }

    @Test("of what a vote decided says who voted how and why, who did not count, and what was held")
    func approved() throws {
        let asked = try ask("B-far")
        try vote("wallet", true, on: asked)
        try vote("quality", true, on: asked)
        try vote("marketplace", true, on: asked)
        let opened = try explain(last: "branch.opened")
        #expect(opened.rule?.name == "marketplace/open-branch")
        let text = opened.text
        #expect(text.contains("The vote on B-far\n  put to the vote by marketplace/open-branch in #"))
        #expect(text.contains(": a branch in harbour was asked for\n"))
        #expect(
            text.contains("2 of quality, marketplace and compliance must be for it until 18 Feb 2024 14:00 (+05:00)"))
        #expect(text.contains(#/  compliance against it in #\d+: too far from everything\n/#))
        #expect(text.contains(#/  quality for it in #\d+: a branch is welcome\n/#))
        #expect(text.contains(#/  wallet for it in #\d+, which does not count\n/#))
        #expect(text.contains(#/  quality for it in #\d+, which does not count\n/#))
        #expect(text.contains(#/  marketplace for it in #\d+\n/#))
        #expect(text.contains(#/  approved by 2 votes in #\d+\n/#))
        #expect(text.contains("What the vote is about\n  branch opened of B-far\n"))
        #expect(
            opened.text(verbose: true).contains(
                "  branch opened of B-far\n    branch.opened of B-far  area harbour; branchId B-far\n"))
        let ballot = try #require(try Document(adopting: opened.json).root["ballot"])
        #expect(ballot["votes"]?.count == 5)
        #expect(ballot["end"]?["type"]?.string == "proposal.approved")
    }

    @Test("of the proposal, of each vote and of its end tells the same vote")
    func everyEntry() throws {
        let asked = try ask("B-far")
        let opened = try explain(last: "proposal.opened")
        #expect(opened.text.contains("put to the vote: B-far"))
        #expect(opened.text.contains("  still open\n"))
        try vote("marketplace", false, on: asked)
        #expect(try explain(last: "vote.cast").text.contains("marketplace votes against it"))
        for type in ["proposal.opened", "vote.cast", "proposal.rejected"] {
            let text = try explain(last: type).text
            #expect(text.contains(#/  voted down by 2 votes in #\d+\n/#), "\(type)")
            #expect(text.contains("What the vote is about\n  branch opened of B-far"), "\(type)")
        }
    }

    @Test("of a vote that ran out of time says so, and of the alert about it")
    func expired() throws {
        _ = try ask("B-far-later")
        try ledger.send("area.recorded", #"{"area":"sea"}"#, at: "2024-02-19T09:00:00Z")
        for type in ["proposal.expired", "alert.raised"] {
            let text = try explain(last: type).text
            #expect(text.contains("the vote ended without a decision in #"), "\(type)")
            #expect(text.contains(#/  compliance against it in #\d+: too far from everything\n/#), "\(type)")
        }
        #expect(try explain(last: "proposal.expired").text.contains("the vote ended without a decision"))
    }

    // MARK: Conflicts

    func stall(_ rank: Int, isWatched: Bool) throws {
        try ledger.send("stall.asked", #"{"stallId":"S-1","userId":"U-1","isWatched":\#(isWatched),"rank":\#(rank)}"#)
    }

    @Test("of an overruled decision shows what both rules wanted and which one stands")
    func overruled() throws {
        try stall(1, isWatched: true)
        let text = try explain(last: "decision.overruled").text
        #expect(text.contains("marketplace/let was overruled by compliance/hold"))
        #expect(
            text.contains(
                """
                What the rules wanted of stall/S-1
                  compliance/hold: the seller is being looked into
                    stall held of S-1
                  marketplace/let: the stall is free
                    stall let of S-1
                  compliance/hold goes first: the class `compliance` stands above `standing`

                """))
        #expect(
            try explain(last: "decision.overruled").text(verbose: true).contains(
                "    stall let of S-1\n      stall.let of S-1  row 1; stallId S-1\n"))
        let held = try explain(last: "stall.held")
        let loser = try #require(held.others.first { $0.name == "marketplace/let" })
        #expect(loser.verdict == .overruled)
        #expect(loser.overruledBy == "compliance/hold")
        #expect(held.text.contains("marketplace/let wanted to act, but was overruled by compliance/hold"))
    }

    @Test("of a conflict shows what each rule wanted, and that neither acted")
    func conflict() throws {
        try stall(9, isWatched: false)
        let explanation = try explain(last: "conflict.raised")
        #expect(explanation.others.filter { $0.verdict == .contradicted }.count == 2)
        #expect(
            explanation.text.contains("marketplace/let and marketplace/let-by-rank contradict each other on stall/S-1"))
        let text = explanation.text(verbose: true)
        #expect(
            text.contains("  marketplace/let: the stall is free\n    stall let of S-1\n      stall.let of S-1  row 1"))
        #expect(
            text.contains(
                "  marketplace/let-by-rank: rank 9 chooses first\n    stall let of S-1\n      stall.let of S-1  row 2"))
        #expect(explanation.text.contains("neither goes before the other, so an administrator decides"))
        #expect(
            explanation.text.contains("marketplace/let wanted to act, but another rule of its class wanted otherwise"))
    }

    @Test("of equal decisions says whose stands and who wanted the same")
    func equal() throws {
        try stall(5, isWatched: false)
        let explanation = try explain(last: "stall.let")
        #expect(explanation.rule?.name == "marketplace/let")
        #expect(explanation.others.first { $0.name == "marketplace/let-by-rank" }?.verdict == .repeated)
        #expect(explanation.text.contains("marketplace/let-by-rank wanted the same, which is done once"))
    }

    // MARK: Corrections and dead letters

    @Test("of what an administrator's correction carries says what it corrects, why, and by whom")
    func override() throws {
        try stall(1, isWatched: true)
        let held = try #require(try ledger.sequences(of: "stall.held").last)
        let padded = EntrySequence(held).padded
        try ledger.send(
            "admin.override",
            #"{"overrideId":"OV-1","corrects":"\#(padded)","because":"mistaken for somebody else","emit":[{"type":"stall.let","subject":"S-1","data":{"stallId":"S-1","row":1}}]}"#
        )
        for type in ["admin.override", "stall.let"] {
            let explanation = try explain(last: type)
            #expect(
                explanation.text.contains(
                    "What the administrator corrects\n  #\(held)  stall held\n  reason given by local in #"), "\(type)")
            #expect(explanation.text.contains(": mistaken for somebody else\n"))
            #expect(try Document(adopting: explanation.json).root["corrects"]?["type"]?.string == "stall.held")
        }
        #expect(
            try explain(last: "stall.let").text.contains("stall.let of S-1, carried by an administrator's correction"))
    }

    @Test("of a retried dead letter shows the event, why it was given up, and the rules that were asked again")
    func retry() throws {
        try ledger.send("area.recorded", #"{"area":"alley","parent":"quarter"}"#)
        try ledger.send("area.recorded", #"{"area":"quarter","parent":"alley"}"#)
        let dead = try ledger.send(
            "parcel.sent", #"{"parcelId":"P-1","area":"alley","kind":"letter","grams":20}"#, subject: "P-1"
        ).lowerBound
        let waiting = try explain(last: "deadletter.added").text
        #expect(waiting.contains("given up: the cascade is more than 32 decisions deep"))
        #expect(waiting.contains("What was done about it\n  nothing yet\n"))
        try ledger.send("area.recorded", #"{"area":"quarter"}"#)
        let padded = EntrySequence(dead).padded
        try ledger.send("deadletter.retried", #"{"sequence":"\#(padded)"}"#, at: "2024-02-16T09:00:00Z")
        let retried = try explain(last: "deadletter.retried")
        #expect(retried.others.map(\.name) == ["order/price", "order/forward"])
        #expect(retried.others.map(\.verdict) == [.acted, .acted])
        let priced = try explain(last: "parcel.priced")
        #expect(priced.rule?.name == "order/price")
        #expect(priced.others.map(\.name) == ["order/forward"])
        for text in [retried.text, priced.text] {
            #expect(text.contains("What was tried again\n"))
            #expect(text.contains(#/  parcel sent +#\d+\n/#))
            #expect(text.contains("given up: the cascade is more than 32\n"))
        }
        #expect(priced.text.contains("an administrator has entry \(dead) tried again"))
        let letter = try explain(last: "deadletter.added")
        #expect(letter.text.contains("What became of it when it was tried again\n"))
        #expect(letter.text.contains(#/  parcel priced +#\d+  order/price/#))
        let attempts = try #require(try Document(adopting: letter.json).root["attempts"])
        #expect(attempts.element(0)["decisions"]?.count == 2)
    }

    // MARK: Tables and failures

    @Test("of what a decision table gave shows its inputs, the row that won as written, and what it gives")
    func table() throws {
        try ledger.send("parcel.sent", #"{"parcelId":"P-1","area":"harbour","kind":"parcel","grams":700}"#)
        let explanation = try explain(last: "parcel.priced")
        #expect(explanation.rule?.table?.index == 1)
        #expect(
            explanation.text.contains(
                """
                Of the 4 cases that it tells apart, the 2nd is so
                  kind   parcel
                  grams  700
                  price  5000
                  band   small

                """))
        #expect(
            explanation.text(verbose: true).contains(
                """
                Its table
                  asked with
                    kind   parcel
                    grams  700
                  row 2 of 4 applies
                    - {when: {kind: [letter, parcel], grams: 51..2000}, then: {price: 5000, band: '"small"'}}
                  which gives
                    price  5000
                    band   small

                """))
        let table = try #require(try Document(adopting: explanation.json).root["rule"]?["table"])
        #expect(table["row"]?.int == 2)
        #expect(table["inputs"]?.element(0)["value"]?.string == "parcel")
    }

    @Test("of what the default of a table gave shows the default")
    func tableDefault() throws {
        try ledger.send("parcel.sent", #"{"parcelId":"P-1","area":"harbour","kind":"parcel","grams":7000}"#)
        let text = try explain(last: "parcel.unpriced").text(verbose: true)
        #expect(text.contains("  row 4 of 4 applies\n    default: {price: 0, band: '\"none\"'}\n"))
    }

    @Test("of a failure shows the rule, its table that had no row, and that others went on")
    func failure() throws {
        try ledger.send("parcel.insured", #"{"parcelId":"P-1","value":100001}"#)
        for type in ["agent.failed", "alert.raised"] {
            let explanation = try explain(last: type)
            #expect(explanation.rule?.name == "order/cover", "\(type)")
            #expect(explanation.text.contains("The rule order/cover 1.2.0 failed\n  no row of the table holds\n"))
            #expect(explanation.text.contains("Of the 2 cases that it tells apart, none is so\n  value  100001\n"))
            let text = explanation.text(verbose: true)
            #expect(text.contains("The rule order/cover 1.2.0 failed\n  no_such_key: no row of the table holds"))
            #expect(text.contains("    value  100001\n  none of its 2 rows holds"))
            #expect(explanation.text.contains("order/record acted"))
        }
        let followed = try explain(last: "parcel.insured")
        #expect(followed.others.map(\.verdict) == [.failed, .acted])
    }

    @Test("of what stands in for a failed rule names the failure")
    func standIn() throws {
        try ledger.send("parcel.forgotten", #"{"parcelId":"17","where":"train"}"#)
        let explanation = try explain(last: "parcel.mislaid")
        #expect(explanation.rule?.verdict == .failed)
        #expect(explanation.text(verbose: true).contains("The rule order/find 1.2.0 failed\n  no_such_key"))
    }
}
