import Audit
import EventLog
import Foundation
import JSON
import Rules
import TestSupport
import Testing

@Suite("The lines of a log")
struct EntryLinesTests {
    private func lines(_ ledger: ScratchLedger, type: String? = nil, json: Bool = false) throws -> [String] {
        var found: [String] = []
        var lines = EntryLines(try LedgerReader(logDirectory: ledger.folder.file("log")), json: json)
        try lines.print(from: 0, filter: EntryFilter(type: type)) {
            found.append(String(decoding: $0, as: UTF8.self))
            return true
        }
        return found
    }

    @Test("tell each entry's sentence behind its type, in a column of its own")
    func sentences() throws {
        let ledger = try ScratchLedger.known
        let fine = try #require(try lines(ledger, type: "fine.imposed").first)
        #expect(fine.contains(/^#\d+ +2024-02-16 21:00:00\+05:00 {4}fine\.imposed {7}/))
        #expect(fine.contains("    F-zoneone fined PKR 39.98    "))
        #expect(fine.hasSuffix("  COMP-001  complaint/deadline-missed"))
        let complaint = try #require(try lines(ledger, type: "complaint.submitted").first)
        #expect(complaint.contains("  complaint.submitted             U-ali complained: delivery delay "))
        #expect(complaint.hasSuffix("  COMP-001  by local"))
        let places = [(fine, "F-zoneone"), (complaint, "U-ali")].map { line, text in
            line.range(of: text).map { line.distance(from: line.startIndex, to: $0.lowerBound) }
        }
        #expect(places[0] == places[1])
    }

    @Test("are the entries' own bytes as JSON")
    func json() throws {
        let ledger = try ScratchLedger.known
        let lines = try lines(ledger, json: true)
        #expect(lines.count == Int(ledger.log.size))
        for (sequence, line) in lines.enumerated() {
            #expect(Array(line.utf8) == (try ledger.log.entry(UInt64(sequence))))
        }
    }

    @Test("have the reason where no sentence is declared, and never more than one line of a length")
    func unsaid() throws {
        let rules = """
            agent: note
            version: 1.0.0
            class: standing
            triggers:
              note.sent: {data: {noteId: string, text: string}, say: "note {text}"}
            decisions:
              note.kept: {noteId: string}
            rules:
              - id: keep
                on: note.sent
                because: it is kept
                emit: [{note.kept: [noteId]}]
            """
        let ledger = try ScratchLedger(["note.yaml": rules])
        try ledger.send("note.sent", #"{"noteId":"N","text":"a\nb\u001b[2J"}"#, at: "2024-02-15T09:00:00Z")
        try ledger.send("note.sent", #"{"noteId":"N","text":"\#(String(repeating: "long ", count: 40))"}"#)
        let said = try lines(ledger, type: "note.sent")
        #expect(said[0].contains(#"  note a\nb\u001b[2J"#))
        #expect(said[1].hasSuffix("  note " + String(repeating: "long ", count: 13) + "l…  by local"))
        let kept = try lines(ledger, type: "note.kept")
        #expect(kept[0].hasSuffix("    note.kept  note/keep  – it is kept"))
    }

    @Test("say codes in words, in sentences, reasons and alerts")
    func codes() throws {
        let ledger = try ScratchLedger.known
        let layout = try Layout.of(ledger.log)
        var told = 0
        for sequence in 0..<ledger.log.size {
            let entry = try #require(try ledger.log.document(sequence)).root
            let texts = [layout.sentences.text(entry), entry["because"]?.string, entry["data"]?["what"]?.string]
            for text in texts.compactMap({ $0 }) where !text.contains("/") {
                #expect(!text.contains("_"), "\(sequence)")
                told += 1
            }
        }
        #expect(told > 150)
        let alert = try ledger.sequences(of: "alert.raised")[0]
        let raised = try #require(try ledger.log.document(alert)).root
        #expect(
            layout.sentences.text(raised)
                == "alert (warning): a transfer (escrow hold) was refused: not enough money in the account")
    }
}
