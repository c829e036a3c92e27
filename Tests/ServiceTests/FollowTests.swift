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
            let ids = (0..<2000).map(String.init)
            // They read from the first append on: one that took nothing for a minute would be let go.
            try await withThrowingTaskGroup(of: Void.self) { group in
                for follower in followers {
                    group.addTask {
                        var seen: [String] = []
                        for _ in ids { seen.append(try await self.next(follower).data["id"]?.string ?? "") }
                        #expect(seen == ids)
                    }
                }
                for start in stride(from: 0, to: ids.count, by: 200) {
                    let events = ids[start..<start + 200].map { Events.area("a", id: $0, note: long) }
                    #expect(try await client.append(batch: events).status == 201)
                }
                try await group.waitForAll()
            }
            // Its connection is open until here.
            withExtendedLifetime(idle) {}
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

@Suite("reading positions")
struct PositionTests {
    private static let stream = ["Accept": "text/event-stream"]

    /// Appends some events and gives the last sequence.
    private func fill(_ client: RawClient) async throws -> UInt64 {
        _ = try await client.append(batch: (0..<5).map { Events.area("a-\($0)", id: "\($0)") })
        let note = try await client.get("/v1/checkpoint").text
        return try #require(UInt64(note.split(separator: "\n")[1])) - 1
    }

    @Test(
        "a page says how far it looked, also where nothing matched",
        arguments: ["type=no.such.type", "subject=nobody", "correlation=none", "type=area.registered", "limit=10000"])
    func looked(filter: String) async throws {
        try await TestLedger().serving { service in
            let client = try service.connect()
            let last = try await fill(client)
            let page = try await client.get("/v1/events?\(filter)")
            #expect(page.status == 200)
            #expect(page["docket-next-after"] == String(last))
            // From there nothing is left to be looked at, until something comes.
            let next = try await client.get("/v1/events?\(filter)&after=\(last)")
            #expect(next.status == 200)
            #expect(next.body.isEmpty)
            #expect(next["docket-next-after"] == nil)
            _ = try await client.append(Events.area("later", id: "later"))
            let later = try await client.get("/v1/events?\(filter)&after=\(last)")
            #expect(later["docket-next-after"] == String(last + 1))
        }
    }

    @Test("a filtered reader that goes on from page to page sees every match once")
    func everyMatch() async throws {
        try await TestLedger().serving { service in
            let client = try service.connect()
            _ = try await fill(client)
            var (after, seen): (String?, [String]) = (nil, [])
            while true {
                let position = after.map { "&after=\($0)" } ?? ""
                let page = try await client.get("/v1/events?type=area.registered&limit=2" + position)
                seen += try page.lines.map { try Document.parse($0).root["id"]?.string ?? "" }
                guard let next = page["docket-next-after"] else { break }
                after = next
            }
            #expect(seen == ["0", "1", "2", "3", "4"])
        }
    }

    @Test("a position past the end is refused with the last one, in pages and streams")
    func pastTheEnd() async throws {
        try await TestLedger().serving { service in
            let client = try service.connect()
            let last = try await fill(client)
            func refused(_ target: String, _ headers: [String: String] = [:]) async throws {
                let response = try await client.get(target, headers)
                #expect(response.status == 409)
                #expect(try response.problem == "position")
                #expect(try response.json["sequence"]?.int == Int64(last))
            }
            for position in [last + 1, last + 100, 9_999_999_999_999_999] {
                try await refused("/v1/events?after=\(position)")
                try await refused("/v1/events?type=area.registered&after=\(position)")
                try await refused("/v1/events?after=\(position)", Self.stream)
                try await refused("/v1/events", Self.stream.merging(["Last-Event-ID": "\(position)"]) { $1 })
            }
            _ = try await client.append(Events.deposit("d", to: "U-ali"))
            let transfers = try await client.get("/v1/accounts/wallet%2FU-ali%2FPKR/transfers?after=\(last + 100)")
            #expect(transfers.status == 409)
        }
    }

    @Test("in an empty log every position is past the end, and none is not")
    func emptyLog() async throws {
        try await TestLedger().serving { service in
            let client = try service.connect()
            #expect(try await client.get("/v1/events").status == 200)
            let response = try await client.get("/v1/events?after=0")
            #expect(response.status == 409)
            #expect(try response.json["sequence"] == nil)
        }
    }

    @Test("a follower behind the last entry waits for the next")
    func atTheEnd() async throws {
        try await TestLedger().serving { service in
            let (client, follower) = (try service.connect(), try service.connect())
            let last = try await fill(client)
            _ = try await follower.get("/v1/events", Self.stream.merging(["Last-Event-ID": "\(last)"]) { $1 })
            _ = try await client.append(Events.area("next", id: "next"))
            _ = try await follower.text(through: "id: \(last + 1)\n")
        }
    }

    @Test("a stream with a limit ends behind that many entries")
    func limitedStream() async throws {
        try await TestLedger().serving { service in
            let client = try service.connect()
            _ = try await fill(client)
            await client.send(RawClient.bytes("GET", "/v1/events?limit=3", Self.stream))
            let stream = try await client.text(through: "0\r\n\r\n")
            #expect(stream.matches(of: /id: [0-9]+/).count == 3)
            #expect(try await client.get("/healthz").status == 200)
        }
    }

    @Test(
        "numbers that mean nothing are refused, in streams as in pages",
        arguments: [
            "limit=0", "limit=10001", "limit=99999999999999999999", "limit=-1", "limit=1.5", "limit=", "limit=%20%31",
            "after=18446744073709551615", "after=18446744073709551616", "after=-1", "after=01", "after=", "after=1e3",
        ])
    func numbers(query: String) async throws {
        try await TestLedger().serving { service in
            let client = try service.connect()
            _ = try await fill(client)
            for headers in [[:], Self.stream] {
                let response = try await client.get("/v1/events?\(query)", headers)
                #expect(response.status == 400)
                #expect(try response.problem == "malformed")
            }
        }
    }
}
