import JSON
import TestSupport
import Testing

@testable import Service

@Suite("simulating over HTTP", .ownThreads)
struct SimulationCallTests {
    private static let json = ["Content-Type": "application/json"]

    /// Ten deposits, and a service that has them.
    private func serving(_ body: @escaping @Sendable (RawClient) async throws -> Void) async throws {
        try await TestLedger().serving { service in
            let client = try service.connect()
            for number in 1...10 { _ = try await client.append(Events.deposit("d-\(number)", to: "U-ali")) }
            try await body(client)
        }
    }

    /// The answer once a simulation is no longer running.
    private static func ended(_ address: String, _ client: RawClient) async throws -> View {
        for _ in 0..<600 {
            let answer = try await client.get(address).json
            if answer["status"]?.isString("running") != true { return answer }
            try await Task.sleep(for: .milliseconds(50))
        }
        Issue.record("\(address) runs for half a minute")
        return try await client.get(address).json
    }

    private static func start(_ body: String, _ client: RawClient) async throws -> RawResponse {
        try await client.request("POST", "/v1/simulations", json, body: body)
    }

    /// The number of the entry of the nth deposit.
    private static func deposit(_ index: Int, _ client: RawClient) async throws -> Int64 {
        let lines = try await client.get("/v1/events?type=wallet.deposited").lines
        let entry = try Document.parse(lines[index]).root
        return try #require(Int64(entry["sequence"]?.string ?? ""))
    }

    @Test("a simulation without a trigger says what is lost, at the address that it was given")
    func without() async throws {
        try await serving { client in
            let sequence = try await Self.deposit(3, client)
            let size = try await client.get("/v1/events?limit=10000").lines.count
            let started = try await Self.start(#"{"without":[\#(sequence)]}"#, client)
            #expect(started.status == 202)
            let address = try #require(started["location"])
            #expect(try started.json["of"]?.int == Int64(size))
            let answer = try await Self.ended(address, client)
            #expect(answer["status"]?.string == "done", "\(answer["failure"]?.string ?? "")")
            let report = try #require(answer["report"])
            #expect(report["lost"]?.int == 1 && report["gained"]?.int == 0 && report["changed"]?.int == 0)
            #expect(report["accounts"]?.count == 2)
            #expect(try await client.get("/v1/events?limit=10000").lines.count == size, "it appended something")
        }
    }

    @Test("other rules, other beginnings and added events are taken, and what is derived the same loses nothing")
    func others() async throws {
        try await serving { client in
            let digest = try #require(try await client.get("/v1/rulesets").json["active"]?.string)
            let sequence = try await Self.deposit(5, client)
            let event = Events.deposit("d-added", to: "U-ali")
            for (body, gained) in [
                (#"{"digest":"\#(digest)"}"#, 0), (#"{"from":\#(sequence)}"#, 0),
                (#"{"with":[{"before":\#(sequence),"events":[\#(event)]}]}"#, 1),
            ] {
                let started = try await Self.start(body, client)
                let answer = try await Self.ended(try #require(started["location"]), client)
                let report = try #require(answer["report"], "\(answer["failure"]?.string ?? "")")
                #expect(report["lost"]?.int == 0 && report["gained"]?.int == Int64(gained), "\(body)")
            }
        }
    }

    @Test("there is one at a time: the second is told to come again, and one that is ended makes room")
    func oneAtATime() async throws {
        try await serving { client in
            let sequence = try await Self.deposit(0, client)
            var (refused, addresses) = ([RawResponse](), Set<String>())
            // Some of these come while one before them runs.
            for _ in 0..<20 {
                let answer = try await Self.start(#"{"without":[\#(sequence)]}"#, client)
                if answer.status != 202 { refused.append(answer) }
                if answer.status == 202 { addresses.insert(try #require(answer["location"])) }
            }
            try #require(!addresses.isEmpty && !refused.isEmpty)
            for answer in refused {
                #expect(answer.status == 429 && answer["retry-after"] != nil)
                #expect(try answer.problem == "too-many-requests")
            }
            let last = try #require(addresses.max { ($0.utf8.count, $0) < ($1.utf8.count, $1) })
            #expect(try await client.request("DELETE", last).status == 200)
            #expect(try await client.get(last).status == 404)
            // The next may have to wait for its thread.
            var status = 0
            for _ in 0..<600 where status != 202 {
                status = try await Self.start(#"{"without":[\#(sequence)]}"#, client).status
                if status != 202 { try await Task.sleep(for: .milliseconds(50)) }
            }
            #expect(status == 202)
        }
    }

    @Test("rules in error and sequences of nothing fail, and say why")
    func failing() async throws {
        try await serving { client in
            for (body, why) in [
                (#"{"files":{"wallet.yaml":"agent: walet"}}"#, "wallet.yaml"), (#"{"without":[999999]}"#, "999999"),
            ] {
                let started = try await Self.start(body, client)
                let answer = try await Self.ended(try #require(started["location"]), client)
                #expect(answer["status"]?.string == "failed" && answer["report"] == nil)
                #expect(answer["failure"]?.string?.contains(why) == true, "\(answer["failure"]?.string ?? "")")
            }
        }
    }

    @Test(
        "a request that says nothing, or what cannot be read, is refused at once",
        arguments: [
            ("{}", 400), ("[]", 400), ("{", 400), (#"{"witout":[1]}"#, 400), (#"{"without":[-1]}"#, 400),
            (#"{"without":1}"#, 400), (#"{"from":"yesterday"}"#, 400), (#"{"from":-1}"#, 400),
            (#"{"with":[{"before":1,"events":[]}]}"#, 400), (#"{"with":[{"before":1,"events":[1]}]}"#, 400),
            (#"{"with":[{"events":[{}]}]}"#, 400), (#"{"files":{"a.yaml":1}}"#, 400), (#"{"digest":"none"}"#, 404),
            (#"{"digest":"a","files":{"a.yaml":"b"}}"#, 400),
        ])
    func refused(body: String, status: Int) async throws {
        try await TestLedger().serving { service in
            let client = try service.connect()
            let answer = try await Self.start(body, client)
            #expect(answer.status == status, "\(answer.text)")
            #expect(answer["content-type"] == "application/problem+json")
            #expect(try await client.get("/v1/simulations/1").status == 404)
        }
    }

    @Test(
        "other methods, and simulations that there are not",
        arguments: [("GET", "", 405), ("PUT", "/1", 405), ("GET", "/1", 404), ("DELETE", "/x", 404)])
    func others(method: String, path: String, status: Int) async throws {
        try await TestLedger().serving { service in
            let answer = try await service.connect().request(method, "/v1/simulations" + path)
            #expect(answer.status == status)
        }
    }

    @Test("a service with a simulation that runs stops at once")
    func stopping() async throws {
        try await serving { client in
            let sequence = try await Self.deposit(0, client)
            _ = try await Self.start(#"{"without":[\#(sequence)]}"#, client)
        }
    }
}
