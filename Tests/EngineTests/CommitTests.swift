import AgentKit
import Engine
import EventLog
import Glibc
import LMDB
import TestSupport
import Testing

@Suite("commits under way")
struct CommitTests {
    private static let rules = ["order.yaml": CascadeTests.rules]
    /// The number of attempts to send events before a test gives up.
    private static let roundsMax = 50

    private func ping(_ ledger: OpenLedger, _ id: String) throws -> PreparedEvent {
        try ledger.event("test.ping", #"{"n":1}"#, id: id, at: "2024-02-15T09:00:00Z")
    }

    /// Indicates that the answer refuses events.
    private func isRefused(_ answer: AppendAnswer) -> Bool { answer.hasRefusals }

    /// The number of entries in the log by producer's id.
    private func counts(_ log: EventLog) throws -> [String: Int] {
        var counts: [String: Int] = [:]
        unsafe try log.scan(from: 0) { _, bytes in
            if let event = (try? unsafe Document(canonical: bytes)).flatMap(Event.init), event.agent == nil,
                event.source == "/tests"
            {
                counts[event.id, default: 0] += 1
            }
            return true
        }
        return counts
    }

    @Test(
        "a commit of unknown fate is refused, and sending again finds it or appends it",
        arguments: [FaultyStore.Effect.kept, .lost], [0, .max])
    func unknownFate(_ effect: FaultyStore.Effect, asideAt: Int) async throws {
        let folder = try TemporaryDirectory()
        let faults = FaultyStore()
        let ledger = try OpenLedger(
            OpenLedger.create(at: folder.path, rules: Self.rules), asideAt: asideAt, faults: faults)
        _ = await ledger.send([try ping(ledger, "a")])
        let size = ledger.sequencer.committed.size
        faults.fail(.commit, effect: effect, code: EIO)
        #expect(isRefused(await ledger.send([try ping(ledger, "b")])))
        let again = await ledger.send([try ping(ledger, "b")])
        #expect(!isRefused(again))
        let isFound = if case .recorded(_, _, isNew: false) = again.outcomes[0] { true } else { false }
        #expect(isFound == (effect == .kept))
        #expect(ledger.sequencer.committed.size == size + 4)
        ledger.sequencer.stop()
        #expect(try counts(ledger.sequencer.committed) == ["a": 1, "b": 1])
    }

    @Test("a refusal that was decided upon entries that a failed commit lost is not the last word")
    func refusalUponLostEntries() async throws {
        let folder = try TemporaryDirectory()
        let faults = FaultyStore()
        let ledger = try OpenLedger(OpenLedger.create(at: folder.path, rules: Self.rules), faults: faults)
        _ = await ledger.send([try ping(ledger, "a")])
        let other = try ledger.event("test.ping", #"{"n":2}"#, id: "b", at: "2024-02-15T09:00:00Z")
        let late = try ledger.event("test.ping", #"{"n":2}"#, id: "a", at: "2024-02-15T09:00:00Z")
        faults.fail(.commit, effect: .lost, code: EIO)
        let lost = await ledger.send([try ping(ledger, "b"), other, try ping(ledger, "a")])
        #expect(lost.verdicts == ["refused unavailable", "refused unavailable", "exists"])
        #expect(await ledger.send([other, late]).verdicts == ["appended", "refused conflict"])
        ledger.sequencer.stop()
    }

    @Test(
        "what was decided on a commit that failed is refused with it, and each event sent again is there once",
        arguments: [
            (1, EIO, FaultyStore.Effect.lost, 0), (3, EIO, .kept, 0), (2, ENOSPC, .lost, 0), (5, ENOSPC, .lost, 0),
            (3, EIO, .kept, .max), (2, ENOSPC, .lost, .max),
        ])
    func decidedMeanwhile(
        _ occurrence: Int, _ code: Int32, _ effect: FaultyStore.Effect, asideAt: Int
    ) async throws {
        let folder = try TemporaryDirectory()
        let faults = FaultyStore()
        let directory = try OpenLedger.create(at: folder.path, rules: Self.rules)
        let ledger = try OpenLedger(directory, flushesAt: 40, asideAt: asideAt, faults: faults)
        _ = await ledger.send([try ping(ledger, "first")])
        faults.fail(.commit, occurrence: occurrence, effect: effect, code: code)
        var ids: [String] = []
        var unanswered: Set<String> = []
        var refusals = 0
        var rounds = 0
        while !(faults.isSpent && unanswered.isEmpty), rounds < Self.roundsMax {
            rounds += 1
            if !faults.isSpent {
                let more = (0..<120).map { "e-\(rounds)-\($0)" }
                ids += more
                unanswered.formUnion(more)
            }
            let accepted = try await withThrowingTaskGroup(of: String?.self) { group in
                for id in unanswered {
                    let event = try ping(ledger, id)
                    group.addTask { isRefused(await ledger.send([event])) ? nil : id }
                }
                var accepted: [String] = []
                for try await id in group { if let id { accepted.append(id) } }
                return accepted
            }
            refusals += unanswered.count - accepted.count
            unanswered.subtract(accepted)
        }
        #expect(faults.isSpent && refusals > 0)
        #expect(unanswered.isEmpty)
        ledger.sequencer.stop()
        let expected = Dictionary(uniqueKeysWithValues: (ids + ["first"]).map { ($0, 1) })
        #expect(try counts(ledger.sequencer.committed) == expected)
        let reopened = try OpenLedger(directory)
        defer { reopened.sequencer.stop() }
        #expect(reopened.sequencer.committed.size == UInt64(ledger.sequencer.committed.size))
    }

    @Test("what a reader sees between two requests is durable")
    func durableReads() async throws {
        let folder = try TemporaryDirectory()
        let ledger = try OpenLedger(OpenLedger.create(at: folder.path, rules: Self.rules))
        defer { ledger.sequencer.stop() }
        for round in 0..<20 {
            let event = try ping(ledger, "r-\(round)")
            async let answer = ledger.send([event])
            let next = await ledger.sequencer.read { $0.next.value }
            #expect(ledger.sequencer.committed.size >= next)
            _ = await answer
        }
    }
}
