import AgentKit
import JSON
import Testing

@testable import Service

@Suite("reading")
struct ReadTests {
    @Test("entries are read in pages that say where the next begins")
    func pages() async throws {
        try await TestLedger().serving { service in
            let client = try service.connect()
            _ = try await client.append(batch: (0..<30).map { Events.area("a-\($0)", id: "\($0)") })
            var seen: [Int] = []
            var after: String?
            repeat {
                let page = try await client.get("/v1/events?limit=7" + (after.map { "&after=\($0)" } ?? ""))
                #expect(page.status == 200)
                #expect(page["content-type"] == "application/x-ndjson")
                #expect(page.lines.count <= 7)
                for line in page.lines {
                    seen.append(Int(try Document.parse(line).root["sequence"]?.string ?? "") ?? -1)
                }
                after = page["docket-next-after"]
            } while after != nil
            #expect(seen == Array(0..<seen.count))
            #expect(seen.count > 30)
        }
    }

    @Test("entries are found by type, subject and correlation")
    func filters() async throws {
        try await TestLedger().serving { service in
            let client = try service.connect()
            _ = try await client.append(batch: (0..<5).map { Events.area("a-\($0)", id: "\($0)") })
            let deposit = try await client.append(Events.deposit("d-1", to: "U-ali"))
            let sequence = try #require(try deposit.event()["sequence"]?.int)
            #expect(try await client.get("/v1/events?type=area.registered").lines.count == 5)
            #expect(try await client.get("/v1/events?type=area.registered&subject=a-3").lines.count == 1)
            #expect(try await client.get("/v1/events?subject=nobody").lines.isEmpty)
            let padded = EntrySequence(UInt64(sequence)).padded
            let cascade = try await client.get("/v1/events?correlation=\(padded)")
            #expect(cascade.lines.count == 2)
        }
    }

    @Test(
        "parameters that mean nothing are refused",
        arguments: [
            "/v1/events?limit=0", "/v1/events?limit=10001", "/v1/events?limit=x", "/v1/events?after=-1",
            "/v1/events?after=01", "/v1/events?typ=x", "/v1/events?type=a&type=b", "/v1/events?type=%zz",
            "/v1/accounts/a%2Fb%2FPKR?at=never", "/v1/checkpoint?x=1", "/v1/consistency", "/v1/consistency?from=1",
            "/v1/consistency?from=2&to=1", "/v1/consistency?from=x&to=1", "/v1/consistency?from=1&to=2&x=1",
        ])
    func wrongParameters(target: String) async throws {
        try await TestLedger().serving { service in
            let response = try await service.connect().get(target)
            #expect(response.status == 400)
            #expect(try response.problem == "malformed")
        }
    }

