import AgentKit
import Audit
import Engine
import EventLog
import Foundation
import Rules
import TestSupport
import Testing

/// Rule files as the operator would rather have had them.
enum RewrittenRules {
    static func changed(_ file: RuleFile, _ change: (String) -> String) -> RuleFile {
        RuleFile(name: file.name, text: change(String(decoding: file.text, as: UTF8.self)))
    }

    /// A sub-franchise pays next to nothing.
    static func cheap(_ text: String) -> String { text.replacing("fine: {sub: 200,", with: "fine: {sub: 1,") }
}

/// The operator changes the rules in the log, its first entry or its times.
@Suite("an operator who rewrites the rules", .ownThreads)
struct RewrittenRulesTests {
    private let honest: HonestHistory

    init() throws { honest = try HonestHistory.shared }

    @Test("8. a parameter in a rule file is changed and every digest made again; then everything is decided by it")
    func parameter() async throws {
        let cheap = try HonestHistory.retold([("complaint.yaml", RewrittenRules.cheap)])
        let all: [Holding: VerifyResult.Verdict] = [
            .before: .fork, .between: .fork, .after: .fork, .complaint: .fork, .fine: .fork,
        ]
        try await Lookout(cheap.log).expect(all)
        // Nothing in the log tells; whoever knows the digest of the rules that were agreed on sees others.
        #expect(try Lookout(cheap.log).recompute().isOK)
        #expect(cheap.machine.ruleSet?.digest != honest.ledger.machine.ruleSet?.digest)

        // The decisions are left as they were: they no longer follow.
        var forged = try ForgedLog(honest.log)
        let other = try ForgedLog(cheap.log)
        let end = try #require(forged.places(#""type":"ruleset.activated""#).first) + 1
        let digests = [honest.ledger, cheap].map { $0.machine.ruleSet?.digest ?? "" }
        for place in forged.entries.indices.reversed() {
            if place < end {
                forged.replace(forged.entries[place], with: other.entries[place], at: place)
            } else if forged.isDecision(place) {
                forged.replace(digests[0], with: digests[1], at: place)
            }
        }
        let log = try forged.signed(isCommittedOften: true)
        try await Lookout(log).expect(all)
        let first = try #require(try Lookout(log).recompute().differences.first)
        #expect(first.kind == .changed && first.sequence == UInt64(honest.fine))
        #expect(first.what.contains("/data/amount 19, not 3998"), "\(first.what)")
    }

    @Test("9. other rules are in force for the minute in which the fine is decided")
    func minute() async throws {
        let rules = try ScratchLedger.repositoryRules()
        let cheap = rules.map { $0.name == "complaint.yaml" ? RewrittenRules.changed($0, RewrittenRules.cheap) : $0 }
        let ledger = try ScratchLedger(rules)
        var events = try HonestHistory.events()[...]
        let complaint = try HonestHistory.complaint(in: Array(events))
        for event in events.prefix(complaint + 1) { try ledger.send(event) }
        events = events.dropFirst(complaint + 1)
        try ledger.activate(cheap, at: "2024-02-16T15:59:59.000Z")
        try ledger.activate(rules, at: "2024-02-16T16:00:59.000Z")
        for event in events { try ledger.send(event) }
        let forged = try ForgedLog(ledger.log)
        let fine = try #require(forged.places(#""type":"fine.imposed""#).first)
        #expect(forged.entries[fine].contains(#""amount":19,"#))
        try await Lookout(ledger.log).expect([.after: .fork, .fine: .fork])
        // It all follows, from rules that stand in the log: whoever reads it sees three activations, and that the fine
        // names another rule set than the complaint.
        #expect(try Lookout(ledger.log).recompute().isOK)
        #expect(try ledger.sequences(of: "ruleset.activated").count == 3)
        let digest = try #require(honest.ledger.machine.ruleSet?.digest)
        #expect(!forged.entries[fine].contains(digest))
    }

    @Test("10. the first entry names another key, or another clock, which would leave times to the operator")
    func genesis() async throws {
        let key = "\(honest.log.verifierKey)"
        let changes = [(key, String(key.dropLast(4)) + "AAA="), (#""clock":"events""#, #""clock":"system""#)]
        for (text, other) in changes {
            var forged = try ForgedLog(honest.log)
            forged.replace(text, with: other, at: 0)
            let log = try forged.signed(isCommittedOften: true)
            try await Lookout(log).expect([
                .before: .fork, .between: .fork, .after: .fork, .complaint: .fork, .fine: .fork,
            ])
            let result = try Lookout(log).recompute()
            guard text == key else {
                #expect(result.isOK, "\(result.text)")
                continue
            }
            let first = try #require(result.differences.first)
            #expect(first.kind == .changed && first.sequence == 0 && first.what.contains("/data/verifierKey"))
        }
    }

    @Test("11. everything is written anew, from before the oldest checkpoint that anybody holds")
    func wholesale() async throws {
        let other = try HonestHistory.retold { events in
            events[0] = events[0].replacing(#""id":"kh-001""#, with: #""id":"kh-000""#)
            events.remove(at: try HonestHistory.complaint(in: events))
        }
        try await Lookout(other.log).expect([
            .before: .fork, .between: .fork, .after: .stale, .complaint: .fork, .fine: .fork,
        ])
        #expect(try Lookout(other.log).recompute().isOK)
    }
}
