import AgentKit
import Engine
import EventLog
import JSON
import Rules
import TestSupport
import Testing

@Suite("rule sets that come into force later")
struct RuleSetScheduleTests {
    /// Rule sets that make six, four and three decisions on a `test.ping` of 4.
    private static let first = CascadeTests.rules
    private static let second = first.replacing("data.n - 1", with: "data.n - 2")
    private static let third = first.replacing("data.n - 1", with: "data.n - 4")

    private let folder: TemporaryDirectory
    private let directory: DataDirectory

    init() throws {
        folder = try TemporaryDirectory()
        directory = try OpenLedger.create(at: folder.path, rules: ["order.yaml": Self.first])
    }

    private func using<R>(_ body: (OpenLedger) async throws -> R) async throws -> R {
        try await OpenLedger.using(directory, body)
    }

    /// Sends an event and checks the number of decisions, which tells the rule set in force.
    private func expect(
        _ expected: Int, _ ledger: OpenLedger, _ id: String, at time: String? = nil,
        _ location: SourceLocation = #_sourceLocation
    ) async throws {
        let answer = await ledger.send([try ledger.event("test.ping", #"{"n":4}"#, id: id, at: time)])
        guard case .appended(_, let count) = answer.outcomes[0] else {
            Issue.record("`\(id)` was not appended: \(answer.outcomes[0])", sourceLocation: location)
            return
        }
        #expect(count - 1 == expected, sourceLocation: location)
    }

    @discardableResult
    private func activate(_ text: String, from time: String? = nil, _ ledger: OpenLedger) async throws
        -> RuleSetActivation
    {
        try await ledger.sequencer.activate(
            ActivationRequest(
                .files([RuleFile(name: "order.yaml", text: text)]), principal: "local",
                effectiveFrom: time.map { try #require(Instant(rfc3339: $0)) }))
    }

    private func refusal(_ body: () async throws -> Void) async -> Problem? {
        do { try await body() } catch { return error as? Problem }
        return nil
    }

    @Test("stand side by side and come into force each at its time, also after restarts")
    func sideBySide() async throws {
        try await using { ledger in
            try await expect(6, ledger, "a", at: "2024-02-15T09:00:00Z")
            try await activate(Self.third, from: "2024-02-15T14:00:00Z", ledger)
            try await activate(Self.second, from: "2024-02-15T17:00:00+05:00", ledger)
            try await activate(Self.first, from: "2024-02-15T16:00:00Z", ledger)
            let known = await ledger.sequencer.ruleSets()
            #expect(
                known.standing.map { $0.effectiveFrom.text.dropFirst(11).prefix(5) } == ["12:00", "14:00", "16:00"])
            #expect(known.ruleSets.count == 1)
            try await expect(6, ledger, "b", at: "2024-02-15T11:59:59.999Z")
        }
        try await using { ledger in
            try await expect(4, ledger, "c", at: "2024-02-15T12:00:00Z")
            #expect(await ledger.sequencer.ruleSets().standing.count == 2)
        }
        try await using { ledger in
            try await expect(4, ledger, "d", at: "2024-02-15T13:59:59Z")
            try await expect(3, ledger, "e", at: "2024-02-15T15:00:00Z")
            try await expect(6, ledger, "f", at: "2024-02-15T16:00:00Z")
            let known = await ledger.sequencer.ruleSets()
            #expect(known.standing.isEmpty && known.ruleSets.count == 3)
            #expect(known.schedules.allSatisfy { $0.status == .cameIntoForce })
            // The first one is in force again: as of its own time.
            let active = try #require(known.ruleSets.first { $0.digest == known.active })
            #expect(active.since.text == "2024-02-15T16:00:00.000Z" && active.effectiveFrom == active.since)
        }
    }

    @Test("of the same time come into force in the order in which they were scheduled")
    func sameTime() async throws {
        try await using { ledger in
            try await expect(6, ledger, "a", at: "2024-02-15T09:00:00Z")
            try await activate(Self.second, from: "2024-02-15T12:00:00Z", ledger)
            try await activate(Self.third, from: "2024-02-15T12:00:00Z", ledger)
            try await expect(3, ledger, "b", at: "2024-02-15T12:00:00Z")
            #expect(await ledger.sequencer.ruleSets().ruleSets.count == 3)
        }
    }

    @Test("go on to stand where another one is put in force at once")
    func atOnce() async throws {
        try await using { ledger in
            try await expect(6, ledger, "a", at: "2024-02-15T09:00:00Z")
            try await activate(Self.second, from: "2024-02-15T12:00:00Z", ledger)
            let now = try await activate(Self.third, ledger)
            #expect(now.effectiveFrom == nil && now.schedules.count == 1)
            try await expect(3, ledger, "b")
            try await expect(4, ledger, "c", at: "2024-02-15T12:00:00Z")
        }
    }

    @Test("may name the same rule set at two times, and the same twice is one")
    func twice() async throws {
        try await using { ledger in
            try await expect(6, ledger, "a", at: "2024-02-15T09:00:00Z")
            try await activate(Self.second, from: "2024-02-15T12:00:00Z", ledger)
            try await activate(Self.first, from: "2024-02-15T13:00:00Z", ledger)
            let size = ledger.sequencer.committed.size
            let again = try await activate(Self.second, from: "2024-02-15T14:00:00Z", ledger)
            // Its files are in the log already.
            #expect(ledger.sequencer.committed.size == size + 1)
            let same = try await activate(Self.second, from: "2024-02-15T14:00:00Z", ledger)
            #expect(same.sequence == again.sequence && same.checkpoint == nil)
            #expect(ledger.sequencer.committed.size == size + 1)
            try await expect(4, ledger, "b", at: "2024-02-15T12:30:00Z")
            try await expect(6, ledger, "c", at: "2024-02-15T13:30:00Z")
            try await expect(4, ledger, "d", at: "2024-02-15T14:30:00Z")
        }
    }

    @Test("can be cancelled until they come into force, and not twice")
    func cancelled() async throws {
        let (second, third) = try await using { ledger in
            try await expect(6, ledger, "a", at: "2024-02-15T09:00:00Z")
            let second = try #require(try await activate(Self.second, from: "2024-02-15T12:00:00Z", ledger).sequence)
            let third = try #require(try await activate(Self.third, from: "2024-02-15T14:00:00Z", ledger).sequence)
            let done = try await ledger.sequencer.cancelSchedule(second, principal: "local")
            #expect(done.schedules.map(\.activated) == [third])
            let entry = try #require(try ledger.sequencer.committed.entry(done.sequence.value))
            #expect(String(decoding: entry, as: UTF8.self).contains(#""data":{"activated":"\#(second.padded)"}"#))
            let again = await refusal { _ = try await ledger.sequencer.cancelSchedule(second, principal: "local") }
            #expect(again?.kind == .scheduleOver)
            return (second, third)
        }
        try await using { ledger in
            try await expect(6, ledger, "b", at: "2024-02-15T13:00:00Z")
            try await expect(3, ledger, "c", at: "2024-02-15T14:00:00Z")
            for sequence in [second, third] {
                let over = await refusal { _ = try await ledger.sequencer.cancelSchedule(sequence, principal: "local") }
                #expect(over?.kind == .scheduleOver)
            }
            let none = await refusal {
                _ = try await ledger.sequencer.cancelSchedule(EntrySequence(0), principal: "local")
            }
            #expect(none?.kind == .notFound)
            let known = await ledger.sequencer.ruleSets()
            #expect(known.ruleSets.count == 2 && known.active == known.ruleSets[1].digest)
            #expect(known.schedules.map(\.status) == [.cancelled, .cameIntoForce])
        }
    }

    @Test(
        "are refused for a time that has come, also when only checked",
        arguments: [
            "2024-02-15T09:00:00Z", "2024-02-15T14:00:00+05:00", "2023-01-01T00:00:00Z",
        ])
    func past(time: String) async throws {
        try await using { ledger in
            try await expect(6, ledger, "a", at: "2024-02-15T09:00:00Z")
            let size = ledger.sequencer.committed.size
            let refused = await refusal { try await activate(Self.second, from: time, ledger) }
            #expect(refused?.kind == .clock && refused?.pointer == "/effectiveFrom")
            let request = ActivationRequest(
                .files([RuleFile(name: "order.yaml", text: Self.second)]), principal: "local",
                effectiveFrom: Instant(rfc3339: time))
            let checked = await refusal { _ = try await ledger.sequencer.check(request) }
            #expect(checked?.kind == .clock)
            #expect(ledger.sequencer.committed.size == size)
        }
    }

    @Test("cannot be made before the ledger's first entry on the events' clock")
    func beforeGenesis() async throws {
        try await using { ledger in
            let refused = await refusal { try await activate(Self.second, from: "2030-01-01T00:00:00Z", ledger) }
            #expect(refused?.kind == .unavailable)
            try await expect(6, ledger, "a", at: "2024-02-15T09:00:00Z")
        }
    }

    @Test("are tried out by a dry run and taken back")
    func dryRun() async throws {
        try await using { ledger in
            try await expect(6, ledger, "a", at: "2024-02-15T09:00:00Z")
            try await activate(Self.second, from: "2024-02-15T12:00:00Z", ledger)
            for _ in 0..<2 {
                let event = try ledger.event("test.ping", #"{"n":4}"#, id: "b", at: "2024-02-15T12:00:00Z")
                var request = AppendRequest([.success(event)])
                request.isDryRun = true
                guard case .dryRun(let entries) = await ledger.sequencer.append(request).outcomes[0] else {
                    Issue.record("not tried out")
                    return
                }
                #expect(entries.count == 5)
            }
            #expect(await ledger.sequencer.ruleSets().standing.count == 1)
            try await expect(6, ledger, "c", at: "2024-02-15T11:00:00Z")
            try await expect(4, ledger, "d", at: "2024-02-15T12:00:00Z")
        }
    }

    @Test("decide on what may be sent from their time on, and only from then on")
    func types() async throws {
        let other = Self.second.replacing("test.wide: {n: int}", with: "test.wider: {n: int}")
            .replacing("on: test.wide", with: "on: test.wider")
        try await using { ledger in
            try await expect(6, ledger, "a", at: "2024-02-15T09:00:00Z")
            try await activate(other, from: "2024-02-15T12:00:00Z", ledger)
            let early = await refusal {
                _ = try ledger.event("test.wider", #"{"n":1}"#, id: "b", at: "2024-02-15T11:00:00Z")
            }
            #expect(early?.kind == .unknownType)
            let wider = try ledger.event("test.wider", #"{"n":1}"#, id: "c", at: "2024-02-15T12:00:00Z")
            let old = try ledger.event("test.wide", #"{"n":1}"#, id: "d")
            let answer = await ledger.send([wider, old])
            guard case .appended(_, let count) = answer.outcomes[0], case .refused(let problem) = answer.outcomes[1]
            else {
                Issue.record("\(answer.outcomes)")
                return
            }
            #expect(count == 2 && problem.kind == .unknownType)
            // Each of a batch goes by the rule set that is in force when it is recorded.
            let next = try ledger.event("test.wider", #"{"n":2}"#, id: "e")
            guard case .appended = await ledger.send([next]).outcomes[0] else {
                Issue.record("not taken")
                return
            }
        }
    }

    @Test("wait until what was due before is fired")
    func timers() async throws {
        let waiting = """
            agent: order
            version: 1.0.0
            triggers: {test.wait: {}, test.ping: {n: int}}
            decisions: {test.woken: {by: string}}
            rules:
              - id: wait
                on: test.wait
                timers: [{name: nap, key: '"k"', at: event.recordedtime + duration("1h")}]
              - id: wake
                on: timer.fired
                emit: [{test.woken: '{"by": "old"}'}]
            """
        let rules = try TemporaryDirectory()
        let directory = try OpenLedger.create(at: rules.path, rules: ["order.yaml": waiting])
        try await OpenLedger.using(directory) { ledger in
            let start = try ledger.event("test.wait", "{}", id: "a", at: "2024-02-15T09:00:00Z")
            _ = await ledger.send([start])
            try await activate(
                waiting.replacing("\"old\"", with: "\"new\""), from: "2024-02-15T10:00:00.001Z", ledger)
            _ = await ledger.send([try ledger.event("test.ping", #"{"n":1}"#, id: "b", at: "2024-02-15T11:00:00Z")])
            var woken: [String] = []
            try ledger.sequencer.committed.scan(from: 0) { _, bytes in
                let text = String(decoding: bytes, as: UTF8.self)
                if text.contains("test.woken\"}") { woken.append(text) }
                return true
            }
            #expect(woken.count == 1 && woken[0].contains(#""by":"old""#))
        }
    }
}
