import Audit
import EventLog
import Foundation
import TestSupport
import Testing

/// The operator who wants to hide a fine has the disk and the signing key. Here they change what the rules decided, and
/// renumber, relink and sign everything again: `verify` alone says OK, `recompute` finds it, and so does a checkpoint or
/// a receipt from behind the fine.
@Suite("an operator who rewrites decisions", .ownThreads)
struct RewrittenEntryTests {
    private let honest: HonestHistory
    private var forged: ForgedLog

    init() throws {
        honest = try HonestHistory.shared
        forged = try ForgedLog(honest.log)
    }

    /// Expects verdicts of those who hold something, and the first difference that `recompute` names.
    private func expect(
        _ forged: ForgedLog, _ verdicts: [Holding: VerifyResult.Verdict], _ kind: RecomputeDifference.Kind,
        at place: Int,
        _ what: String, location: SourceLocation = #_sourceLocation
    ) async throws {
        let log = try forged.signed(isCommittedOften: true)
        try await Lookout(log).expect(verdicts, at: location)
        let result = try Lookout(log).recompute()
        let first = try #require(result.differences.first, sourceLocation: location)
        #expect(!result.isOK, sourceLocation: location)
        #expect(first.kind == kind && first.sequence == UInt64(place), "\(first)", sourceLocation: location)
        #expect(first.what.contains(what), "\(first.what)", sourceLocation: location)
    }

    @Test("nobody has anything against the log as it is, and against one that was signed again unchanged")
    func honestLog() async throws {
        try await Lookout(honest.log).expect([:])
        try await Lookout(forged.signed(isCommittedOften: true)).expect([:])
    }

    @Test("1. the fine is left out: a shorter log is stale to who saw the whole, and a fork once it has grown again")
    func leftOut() async throws {
        var forged = forged
        forged.remove(honest.fine..<honest.fine + 1)
        try await expect(
            forged, [.after: .stale, .fine: .fork], .missing, at: honest.fine,
            "`fine.imposed` here, which the log lacks")
        let last = forged.entries.count - 2
        forged.insert(forged.entries[last], at: last + 2)
        forged.replace(#""id":"kh-027""#, with: #""id":"kh-028""#, at: last + 2)
        try await Lookout(forged.signed(isCommittedOften: true)).expect([.after: .fork, .fine: .fork])
    }

    @Test("2. the fine is made smaller, and all that followed from it")
    func smaller() async throws {
        var forged = forged
        let cascade = forged.cascade(of: honest.fine)
        for place in cascade where forged.entries[place].contains(#""amount":3998,"#) {
            forged.replace(#""amount":3998,"#, with: #""amount":398,"#, at: place)
        }
        forged.replace("PKR 39.98", with: "PKR 3.98", at: honest.fine)
        try await expect(
            forged, [.after: .fork, .fine: .fork], .changed, at: honest.fine, "/data/amount 3998, not 398")
    }

    @Test("3. the fine has another reason")
    func reason() async throws {
        var forged = forged
        forged.replace("did not resolve it", with: "asked for more time", at: honest.fine)
        try await expect(forged, [.after: .fork, .fine: .fork], .changed, at: honest.fine, "/because")
    }

    @Test("4. the timer that missed the deadline never fired")
    func unfired() async throws {
        var forged = forged
        forged.remove(forged.cascade(of: honest.fine))
        try await expect(
            forged, [.after: .stale, .fine: .fork], .notFired, at: honest.timer,
            "timer `deadline` of `complaint` for `COMP-001`, due 2024-02-16T16:00:00.000Z")
    }

    @Test("5. the timer fired later than it was due, behind what it should have come before")
    func firedLate() async throws {
        var forged = forged
        let cascade = forged.cascade(of: honest.fine)
        let next = forged.cascade(of: cascade.upperBound)
        forged.move(cascade, to: next.upperBound)
        for place in next.upperBound - cascade.count..<next.upperBound {
            forged.replace(
                #""recordedtime":"2024-02-16T16:00"#, with: #""recordedtime":"2024-02-16T19:00"#, at: place)
        }
        try await expect(
            forged, [.after: .fork, .fine: .fork], .notFired, at: honest.timer, "due 2024-02-16T16:00:00.000Z")
    }

    @Test("6. a decision poses as an event from outside, as one of the clock and as one of the ledger")
    func posing() async throws {
        var forged = forged
        var posing = forged.entries[honest.fine]
        for name in ["agent", "rule", "ruleset", "because", "causationid"] {
            posing = posing.replacing(try Regex(#""\#(name)":"[^"]*",?"#), with: "")
        }
        posing = posing.replacing(#""type":"fine.imposed""#, with: #""type":"fine.reversed""#)
        posing = posing.replacing(#"{"correlationid""#, with: #"{"authid":"local","correlationid""#)
        let places = (0..<3).map { _ in forged.cascade(of: honest.fine).upperBound }
        for (place, (authority, source)) in zip(
            places, [("clock", "/clock"), ("ledger", "/engine"), ("local", "/mine")])
        {
            var entry = posing.replacing(#""authid":"local""#, with: #""authid":"\#(authority)""#)
            entry = entry.replacing("/agents/complaint", with: source)
            if authority == "local" { entry = entry.replacing(try Regex(#""id":"[0-9]{16}""#), with: #""id":"mine""#) }
            forged.insert(entry, at: place)
        }
        let log = try forged.signed(isCommittedOften: true)
        try await Lookout(log).expect([.after: .fork, .fine: .fork])
        let found = try Lookout(log).recompute().differences.prefix(3)
        #expect(found.map(\.sequence) == (0..<3).map { UInt64(places[0] + $0) })
        #expect(found.map(\.kind) == [.notAdmitted, .ruleSet, .notDue])
    }

    @Test("7. the complainer's data is erased while the complaint is open")
    func erased() async throws {
        var forged = forged
        let end = forged.cascade(of: honest.complaint).upperBound
        let data = #""data":{"requestId":"E-1","userId":"U-ali"},"datacontenttype""#
        func erasing(_ place: Int, _ type: String, as other: String) throws -> String {
            let entry = forged.entries[place].replacing(try Regex(#""data":\{.*\},"datacontenttype""#), with: data)
            return entry.replacing(type, with: other).replacing("COMP-001", with: "U-ali")
        }
        let opened = try #require(forged.places(#""type":"complaint.opened""#).first)
        let trigger = try erasing(honest.complaint, "complaint.submitted", as: "erasure.requested")
        let decision = try erasing(opened, "complaint.opened", as: "erasure.completed")
        forged.insert(trigger.replacing("kh-022", with: "forged"), at: end)
        forged.insert(decision, at: end + 1)
        try await expect(
            forged, [.after: .fork, .fine: .fork], .changed, at: end + 1,
            "the rules give `erasure.deferred` here, not `erasure.completed`")
    }
}
