import HTTPTypes
import JSON
import NIOCore
import NIOEmbedded
import NIOHTTPTypes
import Testing

@testable import Service

@Suite("connections")
struct ConnectionTests {
    @Test("pipelined requests are answered in order")
    func pipelined() async throws {
        try await TestLedger().serving { service in
            let client = try service.connect()
            var bytes: [UInt8] = []
            for number in 0..<20 {
                bytes += RawClient.bytes(
                    "POST", "/v1/events", ["Content-Type": "application/cloudevents+json"],
                    body: Array(Events.area("a-\(number)", id: "\(number)").utf8))
            }
            await client.send(bytes)
            for number in 0..<20 {
                #expect(try await client.response().event()["id"]?.string == "\(number)")
            }
        }
    }

    @Test("a request that comes byte by byte is answered, and holds up nobody meanwhile")
    func slow() async throws {
        try await TestLedger().serving { service in
            let (slow, quick) = (try service.connect(), try service.connect())
            let bytes = RawClient.bytes(
                "POST", "/v1/events", ["Content-Type": "application/cloudevents+json"],
                body: Array(Events.area("a", id: "slow").utf8))
            for (number, byte) in bytes.enumerated() {
                await slow.send([byte])
                if number == bytes.count / 2 {
                    #expect(try await quick.append(Events.area("b", id: "quick")).status == 201)
                }
            }
            #expect(try await slow.response().status == 201)
        }
    }

    @Test("a client that stops sending after its request still reads the answer")
    func halfOpen() async throws {
        try await TestLedger().serving { service in
            let client = try service.connect()
            await client.send(
                RawClient.bytes(
                    "POST", "/v1/events", ["Content-Type": "application/cloudevents+json"],
                    body: Array(Events.area("a", id: "x").utf8)))
            client.finishSending()
            #expect(try await client.response().status == 201)
            #expect(await client.isClosed())
        }
    }

    @Test("a request that is cut off appends nothing")
    func cutOff() async throws {
        try await TestLedger().serving { service in
            let client = try service.connect()
            let batch = "[\(Events.area("a", id: "x"))]"
            await client.send(
                "POST /v1/events HTTP/1.1\r\nHost: d\r\nContent-Type: application/cloudevents-batch+json\r\n"
                    + "Content-Length: \(batch.utf8.count + 1)\r\n\r\n" + batch)
            client.finishSending()
            _ = try? await client.response()
            let other = try service.connect()
            #expect(try await other.get("/v1/checkpoint").status == 404)
        }
    }

    @Test("a chunked request that is cut off behind whole JSON appends nothing")
    func cutOffChunks() async throws {
        try await TestLedger().serving { service in
            let client = try service.connect()
            let event = Events.area("a", id: "x")
            await client.send(
                "POST /v1/events HTTP/1.1\r\nHost: d\r\nContent-Type: application/cloudevents+json\r\n"
                    + "Transfer-Encoding: chunked\r\n\r\n\(String(event.utf8.count, radix: 16))\r\n\(event)\r\n")
            client.finishSending()
            _ = try? await client.response()
            #expect(try await service.connect().get("/v1/checkpoint").status == 404)
        }
    }

    @Test("a body of more than 16 MiB is too large, announced or not")
    func largeBody() async throws {
        try await TestLedger().serving { service in
            let announced = try service.connect()
            await announced.send(
                "POST /v1/events HTTP/1.1\r\nHost: d\r\nContent-Type: application/cloudevents+json\r\n"
                    + "Content-Length: 16777217\r\n\r\n")
            let response = try await announced.response()
            #expect(response.status == 413)
            #expect(try response.problem == "too-large")
            let chunked = try service.connect()
            await chunked.send(
                "POST /v1/events HTTP/1.1\r\nHost: d\r\nContent-Type: application/cloudevents+json\r\n"
                    + "Transfer-Encoding: chunked\r\n\r\n")
            let chunk = "100000\r\n" + String(repeating: " ", count: 1 << 20) + "\r\n"
            for _ in 0..<17 { await chunked.send(chunk) }
            await chunked.send("0\r\n\r\n")
            #expect(try await chunked.response().status == 413)
            #expect(try await chunked.get("/healthz").status == 200)
        }
    }

    @Test("a body of 16 MiB is read")
    func fullBody() async throws {
        try await TestLedger().serving { service in
            let event = Events.area("a", id: "x")
            let body = event + String(repeating: " ", count: (16 << 20) - event.utf8.count)
            let response = try await service.connect().append(body)
            #expect(response.status == 201)
        }
    }

    @Test("headers of more than 16 KiB are refused and the connection closed")
    func largeHeaders() async throws {
        try await TestLedger().serving { service in
            let client = try service.connect()
            await client.send(
                "GET /healthz HTTP/1.1\r\nHost: d\r\nX-Long: \(String(repeating: "a", count: 17 << 10))\r\n\r\n")
            let response = try await client.response()
            #expect(response.status == 400)
            #expect(try response.problem == "malformed")
            #expect(await client.isClosed())
        }
    }

