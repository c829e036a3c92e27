import JSON
import Testing

@Suite("the three modes of the CloudEvents HTTP binding")
struct ModeTests {
    private static let attributes = [
        "ce-specversion": "1.0", "ce-id": "a-1", "ce-source": "/tests", "ce-type": "area.registered",
        "ce-time": "2024-02-15T09:00:00Z", "ce-subject": "lahore", "Content-Type": "application/json",
    ]

    private func entry(_ send: @Sendable @escaping (RawClient) async throws -> RawResponse) async throws -> String {
        try await TestLedger().serving { service in
            let client = try service.connect()
            let response = try await send(client)
            #expect(response.status == 201)
            let sequence = try #require(try response.event()["sequence"]?.int)
            let entry = try await client.get("/v1/events/\(sequence)")
            // The key is another one in each ledger, so what follows from it differs.
            return try #require(entry.text.split(separator: #""previoushash":"#).first).description
        }
    }

    @Test("structured, batch, binary and plain JSON record the same entry")
    func equal() async throws {
        let event = Events.area("lahore", id: "a-1")
        let structured = try await entry { try await $0.append(event) }
        let batch = try await entry { try await $0.append(batch: [event]) }
        let binary = try await entry {
            try await $0.request("POST", "/v1/events", Self.attributes, body: #"{ "area": "lahore" }"#)
        }
        let plain = try await entry {
            try await $0.request("POST", "/v1/events", ["Content-Type": "application/json"], body: event)
        }
        let charset = try await entry {
            try await $0.request(
                "POST", "/v1/events", ["Content-Type": "Application/CloudEvents+JSON; charset=\"UTF-8\""], body: event)
        }
        #expect(structured == batch)
        #expect(structured == binary)
        #expect(structured == plain)
        #expect(structured == charset)
    }

    @Test("headers of binary mode are percent-decoded, and unquoted before")
    func decoded() async throws {
        try await TestLedger().serving { service in
            let client = try service.connect()
            var headers = Self.attributes
            headers["ce-subject"] = "Lahore%20%E2%82%AC%22"
            headers["ce-note"] = #""a \"quoted\" note""#
            let response = try await client.request("POST", "/v1/events", headers, body: #"{"area":"x"}"#)
            #expect(response.status == 201)
            let sequence = try #require(try response.event()["sequence"]?.int)
            let entry = try await client.get("/v1/events/\(sequence)").json
            #expect(entry["subject"]?.string == "Lahore €\"")
            #expect(entry["note"]?.string == "a \"quoted\" note")
        }
    }

    @Test(
        "what is wrong with a request's form is refused",
        arguments: [
            ("Content-Type", "text/plain", 415), ("Content-Type", "application/json; charset=latin1", 415),
            ("Content-Encoding", "gzip", 415), ("ce-subject", "%zz", 400), ("ce-subject", "%ff", 400),
            ("ce-data", "1", 400), ("ce-datacontenttype", "application/json", 400), ("ce-Data_", "1", 422),
        ])
    func wrong(header: String, value: String, status: Int) async throws {
        try await TestLedger().serving { service in
            let client = try service.connect()
            var headers = Self.attributes
            headers[header] = value
            let response = try await client.request("POST", "/v1/events", headers, body: #"{"area":"x"}"#)
            #expect(response.status == status)
            #expect(response["content-type"] == "application/problem+json")
        }
    }

    @Test("a request without a content type is refused")
    func noType() async throws {
        try await TestLedger().serving { service in
            let response = try await service.connect().request("POST", "/v1/events", body: "{}")
            #expect(response.status == 415)
            #expect(try response.problem == "media-type")
        }
    }

    @Test("an attribute's header given twice is refused")
    func twice() async throws {
        try await TestLedger().serving { service in
            let client = try service.connect()
            let head =
                "POST /v1/events HTTP/1.1\r\nHost: d\r\nContent-Type: application/json\r\nce-id: a\r\nce-ID: b\r\n"
            await client.send(head + "Content-Length: 2\r\n\r\n{}")
            #expect(try await client.response().status == 400)
        }
    }
}
