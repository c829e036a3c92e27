import Dispatch
import JSON
import Synchronization
import Testing

@testable import Service

@Suite("reads that take long")
struct ReadPoolTests {
    /// Starts a job and waits until it runs.
    private func occupy(_ pool: ReadPool, until free: DispatchSemaphore) async -> Task<Void, any Error> {
        let (started, starts) = AsyncStream.makeStream(of: Void.self)
        let task = Task {
            try await pool.run(for: Connection()) {
                starts.finish()
                free.wait()
            }
        }
        for await _ in started {}
        return task
    }

    @Test("so many may wait and no more; those whose client has gone make room")
    func bounded() async throws {
        let pool = ReadPool("test", threads: 1, waitingMax: 2)
        let free = DispatchSemaphore(value: 0)
        let running = await occupy(pool, until: free)
        let ran = Counter()
        let gone = Connection()
        let first = await wait(pool, gone, ran)
        let second = await wait(pool, Connection(), ran)
        await #expect(throws: ProblemReply.self) { try await pool.run(for: Connection()) { ran.add() } }
        gone.end()
        let third = await wait(pool, Connection(), ran)
        await #expect(throws: ProblemReply.self) { try await first.value }
        free.signal()
        try await running.value
        try await second.value
        try await third.value
        #expect(ran.count == 2)
        try await pool.run(for: Connection()) { ran.add() }
        #expect(ran.count == 3)
    }

    private final class Counter: Sendable {
        private let value = Mutex(0)
        var count: Int { value.withLock { $0 } }
        func add() { value.withLock { $0 += 1 } }
    }

    /// A job behind the one that occupies the thread.
    private func wait(_ pool: ReadPool, _ connection: Connection, _ ran: Counter) async -> Task<Void, any Error> {
        let task = Task { try await pool.run(for: connection) { ran.add() } }
        try? await Task.sleep(for: .milliseconds(100))
        return task
    }

    @Test("readings of the past beyond the bound are refused, and end when their clients go")
    func abandoned() async throws {
        try await TestLedger().serving { service in
            let client = try service.connect()
            for round in 0..<6 {
                _ = try await client.append(batch: (0..<1000).map { Events.deposit("\(round)-\($0)", to: "U-ali", 1) })
            }
            let last = try #require(UInt64(try await client.get("/v1/checkpoint").text.split(separator: "\n")[1])) - 1
            let past = "/v1/accounts/wallet%2FU-ali%2FPKR?at=\(last)"
            let clock = ContinuousClock()
            let begin = clock.now
            #expect(try await client.get(past).status == 200)
            let once = begin.duration(to: clock.now)

            // One runs and 16 wait; the rest are told at once. Where other tests keep the service from taking them in, the first
            // may have been answered before the last arrive.
            var others: [RawClient] = []
            var refused: RawResponse?
            for _ in 0..<5 where refused == nil {
                others = []
                for number in 0..<40 {
                    let other = try service.connect()
                    await other.send(RawClient.bytes("GET", number % 2 == 0 ? past : "/v1/events/\(last)/explanation"))
                    others.append(other)
                }
                for other in others.reversed() where refused == nil {
                    let answer = try await other.response()
                    if answer.status == 503 { refused = answer }
                }
            }
            #expect(refused?["retry-after"] == "1")
            others = []
            let start = clock.now
            var response = try await client.get(past)
            while response.status == 503, start.duration(to: clock.now) < once * 5 {
                try await Task.sleep(for: .milliseconds(10))
                response = try await client.get(past)
            }
            #expect(response.status == 200)
            #expect(start.duration(to: clock.now) < once * 5 + .seconds(1))
        }
    }
}
