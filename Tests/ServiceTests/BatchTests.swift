import JSON
import Testing

@Suite("appending a batch")
struct BatchTests {
    @Test("every event of a batch is answered in order")
    func batch() async throws {
        try await TestLedger().serving { service in
            let client = try service.connect()
            let response = try await client.append(batch: (0..<50).map { Events.deposit("d-\($0)", to: "U-\($0)") })
            #expect(response.status == 201)
            let events = try #require(try response.json["events"])
            #expect(events.count == 50)
            var last: Int64 = -1
            for (index, event) in events.children.enumerated() {
                #expect(event["id"]?.string == "d-\(index)")
                #expect(event["status"]?.string == "appended")
                let sequence = try #require(event["sequence"]?.int)
                #expect(sequence > last)
                last = sequence
            }
        }
    }

    @Test("a batch with a refused event is answered with 200 and the problem in its place")
    func someRefused() async throws {
        try await TestLedger().serving { service in
            let client = try service.connect()
            let response = try await client.append(batch: [
                Events.area("a", id: "a-1"), Events.event("area.registered", "{}", id: "a-2"),
                Events.area("c", id: "a-3"),
            ])
            #expect(response.status == 200)
            #expect(try response.event(0)["status"]?.string == "appended")
            let refused = try response.event(1)
            #expect(refused["status"]?.string == "refused")
            #expect(refused["id"]?.string == "a-2")
            #expect(refused["problem"]?["status"]?.int == 422)
            #expect(refused["problem"]?["pointer"]?.string == "/data/area")
            #expect(refused["sequence"] == nil)
            #expect(try response.event(2)["status"]?.string == "appended")
        }
    }

    @Test("an atomic batch with a refused event leaves nothing")
    func atomicRefused() async throws {
        try await TestLedger().serving { service in
            let client = try service.connect()
            _ = try await client.append(Events.area("z", id: "a-0"))
            let before = try await client.get("/v1/checkpoint").text
            let response = try await client.append(
                batch: [Events.area("a", id: "a-1"), Events.area("other", id: "a-0")], query: "?atomic=true")
            #expect(response.status == 409)
            #expect(response["content-type"] == "application/json")
            #expect(try response.event(0)["problem"]?["type"]?.string == "urn:docket:problem:atomic")
            #expect(try response.event(1)["problem"]?["type"]?.string == "urn:docket:problem:conflict")
            #expect(try response.json["checkpoint"] == nil)
            #expect(try await client.get("/v1/checkpoint").text == before)
        }
    }