    @Test(
        "what is not HTTP is refused and the connection closed",
        arguments: ["nonsense\r\n\r\n", "\u{16}\u{3}\u{1}\r\n", "GET / HTTP/9.9\r\n\r\n"])
    func noise(bytes: String) async throws {
        try await TestLedger().serving { service in
            let client = try service.connect()
            await client.send(bytes)
            #expect(try await client.response().status == 400)
            #expect(await client.isClosed())
            #expect(try await service.connect().get("/healthz").status == 200)
        }
    }

    @Test("a client that waits to be told is told to go on")
    func expectContinue() async throws {
        try await TestLedger().serving { service in
            let client = try service.connect()
            let event = Events.area("a", id: "x")
            await client.send(
                "POST /v1/events HTTP/1.1\r\nHost: d\r\nContent-Type: application/cloudevents+json\r\n"
                    + "Expect: 100-continue\r\nContent-Length: \(event.utf8.count)\r\n\r\n")
            #expect(try await client.response().status == 100)
            await client.send(event)
            #expect(try await client.response().status == 201)
        }
    }

    @Test("an event retried by many at once is applied once")
    func concurrentRetries() async throws {
        try await TestLedger().serving { service in
            _ = try await service.connect().append(Events.deposit("d-0", to: "U-ali", 1))
            let event = Events.deposit("d-1", to: "U-ali", 100)
            let answers = try await withThrowingTaskGroup(of: (Int, Int64).self) { group in
                for _ in 0..<32 {
                    group.addTask {
                        let response = try await service.connect().append(event)
                        return (response.status, try response.event()["sequence"]?.int ?? -1)
                    }
                }
                var answers: [(Int, Int64)] = []
                for try await answer in group { answers.append(answer) }
                return answers
            }
            #expect(answers.count { $0.0 == 201 } == 1)
            #expect(answers.count { $0.0 == 200 } == 31)
            #expect(Set(answers.map(\.1)).count == 1)
            let account = try await service.connect().get("/v1/accounts/wallet%2FU-ali%2FPKR").json
            #expect(account["balance"]?.int == 101)
        }
    }
}

@Suite("watching over a connection")
struct ConnectionGuardTests {
    private let channel: EmbeddedChannel

    init() throws {
        channel = EmbeddedChannel(handler: ConnectionGuard())
        try channel.connect(to: SocketAddress(unixDomainSocketPath: "/x")).wait()
    }

    private func receive(_ part: HTTPRequestPart) throws { try channel.writeInbound(part) }

    private static func head(_ fields: HTTPFields = [:]) -> HTTPRequestPart {
        .head(HTTPRequest(method: .post, scheme: nil, authority: nil, path: "/", headerFields: fields))
    }

    @Test("a request that does not end in time is cut off")
    func slowRequest() throws {
        try receive(Self.head())
        channel.embeddedEventLoop.advanceTime(by: .seconds(30))
        try receive(.body(ByteBuffer(string: "{")))
        channel.embeddedEventLoop.advanceTime(by: .seconds(29))
        #expect(channel.isActive)
        channel.embeddedEventLoop.advanceTime(by: .seconds(1))
        #expect(!channel.isActive)
    }

    @Test("requests that end in time leave the connection open, however many they are")
    func quickRequests() throws {
        for _ in 0..<5 {
            try receive(Self.head())
            channel.embeddedEventLoop.advanceTime(by: .seconds(50))
            try receive(.end(nil))
        }
        channel.embeddedEventLoop.advanceTime(by: .seconds(50))
        #expect(channel.isActive)
    }

    @Test("a reader that takes nothing is let go; one that goes on is not")
    func stalledReader() throws {
        channel.isWritable = false
        channel.pipeline.fireChannelWritabilityChanged()
        channel.embeddedEventLoop.advanceTime(by: .seconds(59))
        channel.isWritable = true
        channel.pipeline.fireChannelWritabilityChanged()
        channel.embeddedEventLoop.advanceTime(by: .seconds(120))
        #expect(channel.isActive)
        channel.isWritable = false
        channel.pipeline.fireChannelWritabilityChanged()
        channel.embeddedEventLoop.advanceTime(by: .seconds(60))
        #expect(!channel.isActive)
    }

    @Test("a body that goes on for ever is not read for ever")
    func endlessBody() throws {
        try receive(Self.head())
        let megabyte = ByteBuffer(repeating: 0x20, count: 1 << 20)
        var parts = 0
        while channel.isActive, parts < 1000 {
            try? receive(.body(megabyte))
            parts += 1
        }
        #expect(parts == 65)
    }

    @Test("a client that waits to be told is told to go on, unless its body is too large")
    func expectContinue() throws {
        try receive(Self.head([.expect: "100-continue", .contentLength: "10"]))
        guard case .head(let head)? = try channel.readOutbound(as: HTTPResponsePart.self) else {
            Issue.record("nothing was sent")
            return
        }
        #expect(head.status == .continue)
        try receive(.end(nil))
        try receive(Self.head([.expect: "100-continue", .contentLength: "99999999"]))
        #expect(try channel.readOutbound(as: HTTPResponsePart.self) == nil)
    }

    @Test("the connection ends some seconds after the service was told to stop")
    func stopping() throws {
        channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
        channel.embeddedEventLoop.advanceTime(by: .seconds(5))
        #expect(channel.isActive)
        channel.embeddedEventLoop.advanceTime(by: .seconds(1))
        #expect(!channel.isActive)
    }
}
