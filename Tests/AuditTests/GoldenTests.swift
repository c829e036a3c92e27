import AgentKit
import Audit
import Engine
import EventLog
import Foundation
import JSON
import TestSupport
import Testing

/// Whole explanations as they were last agreed on: a change of a rule, of a sentence or of the layout shows in the files.
@Suite("golden explanations", .ownThreads)
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
        /// Indicates that what engineers see is compared, too.
        var hasVerbose = false
        var history = History.market

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

    enum History: Sendable {
        case market
        /// A small one under the rules of the rule language's tests, for what the market's rules never do.
        case language
    }

    /// One more line is one more file.
    static let kinds: [Kind] = [
        // What the known history decides.
        Kind(name: "registration", type: "user.recorded", hasJSON: true),
        Kind(name: "order-accepted", type: "order.accepted"),
        Kind(name: "transfer-refused", type: "transfer.rejected"),
        Kind(name: "payment-refused", type: "order.payment.rejected"),
        Kind(name: "complaint", type: "complaint.submitted"),
        Kind(name: "complaint-opened", type: "complaint.opened", hasVerbose: true),
        Kind(name: "timer", type: "timer.fired", holding: #""key":"COMP-001","name":"deadline""#),
        Kind(name: "fine", type: "fine.imposed", hasJSON: true, hasVerbose: true),
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
        Kind(name: "withdrawal-refused", type: "withdrawal.rejected", hasJSON: true, hasVerbose: true),
        Kind(name: "withdrawal-blocked", type: "withdrawal.blocked"),
        Kind(name: "upgrade-refused", type: "verification.review.required"),
        Kind(name: "vote", type: "vote.cast", hasJSON: true, hasVerbose: true),
        Kind(name: "sale-voted-down", type: "area.sale.refused"),
        Kind(name: "override", type: "admin.override", hasJSON: true),
        Kind(name: "override-carried", type: "trust.changed", holding: #""reason":"verified""#),
        Kind(name: "complaint-rejected", type: "complaint.closed", holding: "COMP-101"),
        Kind(name: "order-refused", type: "order.rejected", holding: "ORD-102"),
        Kind(name: "lock-refused", type: "coins.lock.refused"),
        Kind(name: "trigger-contradicted", type: "trigger.contradicted", hasJSON: true),
        Kind(name: "fine-paid", type: "transfer.posted", holding: #""purpose":"fine""#, number: 3),
        // What the market's rules never do.
        Kind(name: "overruled", type: "decision.overruled", hasVerbose: true, history: .language),
        Kind(name: "conflict", type: "conflict.raised", history: .language),
        Kind(name: "dead-letter", type: "deadletter.added", hasJSON: true, history: .language),
        Kind(name: "retry", type: "deadletter.retried", history: .language),
        Kind(name: "rule-failed", type: "agent.failed", history: .language),
    ]

    nonisolated(unsafe) private static let ledger = Result { try play() }
    nonisolated(unsafe) private static let language = Result { try playLanguage() }

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
        try playRefusals(on: ledger)
        return ledger
    }

    /// A complaint that is rejected, what is refused with both values, and a fact told twice in two ways.
    private static func playRefusals(on ledger: ScratchLedger) throws {
        func order(_ id: String, by buyer: String) throws {
            try ledger.send(
                "order.placed",
                #"{"orderId":"\#(id)","buyerId":"\#(buyer)","sellerId":"U-sana","productId":"P-speaker","quantity":1,"amount":199900,"currency":"PKR","paymentMethod":"wallet","area":"lahore-gulberg","delivery":"franchise"}"#,
                subject: id)
        }
        try order("ORD-101", by: "U-hina")
        try ledger.send(
            "complaint.submitted",
            #"{"complaintId":"COMP-101","orderId":"ORD-101","userId":"U-hina","kind":"quality","description":"too quiet"}"#,
            subject: "COMP-101")
        try ledger.send(
            "complaint.resolved", #"{"complaintId":"COMP-101","outcome":"rejected","by":"F-zoneone"}"#,
            subject: "COMP-101")
        try order("ORD-102", by: "U-guest")
        try ledger.send(
            "coins.lock.requested",
            #"{"lockId":"LOCK-1","userId":"U-hina","amount":10000,"currency":"EHBGC","months":9}"#)
        try ledger.send(
            "wallet.deposited",
            #"{"depositId":"D-101","userId":"U-hina","amount":4500000,"currency":"PKR","provider":"bank"}"#)
        // F-zoneone has an income by now, of which it pays the fine.
        try order("ORD-103", by: "U-hina")
        try ledger.send(
            "complaint.submitted",
            #"{"complaintId":"COMP-103","orderId":"ORD-103","userId":"U-hina","kind":"quality","description":"too loud"}"#,
            subject: "COMP-103")
        // The deadline of the complaint passes.
        try ledger.send("area.registered", #"{"area":"lahore-quiet"}"#, at: "2024-02-23T01:00:00Z")
    }

    private static func playLanguage() throws -> ScratchLedger {
        let ledger = try ScratchLedger(
            try DataDirectory.ruleFiles(in: ScratchLedger.repository + "/Tests/EngineTests/RuleLanguage"))
        try ledger.send("area.recorded", #"{"area":"harbour"}"#, at: "2024-02-15T09:00:00Z")
        try ledger.send("stall.asked", #"{"stallId":"S-1","userId":"U-1","isWatched":true,"rank":1}"#)
        try ledger.send("stall.asked", #"{"stallId":"S-2","userId":"U-2","isWatched":false,"rank":9}"#)
        try ledger.send("parcel.insured", #"{"parcelId":"P-2","value":100001}"#, subject: "P-2")
        try ledger.send("area.recorded", #"{"area":"alley","parent":"quarter"}"#)
        try ledger.send("area.recorded", #"{"area":"quarter","parent":"alley"}"#)
        let dead = try ledger.send(
            "parcel.sent", #"{"parcelId":"P-1","area":"alley","kind":"letter","grams":20}"#, subject: "P-1"
        ).lowerBound
        try ledger.send("area.recorded", #"{"area":"quarter"}"#)
        try ledger.send(
            "deadletter.retried", #"{"sequence":"\#(EntrySequence(dead).padded)"}"#, at: "2024-02-16T09:00:00Z")
        return ledger
    }

    @Test("the text of each, and the JSON of some, are what their golden files hold", arguments: GoldenTests.kinds)
    func golden(_ kind: Kind) throws {
        let log = try (kind.history == .market ? Self.ledger : Self.language).get().log
        let sequence = try #require(try kind.sequence(in: log), "the history has no such entry: \(kind)")
        let explanation = try Explainer(log).explain(sequence)
        #expect(explanation.isRecomputed)
        #expect(isCanonical(explanation.json))
        try GoldenFiles.check(explanation.text, kind.name + ".txt")
        if kind.hasVerbose { try GoldenFiles.check(explanation.text(verbose: true), kind.name + ".verbose.txt") }
        if kind.hasJSON { try GoldenFiles.check(GoldenFiles.indented(explanation.json), kind.name + ".json") }
    }

    @Test("no two have one name, and every golden file belongs to one")
    func names() throws {
        let names = Self.kinds.flatMap {
            [$0.name + ".txt"] + ($0.hasJSON ? [$0.name + ".json"] : [])
                + ($0.hasVerbose ? [$0.name + ".verbose.txt"] : [])
        }
        #expect(Set(names).count == names.count)
        try GoldenFiles.checkNames(Set(names).union(DisputeGoldenTests.names))
    }
}
