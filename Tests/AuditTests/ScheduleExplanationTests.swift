import Audit
import EventLog
import Testing

@Suite("an explanation of what the clock did")
struct ScheduleExplanationTests {
    static let rules = """
        agent: verification
        version: 1.0.0
        facts:
          user.recorded: {userId: string, role: string, area: string, referredBy: optional string, tags: "optional [string]", level: optional string, trustScore: optional int}
          test.noted: {n: int}
        decisions:
          test.seen: {userId: string, date: string}
        rules:
          - id: look-at-each
            on: schedule.daily
            over: users
            when: data.key != "U-2"
            because: a look at {data.key}
            emit:
              - {test.seen: '{"userId": data.key, "date": data.date}', subject: data.key}
        """

    @Test("of the rows of a schedule derives each again, and says which were passed over")
    func rows() throws {
        let ledger = try ScratchLedger(["verification.yaml": Self.rules])
        for user in ["U-1", "U-2", "U-3"] {
            try ledger.send(
                "user.recorded", #"{"userId":"\#(user)","role":"buyer","area":"here"}"#, at: "2024-02-15T09:00:00Z")
        }
        try ledger.send("test.noted", #"{"n":1}"#, at: "2024-02-16T09:00:00Z")
        let explainer = try Explainer(ledger.log)
        #expect(try ledger.sequences(of: "schedule.item").count == 3)
        #expect(try ledger.sequences(of: "test.seen").count == 2)
        for sequence in 0..<ledger.log.size {
            #expect(try explainer.explain(sequence).isRecomputed, "entry \(sequence)")
        }
        let seen = try explainer.explain(try ledger.sequences(of: "test.seen")[0]).text
        #expect(seen.contains("Reason\n  a look at U-1"))
        #expect(seen.contains("a day begins: 2024-02-16"))
        let passed = try explainer.explain(try ledger.sequences(of: "schedule.item")[1])
        #expect(passed.others.map(\.verdict) == [.didNotHold])
        #expect(passed.consequences.isEmpty)
    }
}
