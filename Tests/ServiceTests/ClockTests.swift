import AgentKit
import Engine
import Service
import Synchronization
import TestSupport
import Testing

@Suite("a service whose clock is set")
struct ClockTests {
    /// How far the system's clock was set, in milliseconds.
    private final class Setting: Sendable {
        let milliseconds = Atomic<Int64>(0)
    }

    @Test("refuses events with 503 and is not ready, says why, reads on, and goes on once the clock is accepted")
    func acceptance() async throws {
        let ledger = try TestLedger(clock: .system)
        let setting = Setting()
        var options = ledger.options
        let machine = SystemClock.machine
        options.clock = SystemClock(
            now: {
                Instant(milliseconds: machine.now().milliseconds + setting.milliseconds.load(ordering: .relaxed))
            }, sinceBoot: machine.sinceBoot)
        let service = try TestService(LedgerService.Options(options, socket: ledger.folder.file("s")))
        try await service.start()
        let client = try service.connect()
        #expect(try await client.append(Events.deposit("d-1", to: "U-ali", 7)).status == 201)
        #expect(try await client.get("/readyz").status == 200)
        setting.milliseconds.store(40 * 86_400_000, ordering: .relaxed)
        let refused = try await client.append(Events.deposit("d-2", to: "U-ali", 7))
        #expect(refused.status == 503)
        #expect(refused["retry-after"] == "30")
        #expect(try refused.problem == "unavailable")
        #expect(refused.text.contains("40 d ahead"))
        let unready = try await client.get("/readyz")
        #expect(unready.status == 503)
        #expect(unready.text.contains("docket clock accept"))
        #expect(try await client.get("/healthz").status == 200)
        #expect(try await client.get("/v1/accounts/wallet%2FU-ali%2FPKR").json["balance"]?.int == 7)
        #expect(try await client.get("/v1/clock/accept").status == 405)
        let accepted = try await client.request("POST", "/v1/clock/accept", body: "")
        #expect(accepted.status == 200)
        #expect(try accepted.json["jumpSeconds"]?.int == 40 * 86_400)
        #expect(try accepted.json["clock"]?.string.flatMap { Instant(rfc3339: $0) } != nil)
        #expect(try await client.append(Events.deposit("d-2", to: "U-ali", 7)).status == 201)
        #expect(try await client.get("/readyz").status == 200)
        try await service.stop()
    }

    @Test("on the events' clock there is nothing to accept")
    func events() async throws {
        let ledger = try TestLedger()
        try await ledger.serving { service in
            let answer = try await service.connect().request("POST", "/v1/clock/accept", body: "")
            #expect(answer.status == 404)
        }
    }
}