    @Test(
        "a refused atomic batch has the status of the first event refused for its own sake, as a dry run and in earnest",
        arguments: [
            ([Events.area("a", id: "1"), Events.area("b", id: "1")], 409),
            ([Events.area("a", id: "1"), Events.area("b", id: "2", time: "2034-03-01T00:00:00Z")], 422),
            ([Events.area("a", id: "1"), Events.event("no.such", "{}", id: "2"), Events.area("b", id: "1")], 422),
            ([Events.area("a", id: "1"), Events.area("b", id: "1"), Events.event("no.such", "{}", id: "2")], 409),
            (
                [
                    Events.area("a", id: "1", note: String(repeating: "x", count: 70_000)), Events.area("b", id: "2"),
                ], 413
            ),
            ([Events.area("a", id: "1"), "7"], 400),
        ])
    func atomicStatus(_ events: [String], _ status: Int) async throws {
        try await TestLedger().serving { service in
            let client = try service.connect()
            _ = try await client.append(Events.area("z", id: "0"))
            let before = try await client.get("/v1/checkpoint").text
            for query in ["?atomic=true&dryRun=true", "?atomic=true"] {
                let response = try await client.append(batch: events, query: query)
                #expect(response.status == status)
                let answers = try #require(try response.json["events"])
                #expect(answers.count == events.count)
                for answer in answers.children { #expect(answer["status"]?.string == "refused") }
                let own = answers.children.first { $0["problem"]?["type"]?.string != "urn:docket:problem:atomic" }
                #expect(own?["problem"]?["status"]?.int == Int64(status))
            }
            #expect(try await client.get("/v1/checkpoint").text == before)
            #expect(try await client.append(batch: events).status == 200)
        }
    }

    @Test(
        "an expectation is about the subject before the request, for each of its events",
        arguments: ["", "?atomic=true"])
    func expected(_ query: String) async throws {
        try await TestLedger().serving { service in
            let client = try service.connect()
            func send(_ expected: String, _ ids: [String]) async throws -> (Int, [String?]) {
                let events = ids.map { Events.area("S", id: $0) }.joined(separator: ",")
                let response = try await client.request(
                    "POST", "/v1/events" + query,
                    ["Content-Type": "application/cloudevents-batch+json", "Docket-Expected-Sequence": expected],
                    body: "[" + events + "]")
                return (response.status, try response.json["events"]?.children.map { $0["status"]?.string } ?? [])
            }
            #expect(try await send("none", ["e1", "e2", "e3"]) == (201, ["appended", "appended", "appended"]))
            #expect(try await send("none", ["e1", "e2", "e3"]) == (200, ["exists", "exists", "exists"]))
            let refused = try await send("none", ["e4", "e5"])
            #expect(refused == (query.isEmpty ? 200 : 409, ["refused", "refused"]))
            let known = try await client.append(Events.area("S", id: "e3"))
            let last = try #require(try known.event()["sequence"]?.int)
            #expect(try await send("\(last)", ["e4", "e3", "e5"]) == (201, ["appended", "exists", "appended"]))
            #expect(try await send("\(last)", ["e5", "e4"]) == (200, ["exists", "exists"]))
        }
    }

    @Test("an atomic batch lies in one commit")
    func atomic() async throws {
        try await TestLedger().serving { service in
            let client = try service.connect()
            let response = try await client.append(
                batch: (0..<20).map { Events.area("area-\($0)", id: "a-\($0)") }, query: "?atomic=true")
            #expect(response.status == 201)
            let last = try #require(try response.event(19)["sequence"]?.int)
            #expect(try response.json["checkpoint"]?.string?.hasPrefix("docket.example/service\n\(last + 1)\n") == true)
        }
    }

    @Test("an empty batch is answered with an empty list")
    func empty() async throws {
        try await TestLedger().serving { service in
            let response = try await service.connect().append(batch: [])
            #expect(response.status == 200)
            #expect(response.text == #"{"events":[]}"#)
        }
    }

    @Test("a batch of more than 10,000 events is too large")
    func tooMany() async throws {
        try await TestLedger().serving { service in
            let response = try await service.connect().append(batch: Array(repeating: "{}", count: 10_001))
            #expect(response.status == 413)
            #expect(try response.problem == "too-large")
        }
    }

    @Test("a batch that is no array, and a structured event that is one, are malformed")
    func wrongShape() async throws {
        try await TestLedger().serving { service in
            let client = try service.connect()
            let object = try await client.request(
                "POST", "/v1/events", ["Content-Type": "application/cloudevents-batch+json"], body: "{}")
            #expect(object.status == 400)
            #expect(try await client.append("[]").status == 400)
        }
    }

    @Test("a dry run shows what would be decided and leaves no trace")
    func dryRun() async throws {
        try await TestLedger().serving { service in
            let client = try service.connect()
            _ = try await client.append(Events.deposit("d-1", to: "U-ali", 100))
            let before = try await client.get("/v1/checkpoint").text
            let dry = try await client.append(
                Events.payment("p-1", 40, from: "U-ali", to: "U-sana", time: "2024-03-01T00:00:00Z"),
                query: "?dryRun=true")
            #expect(dry.status == 200)
            let event = try dry.event()
            #expect(event["hash"] == nil)
            #expect(try dry.json["checkpoint"] == nil)
            #expect(event["decisions"]?.element(0)["type"]?.string == "transfer.posted")
            let tentative = try #require(event["sequence"]?.int)
            #expect(try await client.get("/v1/checkpoint").text == before)
            #expect(try await client.get("/v1/accounts/wallet%2FU-sana%2FPKR").status == 404)
            let kept = try await client.append(Events.payment("p-1", 40, from: "U-ali", to: "U-sana", time: nil))
            #expect(kept.status == 201)
            #expect(try #require(kept.event()["sequence"]?.int) <= tentative)
            let entry = try await client.get("/v1/events/\(try #require(kept.event()["sequence"]?.int))")
            #expect(try entry.json["recordedtime"]?.string == "2024-02-15T09:00:00.000Z")
        }
    }
}
