import AgentKit
import Rules
import Testing

/// Rules that fit their types and still cannot be meant.
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
