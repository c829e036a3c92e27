import Audit
import EventLog
import Foundation
import Rules
import Testing
import TransparencyLog

/// What somebody holds who looks for a fine that the operator has hidden.
enum Holding: String, CaseIterable {
    /// The log's key alone.
    case nothing
    /// The checkpoint of the evening before the complaint.
    case before
    /// The checkpoint of the complaint's own commit: the fine is not decided yet.
    case between
    /// The checkpoint behind everything.
    case after
    /// The receipt of the complaint, given when it was appended.
    case complaint
    /// The receipt of the fine, taken at the end.
    case fine

    var isReceipt: Bool { self == .complaint || self == .fine }
}

/// The known history as it happened, with what people took home meanwhile: U-ali complains, three franchises let the time
/// pass, and each is fined.
final class HonestHistory {
    let ledger: ScratchLedger
    private(set) var held: [Holding: [UInt8]] = [:]
    /// The sequences of the complaint, of the timer that missed it first, and of the fine that followed.
    let complaint, timer, fine: Int

    var log: EventLog { ledger.log }

    static var shared: HonestHistory { get throws { try made.get() } }

    nonisolated(unsafe) private static let made = Result { try HonestHistory() }

    private init() throws {
        ledger = try ScratchLedger(try ScratchLedger.repositoryRules())
        var complaint = 0
        for event in try Self.events() {
            let isComplaint = event.contains(#""type":"complaint.submitted""#)
            if isComplaint { held[.before] = ledger.log.checkpoint.map { Array($0.utf8) } }
            try ledger.send(event)
            guard isComplaint else { continue }
            held[.between] = ledger.log.checkpoint.map { Array($0.utf8) }
            complaint = try ForgedLog(ledger.log).places(#""type":"complaint.submitted""#)[0]
            held[.complaint] = try EntryReceipt(of: UInt64(complaint), in: ledger.log).text
        }
        let entries = try ForgedLog(ledger.log)
        self.complaint = complaint
        timer = try #require(
            entries.places(#""key":"COMP-001","name":"deadline""#).first {
                entries.entries[$0].contains(#""type":"timer.fired""#)
            })
        fine = try #require(entries.places(#""type":"fine.imposed""#).first)
        held[.after] = ledger.log.checkpoint.map { Array($0.utf8) }
        held[.fine] = try EntryReceipt(of: UInt64(fine), in: ledger.log).text
    }

    /// The events as producers sent them.
    static func events() throws -> [String] {
        try String(contentsOfFile: ScratchLedger.repository + "/fixtures/known-history.ndjson", encoding: .utf8)
            .split(separator: "\n").map(String.init)
    }

    /// The place of the complaint among the events.
    static func complaint(in events: [String]) throws -> Int {
        try #require(events.firstIndex { $0.contains(#""type":"complaint.submitted""#) })
    }

    /// The history as the operator tells it: the same origin and key, other events.
    static func retold(
        _ files: [(name: String, change: (String) -> String)] = [], _ change: (inout [String]) throws -> Void = { _ in }
    ) throws -> ScratchLedger {
        var rules = try ScratchLedger.repositoryRules()
        for (name, change) in files {
            let place = try #require(rules.firstIndex { $0.name == name })
            rules[place] = RewrittenRules.changed(rules[place], change)
        }
        let ledger = try ScratchLedger(rules)
        var events = try events()
        try change(&events)
        for event in events { try ledger.send(event) }
        return ledger
    }
}

/// Everybody who looks at a log, each with what they hold.
struct Lookout {
    let log: EventLog

    init(_ log: EventLog) { self.log = log }

    /// Asks `verify` for everybody, and expects these verdicts; OK where nothing is said.
    ///
    /// What a verdict rests on is looked at too: notes that the ledger's key signed prove each FORK, `consistency`
    /// gives a proof from a checkpoint exactly where `verify` has nothing against it, and a receipt goes on to prove its
    /// entry whatever the log says now.
    func expect(
        _ verdicts: [Holding: VerifyResult.Verdict], at location: SourceLocation = #_sourceLocation
    ) async throws {
        for holding in Holding.allCases {
            let expected = verdicts[holding] ?? .ok
            let held = try HonestHistory.shared.held[holding]
            let result = try await verify(held, holding.isReceipt)
            #expect(result.verdict == expected, "\(holding): \(result.text)", sourceLocation: location)
            if expected == .fork {
                #expect(Set(result.notes).count >= 2, "\(holding)", sourceLocation: location)
                for note in result.notes { _ = try Checkpoint.open(note, key: log.verifierKey) }
            }
            guard let held else { continue }
            if holding.isReceipt {
                let check = try ReceiptCheck(held, entry: nil, key: "\(log.verifierKey)")
                #expect(check.origin == log.origin, sourceLocation: location)
            } else {
                #expect(try continues(held) == (expected == .ok), "\(holding)", sourceLocation: location)
            }
        }
    }

    private func verify(_ held: [UInt8]?, _ isReceipt: Bool) async throws -> VerifyResult {
        let held = held.map { [$0] } ?? []
        let verifier = Verifier(key: log.verifierKey, since: isReceipt ? [] : held, receipts: isReceipt ? held : [])
        return try await verifier.run(.log(directory: log.directory))
    }

    /// Returns true if `consistency` proves that the log continues a checkpoint.
    private func continues(_ note: [UInt8]) throws -> Bool {
        let newest = try #require(log.checkpoint)
        let old = SignedSize(try CheckpointReading(note)), new = SignedSize(try CheckpointReading(Array(newest.utf8)))
        return (try? ConsistencyReading(from: old, to: new, in: log)) != nil
    }

    /// Derives the log again.
    func recompute() throws -> RecomputeResult { try Recompute(log).run() }
}
