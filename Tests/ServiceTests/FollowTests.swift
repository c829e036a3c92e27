import JSON
import Service
import TestSupport
import Testing

@Suite("following")
struct FollowTests {
    private static let stream = ["Accept": "text/event-stream"]

    /// Reads the next event of a stream.
    private func next(_ client: RawClient) async throws -> (id: Int, data: View) {
        let head = try await client.text(through: "id: ")
        #expect(!head.contains("data:"))
        let id = Int(try await client.text(through: "\n").dropLast()) ?? -1
        _ = try await client.text(through: "data: ")
        return (id, try Document.parse(try await client.text(through: "\n\n")).root)
    }

    @Test("a follower reads what is there, then what comes, and resumes where it left")
    func resumes() async throws {
        try await TestLedger().serving { service in
            let client = try service.connect()
            _ = try await client.append(Events.area("a", id: "0"))
            let first = try await client.get("/v1/checkpoint").text.split(separator: "\n")[1]
            let size = try #require(Int(first))
            let follower = try service.connect()
            #expect(try await follower.get("/v1/events", Self.stream).status == 200)
            for sequence in 0..<size { #expect(try await next(follower).id == sequence) }
            _ = try await client.append(Events.area("b", id: "1"))
            let live = try await next(follower)
            #expect(live.id == size)
            #expect(live.data["subject"]?.string == "b")
            _ = try await client.append(Events.area("c", id: "2"))
            let again = try service.connect()
            _ = try await again.get("/v1/events", Self.stream.merging(["Last-Event-ID": String(size)]) { $1 })
            #expect(try await next(again).data["subject"]?.string == "c")
        }
    }

    @Test("a follower of one type sees no other")
    func filtered() async throws {
        try await TestLedger().serving { service in
            let (client, follower) = (try service.connect(), try service.connect())
            _ = try await follower.get("/v1/events?type=transfer.posted", Self.stream)
            _ = try await client.append(batch: [Events.area("a", id: "0"), Events.deposit("d", to: "U-ali")])
            #expect(try await next(follower).data["type"]?.string == "transfer.posted")
        }
    }

    @Test("many followers see every entry, and one that does not read holds nobody up")
    func many() async throws {
        try await TestLedger().serving { service in
            let client = try service.connect()
            let idle = try service.connect()
            await idle.send(RawClient.bytes("GET", "/v1/events", Self.stream))
            let followers = try (0..<20).map { _ in try service.connect() }
            for follower in followers { _ = try await follower.get("/v1/events?type=area.registered", Self.stream) }
            let long = String(repeating: "x", count: 900)
            for round in 0..<10 {
                let events = (0..<200).map { Events.area("a", id: "\(round)-\($0)", note: long) }
                #expect(try await client.append(batch: events).status == 201)
            }
            // All at once: one that took nothing for a minute would be let go.
            try await withThrowingTaskGroup(of: Void.self) { group in
                for follower in followers {
                    group.addTask { for _ in 0..<2000 { _ = try await self.next(follower) } }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test("a malformed Last-Event-ID is refused")
    func badID() async throws {
        try await TestLedger().serving { service in
            let headers = Self.stream.merging(["Last-Event-ID": "x"]) { $1 }
            let response = try await service.connect().get("/v1/events", headers)
            #expect(response.status == 400)
        }
    }

    @Test("a follower's stream ends when the service stops")
    func ends() async throws {
        let ledger = try TestLedger()
        let service = try TestService(LedgerService.Options(ledger.options, socket: ledger.folder.file("s")))
        try await service.start()
        let follower = try service.connect()
        _ = try await follower.get("/v1/events", Self.stream)
        _ = try await follower.text(through: "following")
        try await service.stop()
        _ = try await follower.text(through: "0\r\n\r\n")
        #expect(await follower.isClosed())
    }
}
