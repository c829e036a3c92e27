import AgentKit
import Engine
import EventLog
import TestSupport
import Testing

@Suite("the system's clock")
struct ClockWatchTests {
    static let year: Int64 = 365 * 86_400

    private func using(
        jumpMax: Int64? = ClockWatch.jumpMaxDefault, _ body: (OpenLedger, HandClock) async throws -> Void
    ) async throws {
        let folder = try TemporaryDirectory()
        let directory = try OpenLedger.create(
            at: folder.path, rules: ["order.yaml": TimeTests.rules], clock: .system)
        let clock = HandClock("2024-02-15T09:00:00Z")
        let ledger = try OpenLedger(directory, clock, jumpMax: jumpMax)
        defer { ledger.sequencer.stop() }
        try await body(ledger, clock)
    }

    private func expect(
        _ result: String, _ ledger: OpenLedger, _ id: String, _ type: String = "test.note",
        _ data: String = #"{"n":1}"#, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let got = try await send(ledger, id, type, data)
        #expect(got == result, sourceLocation: sourceLocation)
    }

    /// `refused unavailable`, or the time at which the event was recorded.
    private func send(_ ledger: OpenLedger, _ id: String, _ type: String = "test.note", _ data: String = #"{"n":1}"#)
        async throws -> String
    {
        let answer = await ledger.send([try ledger.event(type, data, id: id)])
        switch answer.outcomes[0] {
        case .refused(let problem): return "refused \(problem.kind.rawValue)"
        default: return await ledger.sequencer.read { $0.clock }.text
        }
    }

    @Test(
        "nothing is recorded and nothing fires while it is set far, either way; when it is right again, all goes on",
        arguments: [year, 20 * year, 301, -301, -year])
    func jump(by seconds: Int64) async throws {
        try await using { ledger, clock in
            try await expect("2024-02-15T09:00:00.000Z", ledger, "a", "test.wait", #"{"key":"k","seconds":60}"#)
            let size = ledger.sequencer.committed.size
            clock.set(by: seconds)
            try await expect("refused unavailable", ledger, "b")
            let problem = try #require(ledger.sequencer.clockProblem)
            #expect(problem.retryAfter == 30)
            #expect(problem.detail.contains(seconds > 0 ? "ahead" : "back"))
            await #expect(throws: Problem.self) {
                _ = try await ledger.sequencer.activate(
                    ActivationRequest(.recorded(digest: "none"), principal: "local"))
            }
            #expect(ledger.sequencer.committed.size == size)
            clock.set(by: -seconds)
            clock.pass(seconds: 30)
            try await expect("2024-02-15T09:00:30.000Z", ledger, "b")
            #expect(ledger.sequencer.clockProblem == nil)
            #expect(ledger.sequencer.committed.size == size + 1)
        }
    }

    @Test("a jump is said to the nearest day, hour, minute or second, and which way")
    func words() {
        let day: Int64 = 86_400_000
        #expect(ClockWatch.words(40 * day - 3) == "40 d ahead")
        #expect(ClockWatch.words(-40 * day + 3) == "40 d back")
        #expect(ClockWatch.words(2 * day - 501) == "48 h ahead")
        #expect(ClockWatch.words(7_199_400) == "120 min ahead")
        #expect(ClockWatch.words(-300_001) == "5 min back")
        #expect(ClockWatch.words(90_499) == "90 s ahead")
    }

    @Test("a small change is no jump, and time that passes never is")
    func small() async throws {
        try await using { ledger, clock in
            clock.set(by: 300)
            try await expect("2024-02-15T09:05:00.000Z", ledger, "a")
            clock.set(by: -600)
            try await expect("2024-02-15T09:05:00.000Z", ledger, "b")
            clock.pass(seconds: 40 * 3600)
            try await expect("2024-02-17T00:55:00.000Z", ledger, "c")
        }
    }

    @Test("what is accepted is believed from then on, and time never goes back")
    func acceptance() async throws {
        try await using { ledger, clock in
            _ = try await send(ledger, "a")
            clock.set(by: 40 * 86_400)
            try await expect("refused unavailable", ledger, "b")
            let accepted = try await ledger.sequencer.acceptClock()
            #expect(accepted.jump == 40 * 86_400_000)
            #expect(accepted.now.text == "2024-03-26T09:00:00.000Z")
            try await expect("2024-03-26T09:00:00.000Z", ledger, "b")
            clock.set(by: -40 * 86_400)
            try await expect("refused unavailable", ledger, "c")
            let back = try await ledger.sequencer.acceptClock()
            #expect(back.jump == -40 * 86_400_000)
            try await expect("2024-03-26T09:00:00.000Z", ledger, "c")
        }
    }

    @Test("without a bound every clock is believed")
    func unbounded() async throws {
        try await using(jumpMax: nil) { ledger, clock in
            _ = try await send(ledger, "a")
            clock.set(by: 86_400)
            try await expect("2024-02-16T09:00:00.000Z", ledger, "b")
        }
    }

    @Test("on the events' clock there is none to accept")
    func events() async throws {
        let folder = try TemporaryDirectory()
        let directory = try OpenLedger.create(at: folder.path, rules: ["order.yaml": TimeTests.rules])
        try await OpenLedger.using(directory) { ledger in
            _ = await #expect(throws: Problem.self) { _ = try await ledger.sequencer.acceptClock() }
        }
    }
}
