import HTTPTypes
import NIOCore
import NIOEmbedded
import NIOHTTPTypes
import Testing

@testable import Service

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
