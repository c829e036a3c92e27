import Audit
import EventLog
import Foundation
import JSON
import Testing

/// Whole explanations as they were last agreed on: a change of a rule, of a sentence or of the layout shows in the files.
@Suite("golden explanations")
struct GoldenTests {
    /// A kind of decision, by an entry of the history that stands for it.
    struct Kind: Sendable, CustomTestStringConvertible {
        /// The name of its files.
        let name: String
        let type: String
        /// The rule that decided it; nil for any, and for what no rule decides.
        var rule: String?
        /// Text that the entry holds as it is recorded.
        var holding = ""
        /// Its place among the entries of which all this is true.
        var number = 0
        /// Indicates that its JSON is compared, too: the members are the same for all.
        var hasJSON = false

        var testDescription: String { name }

        func sequence(in log: EventLog) throws -> UInt64? {
            var found: [UInt64] = []
            try log.scan(from: 0) { sequence, bytes in
                guard let root = try? Document(canonical: bytes).root, root["type"]?.string == type,
                    rule == nil || root["rule"]?.string == rule,
                    holding.isEmpty || String(decoding: bytes, as: UTF8.self).contains(holding)
                else { return true }
                found.append(sequence)
                return found.count <= number
            }
            return found.count > number ? found[number] : nil
        }
    }

    /// One more line is one more file.
    static let kinds: [Kind] = [
        // What the known history decides.
        Kind(name: "registration", type: "user.recorded", hasJSON: true),
        Kind(name: "order-accepted", type: "order.accepted"),
        Kind(name: "transfer-refused", type: "transfer.rejected"),
        Kind(name: "payment-refused", type: "order.payment.rejected"),
        Kind(name: "complaint", type: "complaint.submitted"),
        Kind(name: "complaint-opened", type: "complaint.opened"),
        Kind(name: "timer", type: "timer.fired", holding: #""key":"COMP-001","name":"deadline""#),
        Kind(name: "fine", type: "fine.imposed", hasJSON: true),
        Kind(name: "fine-last", type: "fine.imposed", number: 2),
        Kind(name: "debt", type: "debt.recorded"),
        Kind(name: "escalation", type: "complaint.escalated"),
        Kind(name: "complaint-unresolved", type: "complaint.closed", rule: "complaint/deadline-missed"),
        Kind(name: "refund", type: "order.refunded", hasJSON: true),
        Kind(name: "settlement", type: "order.settled"),
        Kind(name: "escrow-release", type: "transfer.posted", holding: #""purpose":"escrow.release""#),
        Kind(name: "debt-collected", type: "debt.collected"),
        Kind(name: "reward", type: "bonus.granted"),
        // What the history of payments adds.
        Kind(name: "payment-late", type: "payment.refused"),
        Kind(name: "trigger-repeated", type: "trigger.repeated"),
        Kind(name: "dispute-opened", type: "dispute.opened"),
        Kind(name: "dispute-lost", type: "dispute.closed"),
        Kind(name: "reward-reversed", type: "bonus.reversed"),
        Kind(name: "complaint-clear", type: "complaint.closed", rule: "complaint/open"),
        Kind(name: "complaint-resolved", type: "complaint.closed", rule: "complaint/resolve"),
        Kind(name: "service-refund", type: "service.refunded"),
        Kind(name: "cash-handed-in", type: "cash.remittance.recorded"),
        // What neither has an example of.
        Kind(name: "withdrawal-refused", type: "withdrawal.rejected", hasJSON: true),
        Kind(name: "withdrawal-blocked", type: "withdrawal.blocked"),
        Kind(name: "upgrade-refused", type: "verification.review.required"),
        Kind(name: "vote", type: "vote.cast", hasJSON: true),
        Kind(name: "sale-voted-down", type: "area.sale.refused"),
        Kind(name: "override", type: "admin.override", hasJSON: true),
        Kind(name: "override-carried", type: "trust.changed", holding: #""reason":"verified""#),
    ]

    nonisolated(unsafe) private static let ledger = Result { try play() }

    /// The known history, the history of payments, and what stands in neither.
    private static func play() throws -> ScratchLedger {
        let ledger = try ScratchLedger.knownHistory()
        let path = ScratchLedger.repository + "/fixtures/payments.ndjson"
        for line in try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n") {
            try ledger.send(String(line))
        }
        try ledger.send(
            "wallet.withdrawal.requested",
            #"{"withdrawalId":"W-1","userId":"U-saad","amount":100000,"currency":"PKR"}"#, at: "2024-02-22T14:00:00Z")
        try ledger.send(
            "wallet.deposited",
            #"{"depositId":"D-101","userId":"U-hina","amount":4000000,"currency":"PKR","provider":"bank"}"#)
        try ledger.send(
            "wallet.withdrawal.requested",
            #"{"withdrawalId":"W-2","userId":"U-hina","amount":3000000,"currency":"PKR"}"#)
        try ledger.send(
            "verification.requested",
            #"{"requestId":"V-1","userId":"U-saad","kind":"upgrade","targetLevel":"normal","documents":[]}"#)
        try ledger.send(
            "area.sold",
            #"{"saleId":"SALE-1","franchiseId":"F-zoneone","buyerId":"U-omar","price":600000000,"currency":"PKR"}"#)
        let lowered = String(try #require(try ledger.sequences(of: "trust.changed").last))
        let corrects = String(repeating: "0", count: 16 - lowered.count) + lowered
        try ledger.send(
            "admin.override",
            #"{"overrideId":"OV-1","corrects":"\#(corrects)","because":"the complaint was about somebody else","emit":[{"type":"trust.changed","subject":"U-sana","data":{"userId":"U-sana","from":77,"to":82,"reason":"verified"}}]}"#
        )
        return ledger
    }

    @Test("the text of each, and the JSON of some, are what their golden files hold", arguments: GoldenTests.kinds)
    func golden(_ kind: Kind) throws {
        let log = try Self.ledger.get().log
        let sequence = try #require(try kind.sequence(in: log), "the history has no such entry: \(kind)")
        let explanation = try Explainer(log).explain(sequence)
        #expect(explanation.isRecomputed)
        #expect(isCanonical(explanation.json))
        try GoldenFiles.check(explanation.text, kind.name + ".txt")
        if kind.hasJSON { try GoldenFiles.check(GoldenFiles.indented(explanation.json), kind.name + ".json") }
    }

    @Test("no two have one name, and every golden file belongs to one")
    func names() throws {
        let names = Self.kinds.flatMap { [$0.name + ".txt"] + ($0.hasJSON ? [$0.name + ".json"] : []) }
        #expect(Set(names).count == names.count)
        try GoldenFiles.checkNames(Set(names).union(DisputeGoldenTests.names))
    }
}
