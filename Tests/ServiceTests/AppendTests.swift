import Foundation
import JSON
import Testing

@Suite("appending one event")
struct AppendTests {
    @Test("an event is answered with its sequence, hash, decisions and checkpoint")
    func appended() async throws {
        try await TestLedger().serving { service in
            let client = try service.connect()
            let response = try await client.append(Events.deposit("d-1", to: "U-ali", 1999))
            #expect(response.status == 201)
            #expect(response["content-type"] == "application/json")
            let event = try response.event()
            #expect(event["id"]?.string == "d-1")
            #expect(event["source"]?.string == "/tests")
            #expect(event["status"]?.string == "appended")
            #expect(event["hash"]?.string?.utf8.count == 44)
            let sequence = try #require(event["sequence"]?.int)
            let decision = try #require(event["decisions"]).element(0)
            #expect(decision["sequence"]?.int == sequence + 1)
            #expect(decision["type"]?.string == "transfer.posted")
            #expect(decision["agent"]?.string == "wallet")
            #expect(decision["rule"]?.string == "wallet/deposit")
            #expect(decision["because"]?.string == "PKR 19.99 arrived through bank")
            #expect(decision["data"]?["reference"]?.string == "d-1")
            let checkpoint = try #require(try response.json["checkpoint"]?.string)
            #expect(checkpoint.hasPrefix("docket.example/service\n\(sequence + 2)\n"))
        }
    }

    @Test("an event sent again is answered with 200 and what was decided the first time")
    func exists() async throws {
        try await TestLedger().serving { service in
            let client = try service.connect()
            let first = try await client.append(Events.deposit("d-1", to: "U-ali"))
            _ = try await client.append(Events.deposit("d-2", to: "U-ali"))
            let again = try await client.append(Events.deposit("d-1", to: "U-ali"))
            #expect(again.status == 200)
            let (one, two) = (try first.event(), try again.event())
            #expect(two["status"]?.string == "exists")
            #expect(one["sequence"]?.int == two["sequence"]?.int)
            #expect(one["hash"]?.string == two["hash"]?.string)
            #expect(
                try #require(one["decisions"]).withCanonicalBytes { Array($0) }
                    == #require(two["decisions"]).withCanonicalBytes { Array($0) })
            #expect(try again.json["checkpoint"]?.string != nil)
        }
    }

    @Test("the same id with other content is a conflict that names the entry")
    func conflict() async throws {
        try await TestLedger().serving { service in
            let client = try service.connect()
            let first = try await client.append(Events.deposit("d-1", to: "U-ali", 5))
            let other = try await client.append(Events.deposit("d-1", to: "U-ali", 6))
            #expect(other.status == 409)
            #expect(other["content-type"] == "application/problem+json")
            #expect(try other.problem == "conflict")
            #expect(try other.json["sequence"]?.int == first.event()["sequence"]?.int)
        }
    }

