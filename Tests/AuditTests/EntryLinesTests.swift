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
        let formatter = try EntryFormatter.of(ledger.log)
        var told = 0
        for sequence in 0..<ledger.log.size {
            let entry = try #require(try ledger.log.document(sequence)).root
            let texts = [formatter.sentences.text(entry), entry["because"]?.string, entry["data"]?["what"]?.string]
            for text in texts.compactMap({ $0 }) where !text.contains("/") {
                #expect(!text.contains("_"), "\(sequence)")
                told += 1
            }
        }
        #expect(told > 150)
        let alert = try ledger.sequences(of: "alert.raised")[0]
        let raised = try #require(try ledger.log.document(alert)).root
        #expect(
            formatter.sentences.text(raised)
                == "alert (warning): a transfer (escrow hold) was refused: not enough money in the account")
    }
}

@Suite("an entry laid out for reading")
struct ErasedFieldsTests {
    @Test("names what is personal as erased once its person was, and nobody else's")
    func erased() throws {
        let ledger = try ScratchLedger(ScratchLedger.repositoryRules())
        func register(_ user: String) throws -> UInt64 {
            try ledger.send(
                "user.registered", #"{"userId":"\#(user)","role":"buyer","area":"lahore","name":"Ali"}"#,
                at: "2024-02-15T09:00:00Z")
            return try #require(ledger.sequences(of: "user.registered").last)
        }
        let (ali, sana) = (try register("U-ali"), try register("U-sana"))
        func page(_ sequence: UInt64) throws -> (text: String, name: View?) {
            let page = try #require(try LedgerReader(logDirectory: ledger.folder.file("log")).entry(sequence))
            return (page.text, try Document.parse(page.json).root["data"]?["name"])
        }
        #expect(try page(ali).text.contains("personal data"))
        #expect(try page(ali).name?["sealed"] != nil)

        try ledger.send("erasure.requested", #"{"requestId":"E-1","userId":"U-ali"}"#)
        #expect(try page(ali).name?["erased"]?.bool == true)
        #expect(try page(ali).name?.count == 1)
        #expect(try !page(ali).text.contains("personal data"))
        #expect(try page(ali).text.contains("erased"))
        #expect(try page(sana).name?["sealed"] != nil)
    }

    @Test("is said to be erased in sentences once its person was, and nobody else's")
    func said() throws {
        let rules = try ScratchLedger.repositoryRules().map { file in
            guard file.name == "verification.yaml" else { return file }
            let text = String(decoding: file.text, as: UTF8.self)
            let say = "{userId} ({name}) joins"
            let changed = text.replacing(#/(user\.registered:\s+say: )"[^"]*"/#) { $0.output.1 + "\"\(say)\"" }
            #expect(changed.contains(say))
            return RuleFile(name: file.name, text: changed)
        }
        let ledger = try ScratchLedger(rules)
        for user in ["U-ali", "U-sana"] {
            try ledger.send(
                "user.registered", #"{"userId":"\#(user)","role":"buyer","area":"lahore","name":"N"}"#,
                at: "2024-02-15T09:00:00Z")
        }
        let explainer = try Explainer(ledger.log)
        let registered = try ledger.sequences(of: "user.registered")
        #expect(try explainer.explain(registered[0]).text.contains("U-ali ((sealed)) joins"))
        try ledger.send("erasure.requested", #"{"requestId":"E-1","userId":"U-ali"}"#)
        #expect(try explainer.explain(registered[0]).text.contains("U-ali ((erased)) joins"))
        #expect(try explainer.explain(registered[1]).text.contains("U-sana ((sealed)) joins"))
        let timeline = try Timeline(of: SubjectName("user:U-ali")!, in: ledger.log)
        #expect(timeline.text.contains("U-ali ((erased)) joins"))
    }
}

@Suite("What strangers write does not drive the reader's terminal")
struct HostileTextTests {
    @Test("no entry, explanation or story holds a control that came with an event")
    func everyEntry() throws {
        let ledger = try ScratchLedger(try ScratchLedger.repositoryRules())
        for event in HostileText.events { try ledger.send(event) }
        let explainer = try Explainer(ledger.log)
        let formatter = try EntryFormatter.of(ledger.log)
        for sequence in 0..<ledger.log.size {
            let bytes = try #require(try ledger.log.entry(sequence))
            let entry = try Document(adopting: bytes).root
            let line = formatter.line(of: entry)
            #expect(!line.contains { $0.isNewline })
            check(line, "line of \(sequence)")
            check(formatter.sheet(ofEntry: entry, bytes: bytes), "sheet of \(sequence)")
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
                check(replay.formatter.sheet(ofRecord: record, currency: nil), "\(projection) \(key)")
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
