import Audit
import EventLog
import JSON
import TestSupport
import Testing

@Suite("What strangers write does not drive the reader's terminal")
struct HostileTextTests {
    @Test("no entry, explanation or story holds a control that came with an event")
    func everyEntry() throws {
        let ledger = try ScratchLedger(try ScratchLedger.repositoryRules())
        for event in HostileText.events { try ledger.send(event) }
        let explainer = try Explainer(ledger.log)
        let layout = try Layout.of(ledger.log)
        for sequence in 0..<ledger.log.size {
            let bytes = try #require(try ledger.log.entry(sequence))
            let entry = try Document(adopting: bytes).root
            let line = layout.line(of: entry)
            #expect(!line.contains { $0.isNewline })
            check(line, "line of \(sequence)")
            check(layout.sheet(ofEntry: entry, bytes: bytes), "sheet of \(sequence)")
            check(try explainer.explain(sequence).text, "explanation of \(sequence)")
        }
        for name in ["user:B", "order:O", "complaint:C", "product:P", "request:R", "service:V"] {
            let subject = try #require(SubjectName(name))
            let timeline = try Timeline(of: subject, in: ledger.log)
            #expect(!timeline.sequences.isEmpty, "\(name)")
            check(timeline.text, "story of \(name)")
        }
    }

    @Test("no record holds one either")
    func records() throws {
        let ledger = try ScratchLedger(try ScratchLedger.repositoryRules())
        for event in HostileText.events { try ledger.send(event) }
        let replay = try Replay(ledger.log)
        try replay.fold()
        var count = 0
        for projection in replay.projections {
            replay.records(of: projection) { key, json in
                count += 1
                guard let record = try? Document(adopting: json).root else { return false }
                check(replay.layout.sheet(ofRecord: record, currency: nil), "\(projection) \(key)")
                return true
            }
        }
        #expect(count > 10)
    }

    private func check(_ text: String, _ what: String) {
        #expect(HostileText.controls(in: text) == [], "\(what)")
        #expect(HostileText.forgedLines(in: text) == [], "\(what)")
    }
}
