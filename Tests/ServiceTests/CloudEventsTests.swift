import JSON
import Testing

/// The recorded entry of an event sent to a new ledger, up to the part that depends on the ledger's key.
private func recordedEntry(
    _ send: @Sendable @escaping (RawClient) async throws -> RawResponse
) async throws -> String {
    try await TestLedger().serving { service in
        let client = try service.connect()
        let response = try await send(client)
        #expect(response.status == 201, "\(response.text)")
        let sequence = try #require(try response.event()["sequence"]?.int)
        let entry = try await client.get("/v1/events/\(sequence)")
        return try #require(entry.text.split(separator: #""previoushash":"#).first).description
    }
}

@Suite("CloudEvents as senders write them")
struct CloudEventsTests {
    private static func entry(_ event: String) async throws -> String {
        try await recordedEntry { try await $0.append(event) }
    }

    private static func event(_ more: String, data: String = #""data":{"area":"lahore"}"#) -> String {
        #"{"specversion":"1.0","id":"n-1","source":"/tests","type":"area.registered","# + more
            + #""time":"2024-02-15T09:00:00Z",\#(data)}"#
    }

    @Test(
        "what says the same is recorded the same",
        arguments: [
            event(#""subject":null,"dataschema":null,"traceparent":null,"correlationid":null,"#),
            event(#""unset":null,"another":null,"Not-A-Name":null,"sequence":null,"data_base64":null,"#),
            event(#""datacontenttype":null,"#), event(#""datacontenttype":"application/json","#),
            event(#""datacontenttype":"application/json; charset=utf-8","#),
            event(#""datacontenttype":"Application/JSON ;charset=\"UTF-8\"; profile=x","#),
            event("", data: #""data_base64":"eyJhcmVhIjoibGFob3JlIn0=""#),
            event("", data: #""data":null,"data_base64":"eyAiYXJlYSIgOiAibGFob3JlIiB9""#),
            event(
                #""datacontenttype":"application/json;charset=utf-8","#,
                data: #""data_base64":"eyJhcmVhIjoibGFob3JlIn0=""#
            ),
        ])
    func same(sent: String) async throws {
        #expect(try await Self.entry(sent) == Self.entry(Self.event("")))
    }

    @Test("an extension between `data` and `data_base64` keeps the entry in canonical order")
    func order() async throws {
        let plain = try await Self.entry(Self.event(#""data1":"x","dat":"y","#))
        let binary = try await Self.entry(
            Self.event(#""data1":"x","dat":"y","#, data: #""data_base64":"eyJhcmVhIjoibGFob3JlIn0=""#))
        #expect(plain == binary)
    }

    @Test("the same event with and without nulls is one event")
    func sentAgain() async throws {
        try await TestLedger().serving { service in
            let client = try service.connect()
            #expect(try await client.append(Self.event(#""subject":null,"#)).status == 201)
            #expect(try await client.append(Self.event("")).status == 200)
            let binary = Self.event(#""unset":null,"#, data: #""data_base64":"eyJhcmVhIjoibGFob3JlIn0=""#)
            #expect(try await client.append(binary).status == 200)
        }
    }

    @Test(
        "what only looks like it is refused, and the pointer says where",
        arguments: [
            (#"{"specversion":"1.0","id":null,"source":"/s","type":"area.registered","data":{"area":"a"}}"#, "/id"),
            (
                #"{"specversion":null,"id":"1","source":"/s","type":"area.registered","data":{"area":"a"}}"#,
                "/specversion"
            ),
            (#"{"specversion":"1.0","id":"1","source":"/s","type":null,"data":{"area":"a"}}"#, "/type"),
            (event("", data: #""data":null"#), "/data/area"),
            (event("", data: #""data":{"area":"a"},"data_base64":"eyJhcmVhIjoiYSJ9""#), "/data_base64"),
            (event("", data: #""data_base64":"eyJhcmVhIjoiYSJ9 ""#), "/data_base64"),
            (event("", data: #""data_base64":"bm90IEpTT04=""#), "/data_base64"),
            (event("", data: #""data_base64":"""#), "/data_base64"),
            (event("", data: #""data_base64":5"#), "/data_base64"),
            (event("", data: #""data_base64":"eyJhIjoxLCJhIjoyfQ==""#), "/data_base64"),
            (event("", data: #""data_base64":"W10=""#), "/data"),
            (event(#""datacontenttype":"application/json; charset=latin1","#), "/datacontenttype"),
            (event(#""datacontenttype":"application/json; charset=utf-8; charset=utf-8","#), "/datacontenttype"),
            (event(#""datacontenttype":"application/json; charset","#), "/datacontenttype"),
            (event(#""datacontenttype":"application/vnd.x+json","#), "/datacontenttype"),
            (event(#""datacontenttype":"text/plain","#), "/datacontenttype"),
            (event(#""datacontenttype":true,"#), "/datacontenttype"),
        ])
    func refused(event: String, pointer: String) async throws {
        try await TestLedger().serving { service in
            let response = try await service.connect().append(event)
            #expect(response.status == 422)
            #expect(try response.problem == "invalid-event")
            #expect(try response.json["pointer"]?.string == pointer)
        }
    }

    private static let excluded = [
        #"\u0000"#, #"\u0007"#, #"\u001b[2J"#, #"\u001f"#, #"\u007f"#, #"\u0080"#, #"\u009b"#, #"\u009f"#, #"\ufdd0"#,
        #"\ufdef"#, #"\ufffe"#, #"\uffff"#, #"\ud83f\udfff"#, #"\udbff\udffe"#, #"\n"#, #"\t"#,
    ]

    @Test("characters that CloudEvents excludes are refused in every attribute", arguments: excluded)
    func control(text: String) async throws {
        try await TestLedger().serving { service in
            let client = try service.connect()
            for name in ["id", "source", "subject", "note", "correlationid", "traceparent", "dataschema"] {
                var members = ["specversion": "1.0", "id": "1", "source": "/s", "type": "area.registered"]
                members[name] = "x" + text + "y"
                let attributes = members.map { #""\#($0.key)":"\#($0.value)","# }.joined()
                let response = try await client.append("{" + attributes + #""data":{"area":"a"}}"#)
                #expect(response.status == 422, "\(name)")
                #expect(try response.problem == "invalid-event")
                #expect(try response.json["pointer"]?.string == "/" + name)
            }
        }
    }

    @Test("other characters are taken: spaces, accents, emoji, the last of every plane that are none of those")
    func text() async throws {
        let entry = try await Self.entry(Self.event(#""note":"a b\u00a0é\ufdcf\ufffd\ud83d\ude00\udbff\udffd","#))
        #expect(entry.contains("a b\u{a0}é\u{fdcf}\u{fffd}😀\u{10fffd}"))
    }

    @Test(
        "ids are letters, digits and . _ : -",
        arguments: [("A.z_0:9-", 201), ("a@b", 422), ("@", 422), ("a b", 422), ("a/b", 422), ("é", 422), ("", 422)])
    func identifiers(id: String, status: Int) async throws {
        try await TestLedger().serving { service in
            let response = try await service.connect().append(
                Events.area(id, id: "1").replacing(#""subject":"\#(id)","#, with: ""))
            #expect(response.status == status)
        }
    }

    @Test("binary mode is taken without a content type, and with one that has parameters")
    func binaryTypes() async throws {
        try await TestLedger().serving { service in
            let client = try service.connect()
            for (number, type) in [nil, "application/json", "application/json; charset=utf-8"].enumerated() {
                var headers = [
                    "ce-specversion": "1.0", "ce-id": "b-\(number)", "ce-source": "/tests",
                    "ce-type": "area.registered",
                    "ce-time": Events.start,
                ]
                headers["Content-Type"] = type
                let response = try await client.request("POST", "/v1/events", headers, body: #"{"area":"x"}"#)
                #expect(response.status == 201)
            }
        }
    }

    @Test(
        "a content type that is not accepted is answered with those that are",
        arguments: [
            nil, "text/plain", "application/x-www-form-urlencoded", "application/cloudevents+avro", "json", ";",
        ])
    func mediaTypes(type: String?) async throws {
        try await TestLedger().serving { service in
            let headers = type.map { ["Content-Type": $0] } ?? [:]
            let response = try await service.connect().request(
                "POST", "/v1/events", headers, body: Events.area("a", id: "1"))
            #expect(response.status == 415)
            for name in ["application/cloudevents+json", "application/cloudevents-batch+json", "`ce-`"] {
                #expect(response.text.contains(name))
            }
        }
    }
}

@Suite("the three modes of the CloudEvents HTTP binding")
struct ModeTests {
    private static let attributes = [
        "ce-specversion": "1.0", "ce-id": "a-1", "ce-source": "/tests", "ce-type": "area.registered",
        "ce-time": "2024-02-15T09:00:00Z", "ce-subject": "lahore", "Content-Type": "application/json",
    ]

    @Test("structured, batch, binary and plain JSON record the same entry")
    func equal() async throws {
        let event = Events.area("lahore", id: "a-1")
        let structured = try await recordedEntry { try await $0.append(event) }
        let batch = try await recordedEntry { try await $0.append(batch: [event]) }
        let binary = try await recordedEntry {
            try await $0.request("POST", "/v1/events", Self.attributes, body: #"{ "area": "lahore" }"#)
        }
        let plain = try await recordedEntry {
            try await $0.request("POST", "/v1/events", ["Content-Type": "application/json"], body: event)
        }
        let charset = try await recordedEntry {
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
