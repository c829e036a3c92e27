import Audit
import EventLog
import Foundation
import TestSupport
import Testing

/// Whole stories of disputes as they were last agreed on.
@Suite("golden stories of disputes", .ownThreads)
struct DisputeGoldenTests {
    /// By the name of its file, what a story is of: in the known history, and in that of payments behind it.
    private static let known = ["dispute-complaint.txt": "complaint:COMP-001"]
    private static let payments = [
        "dispute-complaint-clear.txt": "complaint:COMP-002", "dispute-complaint-service.txt": "complaint:COMP-003",
        "dispute-request.txt": "request:REQ-001", "dispute-withdrawal.txt": "withdrawal:W-1",
    ]

    static let names = Set(known.keys).union(payments.keys)

    @Test("the story of the known history's complaint is what its golden file holds")
    func complaint() throws {
        let check = try KnownDispute.check
        #expect(check.isGood, "\(check.problems)")
        try GoldenFiles.check(check.text, "dispute-complaint.txt")
    }

    @Test("so are those of a clear complaint, of one about a service, of its request and of a withdrawal")
    func others() throws {
        let ledger = try ScratchLedger.knownHistory()
        let path = ScratchLedger.repository + "/fixtures/payments.ndjson"
        for line in try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n") {
            try ledger.send(String(line))
        }
        try ledger.send(
            "wallet.withdrawal.requested",
            #"{"withdrawalId":"W-1","userId":"U-saad","amount":100000,"currency":"PKR"}"#, at: "2024-02-22T14:00:00Z")
        for (name, text) in Self.payments.sorted(by: { $0.key < $1.key }) {
            let subject = try #require(DisputeSubject(text))
            let made = try #require(try DisputeBundle.make(subject, from: ledger.log), "\(text)")
            #expect(made.check.isGood, "\(made.check.problems)")
            try GoldenFiles.check(made.check.text, name)
        }
    }
}
