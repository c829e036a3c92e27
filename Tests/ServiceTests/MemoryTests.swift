import Dispatch
import JSON
import Synchronization
import Testing

@testable import Service

@Suite("memory of requests and replies under way")
struct MemoryTests {
    private static let budget = 16 << 20

    /// An event of exactly `bytes` bytes.
    private static func event(_ id: String, bytes: Int) -> String {
        let event = Events.area("a", id: id)
        return event + String(repeating: " ", count: bytes - event.utf8.count)
    }

    /// Asks again and again until it is refused for want of memory. A client that is still sending when the answer
    /// comes may find the connection closed instead.
    private func refusal(_ ask: () async throws -> RawResponse) async throws -> RawResponse {
        for _ in 0..<500 {
            if let response = try? await ask(), response.status == 503 { return response }
            try await Task.sleep(for: .milliseconds(10))
        }
        throw RawClient.Closed()
    }

    /// Asks again and again until it is answered.
    private func answer(_ ask: () async throws -> RawResponse) async throws -> RawResponse {
        var last = try await ask()
        for _ in 0..<500 where last.status == 503 {
            try await Task.sleep(for: .milliseconds(10))
            last = try await ask()
        }
        return last
    }

    private static func head(_ length: String) -> String {
        "POST /v1/events HTTP/1.1\r\nHost: d\r\nContent-Type: application/cloudevents+json\r\n\(length)\r\n"
    }

    @Test("bodies that do not fit beside unfinished ones are refused early, and taken when those are gone")
    func unfinishedBodies() async throws {
        try await TestLedger().serving(memoryBytes: Self.budget) { service in
            let size = 1 << 20
            let half = [UInt8](repeating: 0x20, count: size / 2)
            var open: [RawClient] = []
            for number in 0..<4 {
                let client = try service.connect()
                await client.send(Self.head("Content-Length: \(size)\r\n") + Events.area("a", id: "h-\(number)"))
                await client.send(half)
                open.append(client)
            }
            let other = try service.connect()
            let refused = try await refusal { try await other.append(Self.event("x", bytes: size)) }
            #expect(try refused.problem == "unavailable")
            #expect(refused["retry-after"] == "1")
            // It is refused by its length, before any of it comes.
            let announced = try service.connect()
            await announced.send(Self.head("Content-Length: \(size)\r\nExpect: 100-continue\r\n"))
            #expect(try await announced.response().status == 503)
            // What needs little is still answered, and those that were let in are taken.
            #expect(try await other.get("/healthz").status == 200)
            let rest = size - half.count - Events.area("a", id: "h-0").utf8.count
            for client in open.prefix(2) {
                await client.send([UInt8](repeating: 0x20, count: rest))
                #expect(try await client.response().status == 201)
            }
            open = []
            #expect(try await answer { try await other.append(Self.event("x", bytes: size)) }.status < 300)
        }
    }

    @Test("a body in chunks is refused when it outgrows the memory, and nothing of it is kept")
    func growingBody() async throws {
        try await TestLedger().serving(memoryBytes: Self.budget) { service in
            var open: [RawClient] = []
            for _ in 0..<3 {
                let client = try service.connect()
                await client.send(Self.head("Content-Length: \(1 << 20)\r\n"))
                open.append(client)
            }
            let event = Self.event("chunks", bytes: 3 << 19)
            let response = try await refusal {
                let other = try service.connect()
                let size = String(event.utf8.count, radix: 16)
                await other.send(Self.head("Transfer-Encoding: chunked\r\n") + "\(size)\r\n\(event)\r\n0\r\n\r\n")
                return try await other.response()
            }
            #expect(try response.problem == "unavailable")
            open = []
        }
    }

    @Test("a body that could never fit is too large")
    func tooLarge() async throws {
        try await TestLedger().serving(memoryBytes: 1 << 20) { service in
            let client = try service.connect()
            #expect(try await client.append(Self.event("x", bytes: (1 << 18) + 1)).status == 413)
            #expect(try await client.append(Self.event("x", bytes: 1 << 18)).status == 201)
        }
    }

    @Test("pages that nobody reads are held to the memory, and given back when their readers go")
    func unreadPages() async throws {
        try await TestLedger().serving(memoryBytes: Self.budget) { service in
            let client = try service.connect()
            let note = String(repeating: "n", count: 900)
            for round in 0..<4 {
                let events = (0..<1000).map { Events.area("a", id: "\(round)-\($0)", note: note) }
                #expect(try await client.append(batch: events).status == 201)
            }
            var readers: [RawClient] = []
            for _ in 0..<40 {
                let reader = try service.connect()
                await reader.send(RawClient.bytes("GET", "/v1/events?limit=10000"))
                readers.append(reader)
            }
            let refused = try await refusal { try await client.get("/v1/events?limit=10000") }
            #expect(try refused.problem == "unavailable")
            #expect(refused["retry-after"] == "1")
            readers = []
            let page = try await answer { try await client.get("/v1/events?limit=10000") }
            #expect(page.status == 200)
            #expect(page.lines.count > 4000)
        }
    }

    @Test("pages that are read one after the other never run out of memory")
    func readPages() async throws {
        try await TestLedger().serving(memoryBytes: 4 << 20) { service in
            let client = try service.connect()
            let note = String(repeating: "n", count: 900)
            _ = try await client.append(batch: (0..<500).map { Events.area("a", id: "\($0)", note: note) })
            for _ in 0..<50 {
                #expect(try await client.get("/v1/events?limit=10000").status == 200)
            }
        }
    }

    @Test("a share gives back what it held when it goes")
    func shares() throws {
        let budget = MemoryBudget(bytesMax: 100)
        do {
            let (first, second) = (MemoryShare(budget), MemoryShare(budget))
            try first.resize(to: 60)
            try second.resize(to: 40)
            #expect(throws: ProblemReply.self) { try first.resize(to: 61) }
            #expect(budget.bytesHeld == 100)
            try first.resize(to: 10)
            second.force(to: 500)
            #expect(budget.bytesHeld == 510)
            #expect(throws: ProblemReply.self) { try first.resize(to: 11) }
        }
        #expect(budget.bytesHeld == 0)
    }
}

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

    /// Queues a job behind the one that occupies the thread.
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

            // One runs and 16 wait; the rest are told at once. Where other tests keep the service from taking them in,
            // the first may have been answered before the last arrive.
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