    @Test(
        "what does not exist is not found, and other methods are not allowed",
        arguments: [
            ("GET", "/", 404), ("GET", "/v1", 404), ("GET", "/v1/nothing", 404), ("GET", "/v1/events/7", 404),
            ("GET", "/v1/events/x", 404), ("GET", "/v1/events/7/receipt", 404), ("GET", "/v1/checkpoint", 404),
            ("GET", "/v1/projections/orders/none", 404), ("GET", "/v1/projections/nothing/none", 404),
            ("GET", "/v1/projections/subjects/none", 404), ("GET", "/v1/accounts/wallet%2Fx%2FPKR", 404),
            ("GET", "/v1/consistency?from=1&to=2", 404), ("GET", "/v1/consistency?from=0&to=0", 404),
            ("DELETE", "/v1/events", 405), ("POST", "/v1/checkpoint", 405), ("PUT", "/healthz", 405),
        ])
    func nothingThere(method: String, target: String, status: Int) async throws {
        try await TestLedger().serving { service in
            let response = try await service.connect().request(method, target)
            #expect(response.status == status)
            #expect(response["content-type"] == "application/problem+json")
            if status == 405 { #expect(response["allow"]?.isEmpty == false) }
        }
    }

    @Test("a receipt and a checkpoint are given as notes")
    func proofs() async throws {
        try await TestLedger().serving { service in
            let client = try service.connect()
            _ = try await client.append(Events.area("a", id: "x"))
            let receipt = try await client.get("/v1/events/0/receipt")
            #expect(receipt.status == 200)
            #expect(receipt.text.hasPrefix("c2sp.org/tlog-proof@v1\n"))
            let checkpoint = try await client.get("/v1/checkpoint")
            #expect(checkpoint.text.hasPrefix("docket.example/service\n"))
            #expect(receipt.text.hasSuffix(checkpoint.text))
            let size = try #require(checkpoint.text.split(separator: "\n").dropFirst().first)
            let same = try await client.get("/v1/consistency?from=\(size)&to=\(size)")
            #expect(same.status == 200)
            #expect(same.text == "old \(size)\n\n" + checkpoint.text)
            _ = try await client.append(Events.area("b", id: "y"))
            let later = try await client.get("/v1/checkpoint").text
            let next = try #require(later.split(separator: "\n").dropFirst().first)
            let proof = try await client.get("/v1/consistency?from=\(size)&to=\(next)")
            #expect(proof.text.hasPrefix("old \(size)\n"))
            #expect(proof.text.hasSuffix("\n\n" + later))
        }
    }

    @Test("a record is read as it is now, after an entry, and at a time")
    func records() async throws {
        try await TestLedger().serving { service in
            let client = try service.connect()
            let first = try await client.append(Events.deposit("d-1", to: "U-ali", 100))
            let after = try #require(try first.event()["sequence"]?.int) + 1
            _ = try await client.append(Events.deposit("d-2", to: "U-ali", 11, time: "2024-02-15T10:00:00Z"))
            let path = "/v1/accounts/wallet%2FU-ali%2FPKR"
            let now = try await client.get(path)
            #expect(now.status == 200)
            #expect(try now.json["balance"]?.int == 111)
            #expect(try now.json["id"]?.string == "wallet/U-ali/PKR")
            #expect(try now.json["currency"]?.string == "PKR")
            let entry = try await client.get(path + "?at=\(after)")
            #expect(try entry.json["balance"]?.int == 100)
            #expect(entry["docket-sequence"] == String(after))
            #expect(try await client.get(path + "?at=2024-02-15T09:59:59Z").json["balance"]?.int == 100)
            #expect(try await client.get(path + "?at=2024-02-15T15:00:00+05:00").json["balance"]?.int == 111)
            #expect(try await client.get(path + "?at=0").status == 404)
            let row = try await client.get("/v1/projections/accounts/wallet%2FU-ali%2FPKR")
            #expect(try row.json["creditsPosted"]?.int == 111)
        }
    }

    @Test("a moment that has not come, or was before the ledger, is not found")
    func otherMoments() async throws {
        try await TestLedger().serving { service in
            let client = try service.connect()
            _ = try await client.append(Events.deposit("d-1", to: "U-ali", 100))
            let path = "/v1/accounts/wallet%2FU-ali%2FPKR"
            #expect(try await client.get(path + "?at=1000000").status == 404)
            #expect(try await client.get(path + "?at=2020-01-01T00:00:00Z").status == 404)
            #expect(try await client.get("/v1/projections/nothing/x?at=0").status == 404)
        }
    }

    @Test("a decision is explained, as JSON and as text")
    func explanation() async throws {
        try await TestLedger().serving { service in
            let client = try service.connect()
            let response = try await client.append(Events.deposit("d-1", to: "U-ali", 1999))
            let decision = try #require(try response.event()["sequence"]?.int) + 1
            let explained = try await client.get("/v1/events/\(decision)/explanation")
            #expect(explained.status == 200)
            #expect(try explained.json["because"]?.string == "PKR 19.99 arrived through bank")
            #expect(try explained.json["recomputed"]?.bool == true)
            let text = try await client.get("/v1/events/\(decision)/explanation", ["Accept": "text/plain"])
            #expect(text["content-type"] == "text/plain; charset=utf-8")
            #expect(text.text.contains("PKR 19.99"))
            #expect(!text.text.contains("The rule as written"))
            let verbose = try await client.get(
                "/v1/events/\(decision)/explanation?verbose=true", ["Accept": "text/plain"])
            #expect(verbose.text.contains("The rule as written (wallet.yaml"))
            #expect(try await client.get("/v1/events/1000/explanation").status == 404)
        }
    }

    @Test("a decision is set beside what a rule set of the log makes of it")
    func explanationUnderRules() async throws {
        try await TestLedger().serving { service in
            let client = try service.connect()
            let response = try await client.append(Events.deposit("d-1", to: "U-ali", 1999))
            let decision = try #require(try response.event()["sequence"]?.int) + 1
            let entry = try await client.get("/v1/events/\(decision)")
            let digest = try #require(try entry.json["ruleset"]?.string)
            for rules in ["active", String(digest.prefix(10)), digest] {
                let explained = try await client.get("/v1/events/\(decision)/explanation?rules=\(rules)")
                #expect(explained.status == 200)
                #expect(try explained.json["underRules"]?["same"]?.bool == true)
                #expect(try explained.json["underRules"]?["digest"]?.string == digest)
            }
            let unknown = try await client.get("/v1/events/\(decision)/explanation?rules=ffffffff")
            #expect(unknown.status == 404)
            #expect(unknown.text.contains("GET /v1/rulesets"))
            #expect(try await client.get("/v1/events/\(decision)/explanation?rule=active").status == 400)
        }
    }

    @Test("the transfers behind an account are its entries alone")
    func transfers() async throws {
        try await TestLedger().serving { service in
            let client = try service.connect()
            _ = try await client.append(batch: [
                Events.deposit("d-1", to: "U-ali", 100), Events.deposit("d-2", to: "U-sana", 100),
                Events.payment("p-1", 40, from: "U-ali", to: "U-sana"),
            ])
            let ali = try await client.get("/v1/accounts/wallet%2FU-ali%2FPKR/transfers")
            #expect(ali.lines.count == 2)
            #expect(
                ali.lines.allSatisfy { $0.contains(#""type":"transfer.posted""#) && $0.contains("wallet/U-ali/PKR") })
            #expect(try await client.get("/v1/accounts/wallet%2FU-none%2FPKR/transfers").status == 404)
        }
    }

    @Test("a service that runs is healthy and ready")
    func ready() async throws {
        try await TestLedger().serving { service in
            let client = try service.connect()
            #expect(try await client.get("/healthz").text == #"{"status":"ok"}"#)
            #expect(try await client.get("/readyz").json["status"]?.string == "ready")
        }
    }
}

@Suite("small parts")
struct EntryFieldsTests {
    private func members(_ text: String) -> [String] {
        Array(text.utf8).withUnsafeBytes { bytes in
            var fields = EntryFields(bytes)
            var found: [String] = []
            while let member = fields.next() {
                found.append(
                    String(decoding: member.name, as: UTF8.self) + "=" + String(decoding: member.value, as: UTF8.self))
            }
            return found
        }
    }

    @Test("the members of an entry are found as they are written")
    func found() {
        #expect(members("{}") == [])
        #expect(members(#"{"a":1}"#) == ["a=1"])
        #expect(
            members(#"{"a":"x\"}","b":{"c":["}",{}],"d":"\\"},"e":-1.5,"f":[[],{}],"g":null}"#)
                == [#"a="x\"}""#, #"b={"c":["}",{}],"d":"\\"}"#, "e=-1.5", "f=[[],{}]", "g=null"])
    }

    @Test("bytes that are no object give an end, not a crash")
    func noObject() {
        for text in ["", "{", "[]", #"{"a"#, #"{"a""#, #"{"a":"#, #"{"a":"x"#, #"{"a":{"#, #"{"a":["]"}"#, "x"] {
            _ = members(text)
        }
        #expect(members(#"{"a":1,"b":["#) == ["a=1"])
    }

    @Test("percent-encoding is decoded once, and only where it is well-formed UTF-8")
    func percent() {
        #expect(PercentEncoding.decode("a%2Fb%25%E2%82%ac".utf8) == "a/b%€")
        for text in ["%", "%2", "%zz", "%ff", "%c3"] { #expect(PercentEncoding.decode(text.utf8) == nil) }
    }

    @Test("strings are escaped as JSON, numbers written in full")
    func sink() throws {
        var sink = ByteSink(capacity: 1)
        sink.raw("[")
        sink.string("a\"b\\c\n\u{1}é")
        for number: UInt64 in [0, 9, 10, 1234567890, .max] {
            sink.raw(",")
            sink.number(number)
        }
        sink.raw("]")
        #expect(
            String(decoding: sink.bytes, as: UTF8.self)
                == #"["a\"b\\c\n\u0001é",0,9,10,1234567890,18446744073709551615]"#)
    }
}
