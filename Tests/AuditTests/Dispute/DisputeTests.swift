import Audit
import EventLog
import Foundation
import JSON
import TestSupport
import Testing
import TransparencyLog

@Suite("a dispute bundle", .ownThreads)
struct DisputeTests {
    @Test(
        "is named by a kind and an id, or by a complaint's id",
        arguments: [
            ("COMP-001", "complaint:COMP-001"), ("complaint:COMP-001", "complaint:COMP-001"),
            ("request:R-1", "request:R-1"), ("withdrawal:W:1", "withdrawal:W:1"), ("C:1", "complaint:C:1"),
        ])
    func subject(text: String, meant: String) {
        #expect(DisputeSubject(text)?.description == meant)
    }

    @Test("is of nothing else", arguments: ["", "complaint:", "order:ORD-001", "user:U-ali"])
    func noSubject(text: String) {
        #expect(DisputeSubject(text) == nil)
    }

    @Test("holds the complaint's cascades and its order's, whole, with all that they name, and checks")
    func complaint() throws {
        let check = try KnownDispute.check
        #expect(check.isGood, "\(check.problems)")
        #expect(check.treeSize == (try ScratchLedger.known.log.size))
        #expect(check.decisions > 50)
        let bundle = try BundleText(try KnownDispute.bytes)
        let sequences = Set(bundle.list("entries").compactMap { $0["sequence"] as? Int })
        #expect(sequences.count == check.entries)
        for cascade in bundle.list("cascades") {
            let first = try #require(cascade["sequence"] as? Int), count = try #require(cascade["count"] as? Int)
            #expect(sequences.isSuperset(of: first - 1..<first + count))
        }
        for row in bundle.list("rows") {
            if let last = row["last"] as? Int { #expect(sequences.contains(last)) }
        }
        for text in [#""type":"order.placed""#, #""type":"fine.imposed""#, #""type":"order.refunded""#] {
            _ = try bundle.sequence(of: text)
        }
        let bytes = try KnownDispute.bytes
        #expect(isCanonical(bytes))
        #expect(bytes.starts(with: Array(#"{"bundle":"docket.dispute/1","#.utf8)))
    }

    @Test("states the record behind its last cascade, and the rules that decided as they are written")
    func result() throws {
        let bundle = try BundleText(try KnownDispute.bytes)
        let result = try #require(bundle["result"] as? [String: Any])
        let record = try #require(result["record"] as? [String: Any])
        #expect(record["status"] as? String == "closed")
        #expect(record["outcome"] as? String == "unresolved")
        #expect((result["differences"] as? [Any])?.isEmpty == true)
        let rules = try #require(bundle.list("rules").first)
        let acted = try #require(rules["acted"] as? [[String: Any]])
        let missed = try #require(acted.first { $0["rule"] as? String == "complaint/deadline-missed" })
        #expect((missed["text"] as? String)?.contains("fine.imposed") == true)
        let check = try KnownDispute.check
        let json = try Document.parse(check.json).root
        #expect(isCanonical(check.json))
        #expect(json["verdict"]?.string == "OK")
        #expect(json["record"]?["outcome"]?.string == "unresolved")
    }

    @Test("is nothing for an id that no entry is about", arguments: ["complaint:COMP-9", "request:ORD-001"])
    func unknown(text: String) throws {
        let subject = try #require(DisputeSubject(text))
        #expect(try DisputeBundle.make(subject, from: try ScratchLedger.known.log) == nil)
    }

    @Test("is made of requests and withdrawals as of complaints, refused ones too")
    func kinds() throws {
        let ledger = try ScratchLedger.knownHistory()
        try ledger.send(
            "wallet.deposited",
            #"{"depositId":"D-9","userId":"U-hina","amount":4000000,"currency":"PKR","provider":"bank"}"#)
        try ledger.send(
            "wallet.withdrawal.requested",
            #"{"withdrawalId":"W-2","userId":"U-hina","amount":3000000,"currency":"PKR"}"#)
        try ledger.send("service.requested", #"{"requestId":"R-1","serviceId":"S-none","userId":"U-ali"}"#)
        try ledger.send(
            "complaint.submitted",
            #"{"complaintId":"COMP-2","requestId":"R-1","userId":"U-ali","kind":"quality","description":"bad"}"#)
        for (text, line) in [
            ("withdrawal:W-2", "W-2  U-hina asks for a payout of PKR 30,000.00"),
            ("request:R-1", "R-1  U-ali asks for S-none"), ("COMP-2", "COMP-2  U-ali complained: quality"),
        ] {
            let subject = try #require(DisputeSubject(text))
            let made = try #require(try DisputeBundle.make(subject, from: ledger.log))
            #expect(made.check.isGood, "\(text): \(made.check.problems)")
            #expect(made.check.text.hasPrefix(line), "\(made.check.text.prefix(200))")
            #expect(made.check.decisions > 0)
            let again = try DisputeCheck(made.bytes, key: ledger.log.verifierKey.description)
            #expect(again.text == made.check.text)
        }
    }

    @Test("tells nothing of somebody who was erased but that they were")
    func erased() throws {
        let ledger = try ScratchLedger.knownHistory()
        try ledger.send("user.registered", #"{"userId":"U-new","role":"buyer","area":"lahore","name":"Newton"}"#)
        try ledger.send(
            "complaint.submitted",
            #"{"complaintId":"C-9","orderId":"ORD-none","userId":"U-new","kind":"quality","description":"private"}"#)
        try ledger.send("erasure.requested", #"{"requestId":"E-1","userId":"U-new"}"#)
        try #require(try ledger.sequences(of: "erasure.completed").count == 1)
        let made = try #require(
            try DisputeBundle.make(DisputeSubject(kind: .complaint, id: "C-9"), from: ledger.log))
        #expect(made.check.isGood, "\(made.check.problems)")
        _ = try BundleText(made.bytes).sequence(of: #""type":"erasure.completed""#)
        for text in [String(decoding: made.bytes, as: UTF8.self), made.check.text] {
            #expect(!text.contains("private") && !text.contains("Newton"))
        }
        #expect(made.check.text.hasPrefix("C-9  U-new complained: quality"))
    }

    @Test("of a log with a decision that the rules do not give says so, and where")
    func forged() throws {
        let ledger = try ScratchLedger(try ScratchLedger.repositoryRules())
        let path = ScratchLedger.repository + "/fixtures/known-history.ndjson"
        for line in try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n") {
            try ledger.send(String(line)) { $0.replacing(#""amount":3998,"#, with: #""amount":3997,"#) }
        }
        let made = try #require(
            try DisputeBundle.make(DisputeSubject(kind: .complaint, id: "COMP-001"), from: ledger.log))
        #expect(!made.check.isGood)
        let fine = try #require(try ledger.sequences(of: "fine.imposed").first)
        #expect(made.check.problems.contains { $0.hasPrefix("entry \(fine): the rules give another") })
        #expect(made.check.text.contains("NOT what it should be"))
        #expect(String(decoding: made.check.html, as: UTF8.self).contains("NOT what it should be"))
    }
}