    @Test(
        "what is wrong with an event is named with its place",
        arguments: [
            (Events.event("wallet.stolen", "{}", id: "x"), 422, "unknown-type", "/type"),
            (Events.event("transfer.posted", "{}", id: "x"), 422, "decision-type", "/type"),
            (Events.event("area.registered", #"{"area":1}"#, id: "x"), 422, "invalid-event", "/data/area"),
            (Events.event("area.registered", #"{"area":"a","b":1}"#, id: "x"), 422, "invalid-event", "/data/b"),
            (Events.event("area.registered", "{}", id: "x"), 422, "invalid-event", "/data/area"),
            (
                Events.event("area.registered", #"{"area":"a"}"#, id: "x", more: #","sequence":"1""#), 422,
                "reserved-attribute", "/sequence"
            ),
            (
                #"{"specversion":"1.0","id":"0000000000000030","source":"/agents/wallet","type":"area.registered","data":{"area":"a"}}"#,
                422, "reserved-attribute", "/source"
            ),
            (
                #"{"specversion":"1.0","id":"x","source":"/clock","type":"area.registered","data":{"area":"a"}}"#, 422,
                "reserved-attribute", "/source"
            ),
            (
                #"{"specversion":"1.0","id":"x","source":"/engine","type":"area.registered","data":{"area":"a"}}"#, 422,
                "reserved-attribute", "/source"
            ),
            (Events.event("area.registered", #"{"area":"a"}"#, id: ""), 422, "invalid-event", "/id"),
            (
                Events.event("area.registered", #"{"area":"a"}"#, id: "x", time: "yesterday"), 422, "invalid-event",
                "/time"
            ),
            (#"{"specversion":"1.0"}"#, 422, "invalid-event", "/type"),
            ("[]", 400, "malformed", ""),
            (#"{"a":1,"a":2}"#, 400, "malformed", "/a"),
            (#"{"a":"#, 400, "malformed", "/a"),
            (#"{"a":1e17}"#, 400, "malformed", "/a"),
        ])
    func refused(event: String, status: Int, kind: String, pointer: String) async throws {
        try await TestLedger().serving { service in
            let client = try service.connect()
            let response = try await client.append(event)
            #expect(response.status == status)
            #expect(try response.problem == kind)
            #expect(try response.json["pointer"]?.string == pointer)
            #expect(try response.json["status"]?.int == Int64(status))
            #expect(try response.json["title"]?.string?.isEmpty == false)
            #expect(try await client.get("/v1/checkpoint").status == 404)
        }
    }

    @Test("an event of a megabyte is too large for an entry")
    func largeEvent() async throws {
        try await TestLedger().serving { service in
            let client = try service.connect()
            let long = String(repeating: "a", count: 1 << 20)
            let response = try await client.append(Events.area(long, id: "x"))
            #expect(response.status == 422 || response.status == 413)
        }
    }

    @Test("the expected sequence of the subject guards against lost updates")
    func expectedSequence() async throws {
        try await TestLedger().serving { service in
            let client = try service.connect()
            let header = "Docket-Expected-Sequence"
            let first = try await client.append(Events.area("lahore", id: "a-1"), [header: "none"])
            #expect(first.status == 201)
            let sequence = try #require(try first.event()["sequence"]?.int)
            let missed = try await client.append(Events.area("lahore", id: "a-2"), [header: "none"])
            #expect(missed.status == 409)
            #expect(try missed.problem == "unexpected-sequence")
            #expect(try missed.json["sequence"]?.int == sequence)
            let met = try await client.append(Events.area("lahore", id: "a-2"), [header: String(sequence)])
            #expect(met.status == 201)
            let unclear = try await client.append(Events.area("lahore", id: "a-3"), [header: "latest"])
            #expect(unclear.status == 400)
        }
    }

    @Test("the first event on the events' clock must carry its time")
    func noTime() async throws {
        try await TestLedger().serving { service in
            let client = try service.connect()
            let response = try await client.append(Events.area("lahore", id: "a-1", time: nil))
            #expect(response.status == 422)
            #expect(try response.problem == "clock")
        }
    }
}

@Suite("hints for misspelt names")
struct HintTests {
    @Test("the first misspelt names of a request get a hint, thousands do not")
    func few() async throws {
        try await TestLedger().serving { service in
            let events = (0..<100).map { Events.event("area.registred", "{}", id: "\($0)") }
            let response = try await service.connect().append(batch: events)
            #expect(response.status == 200)
            #expect(response.text.matches(of: /did you mean `area\.registered`/).count == 8)
            #expect(response.text.matches(of: /unknown event type `area\.registred`/).count == 100)
        }
    }

    @Test("a name too long to be a misspelt one is neither compared nor repeated whole")
    func long() async throws {
        try await TestLedger().serving { service in
            let client = try service.connect()
            let name = String(repeating: "area.registered", count: 50_000)
            for event in [
                Events.event(name, "{}", id: "1"), Events.event("area.registered", #"{"\#(name)":1}"#, id: "2"),
                Events.event("area.registered", #"{"area":"a"}"#, id: "3", more: #","\#(name)":1"#),
            ] {
                let response = try await client.append(event)
                #expect(response.status == 422)
                #expect(!response.text.contains("did you mean"))
                #expect(response.body.count < 2000)
            }
        }
    }

    @Test("an event with 300,000 unknown members is refused as quickly as it is read")
    func wide() async throws {
        try await TestLedger().serving { service in
            let client = try service.connect()
            let members = (0..<300_000).map { #""are\#($0)":1"# }.joined(separator: ",")
            func seconds(_ event: String) async throws -> Double {
                let start = ContinuousClock.now
                let response = try await client.append(event)
                #expect(response.status == 422)
                #expect(response.body.count < 2000)
                return (ContinuousClock.now - start) / .seconds(1)
            }
            // The same size of data under a name that needs no search at all.
            let read = try await seconds(Events.event("no.such.type.at.all", "{\(members)}", id: "1"))
            let refused = try await seconds(Events.event("area.registered", "{\(members)}", id: "2"))
            #expect(refused < 2 * read + 1)
        }
    }

    @Test("thousands of misspelt events hold nobody up")
    func load() async throws {
        try await TestLedger().serving { service in
            let batch = (0..<2500).map { Events.event("wallet.payment.reqested", "{}", id: "\($0)") }
            let slowest = try await withThrowingTaskGroup(of: Double.self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        _ = try await service.connect().append(batch: batch)
                        return 0
                    }
                }
                group.addTask {
                    let client = try service.connect()
                    var slowest = 0.0
                    for _ in 0..<20 {
                        let start = ContinuousClock.now
                        #expect(try await client.get("/healthz").status == 200)
                        slowest = max(slowest, (ContinuousClock.now - start) / .seconds(1))
                        try await Task.sleep(for: .milliseconds(20))
                    }
                    return slowest
                }
                return try await group.reduce(0, max)
            }
            // Debug, beside other tests: a hint for each would take many times as long.
            #expect(slowest < 4)
        }
    }
}
