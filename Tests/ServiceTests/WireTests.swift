import JSON
import Testing

@Suite("HTTP/1.1 as RFC 9110 and 9112 have it")
struct WireTests {
    @Test(
        "HEAD is answered as GET without the body, and the next answer is in step",
        arguments: [
            "/healthz", "/v1/events", "/v1/events/0", "/v1/events/0/receipt", "/v1/checkpoint", "/v1/rulesets",
            "/v1/events/0/explanation", "/v1/nothing", "/v1/events/999", "/v1/events?limit=0",
        ])
    func head(target: String) async throws {
        try await TestLedger().serving { service in
            let client = try service.connect()
            _ = try await client.append(Events.area("a", id: "1"))
            let get = try await client.get(target)
            await client.send(RawClient.bytes("HEAD", target) + RawClient.bytes("GET", "/healthz"))
            let head = try await client.text(through: "\r\n\r\n")
            #expect(head.hasPrefix("HTTP/1.1 \(get.status) "))
            #expect(RawResponse(head: head)["content-length"] == String(get.body.count))
            #expect(RawResponse(head: head)["content-type"] == get["content-type"])
            let next = try await client.response()
            #expect(next.status == 200)
            #expect(next.text == #"{"status":"ok"}"#)
        }
    }

    @Test("HEAD of a stream ends with its head")
    func headOfStream() async throws {
        try await TestLedger().serving { service in
            let client = try service.connect()
            await client.send(RawClient.bytes("HEAD", "/v1/events", ["Accept": "text/event-stream"]))
            #expect(try await client.text(through: "\r\n\r\n").contains("text/event-stream"))
            #expect(try await client.get("/healthz").text == #"{"status":"ok"}"#)
        }
    }

    @Test("other methods are answered with those that there are, and the connection goes on")
    func methods() async throws {
        try await TestLedger().serving { service in
            let client = try service.connect()
            for (method, target, allow) in [
                ("OPTIONS", "/healthz", "GET, HEAD"), ("PUT", "/v1/events", "GET, HEAD, POST"),
                ("TRACE", "/v1/checkpoint", "GET, HEAD"), ("PATCH", "/v1/rulesets", "GET, HEAD, POST"),
            ] {
                let response = try await client.request(method, target)
                #expect(response.status == 405)
                #expect(response["allow"] == allow)
            }
        }
    }

    @Test(
        "a request has exactly one host",
        arguments: [
            "", "Host: a\r\nHost: a\r\n", "Host: a\r\nhost: b\r\n", "Host: a\r\nX: y\r\nHOST:\r\n",
        ])
    func host(fields: String) async throws {
        try await TestLedger().serving { service in
            let client = try service.connect()
            await client.send("GET /healthz HTTP/1.1\r\n\(fields)\r\n")
            let response = try await client.response()
            #expect(response.status == 400)
            #expect(try response.problem == "malformed")
            #expect(try await client.get("/healthz").status == 200)
        }
    }

    @Test("HTTP/1.0 needs no host, and its connection is closed behind the answer")
    func old() async throws {
        try await TestLedger().serving { service in
            for fields in ["", "Connection: keep-alive\r\n"] {
                let client = try service.connect()
                await client.send("GET /healthz HTTP/1.0\r\n\(fields)\r\n")
                let response = try await client.response()
                #expect(response.status == 200)
                #expect(response["connection"] == "close")
                #expect(await client.isClosed())
            }
            let event = Events.area("a", id: "x")
            let client = try service.connect()
            await client.send(
                "POST /v1/events HTTP/1.0\r\nContent-Type: application/cloudevents+json\r\nExpect: 100-continue\r\n"
                    + "Content-Length: \(event.utf8.count)\r\n\r\n\(event)")
            #expect(try await client.response().status == 201)
        }
    }

    @Test(
        "the option `close` is understood however it is written",
        arguments: ["Close", "CLOSE", "x, close", "close , y"])
    func close(option: String) async throws {
        try await TestLedger().serving { service in
            let client = try service.connect()
            let response = try await client.get("/healthz", ["Connection": option])
            #expect(response.status == 200)
            #expect(response["connection"] == "close")
            #expect(await client.isClosed())
        }
    }

    @Test(
        "framing that can be read in two ways is refused, and the connection closed",
        arguments: [
            "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n", "Content-Length: 3\r\nContent-Length: 4\r\n",
            "Content-Length: -1\r\n", "Content-Length: 3, 3\r\n", "Content-Length: +3\r\n", "Host : d\r\n",
        ])
    func framing(fields: String) async throws {
        try await TestLedger().serving { service in
            let client = try service.connect()
            await client.send("POST /v1/events HTTP/1.1\r\nHost: d\r\n\(fields)\r\n0\r\n\r\n")
            #expect(try await client.response().status == 400)
            #expect(await client.isClosed())
            #expect(try await service.connect().get("/v1/checkpoint").status == 404)
        }
    }

    @Test("a transfer coding that is not understood is refused")
    func coding() async throws {
        try await TestLedger().serving { service in
            let client = try service.connect()
            await client.send(
                "POST /v1/events HTTP/1.1\r\nHost: d\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n")
            let response = try await client.response()
            #expect(response.status == 501)
            #expect(try response.problem == "not-implemented")
        }
    }

    @Test("a target in absolute form is its path")
    func absoluteForm() async throws {
        try await TestLedger().serving { service in
            let client = try service.connect()
            _ = try await client.append(batch: (0..<3).map { Events.area("a", id: "\($0)") })
            #expect(try await client.get("http://docket/healthz").status == 200)
            let page = try await client.get("http://docket/v1/events?type=area.registered&limit=2")
            #expect(page.lines.count == 2)
        }
    }

    @Test("an offer to switch protocols is not taken up, and the connection closed behind the answer")
    func upgrade() async throws {
        try await TestLedger().serving { service in
            let offer = [
                "Connection": "Upgrade, HTTP2-Settings", "Upgrade": "h2c", "HTTP2-Settings": "AAMAAABkAARAAAAAAAIAAAAA",
            ]
            let client = try service.connect()
            let response = try await client.get("/healthz", offer)
            #expect(response.status == 200)
            #expect(response["connection"] == "close")
            #expect(await client.isClosed())
        }
    }

    @Test("a client that asks in advance while another answer is under way gets no interim one into it")
    func pipelinedExpectation() async throws {
        try await TestLedger().serving { service in
            let client = try service.connect()
            let event = Events.area("a", id: "x")
            await client.send(
                String(repeating: "GET /healthz HTTP/1.1\r\nHost: d\r\n\r\n", count: 20)
                    + "POST /v1/events HTTP/1.1\r\nHost: d\r\nContent-Type: application/cloudevents+json\r\n"
                    + "Expect: 100-continue\r\nContent-Length: \(event.utf8.count)\r\n\r\n\(event)")
            for _ in 0..<20 { #expect(try await client.response().text == #"{"status":"ok"}"#) }
            var last = try await client.response()
            if last.status == 100 { last = try await client.response() }
            #expect(last.status == 201)
        }
    }

    @Test(
        "a slash that is encoded is part of a word, and one too many makes another call",
        arguments: [
            "/healthz/", "//healthz", "/healthz%2F", "/v1/events/", "/v1//events", "/v1/checkpoint/", "/%76%31/no",
        ])
    func slashes(target: String) async throws {
        try await TestLedger().serving { service in
            let client = try service.connect()
            #expect(try await client.get(target).status == 404)
        }
    }
}
