import CommandKit
import FoundationEssentials
import Glibc
import NIOCore
import NIOHTTP1
import NIOPosix

/// A keep-alive HTTP/1.1 connection to the service's socket, one request at a time.
final class HTTPClient {
    /// The longest wait for a response, and for more of it.
    static let answerSecondsMax: Int64 = 60
    /// The longest body of a response: 10,000 events with all that was decided on them are shorter.
    static let answerBytesMax = 1 << 30

    /// A response with its body.
    struct Answer {
        let status: Int
        let retryAfter: Int?
        let body: [UInt8]

        var isSuccess: Bool { (200..<300).contains(status) }
    }

    private let path: String
    private var connection: (any Channel)?

    /// A client of the service that listens at `path`; connects on the first request.
    init(path: String) { self.path = path }

    deinit { disconnect() }

    /// Sends a request and waits for the response.
    ///
    /// The service closes idle connections, so on a connection used before a request that fails is sent once more.
    /// Sending events twice is safe: they are applied once.
    /// - Throws: `ClientError`, with `wasSent` if the service may have taken the request.
    func send(
        _ method: String, _ target: String, contentType: String? = nil, body: [UInt8] = []
    ) throws(ClientError) -> Answer {
        var headers: HTTPHeaders = ["Host": "docket"]
        if let contentType { headers.add(name: "Content-Type", value: contentType) }
        if method != "GET" { headers.add(name: "Content-Length", value: "\(body.count)") }
        let head = HTTPRequestHead(
            version: .http1_1, method: HTTPMethod(rawValue: method), uri: target, headers: headers)
        guard connection != nil else { return try exchange(head, body) }
        do throws(ClientError) { return try exchange(head, body) } catch {
            do throws(ClientError) { return try exchange(head, body) } catch var second {
                second.wasSent = true
                throw second
            }
        }
    }

    private func exchange(_ head: HTTPRequestHead, _ body: [UInt8]) throws(ClientError) -> Answer {
        let channel = if let connection { connection } else { try connect() }
        let answer = channel.eventLoop.makePromise(of: NIOHTTPClientResponseFull.self)
        let request = HTTPExchangeHandler.Request(
            head: head, body: channel.allocator.buffer(bytes: body), answer: answer)
        channel.writeAndFlush(request).cascadeFailure(to: answer)
        do {
            let response = try answer.futureResult.wait()
            if !response.head.isKeepAlive { disconnect() }
            return Answer(
                status: Int(response.head.status.code),
                retryAfter: response.head.headers.first(name: "Retry-After").flatMap { Int($0) },
                body: response.body.map { Array($0.readableBytesView) } ?? [])
        } catch {
            disconnect()
            var failure = error as? ClientError ?? ClientError("the connection broke: \(Self.reason(of: error))")
            failure.wasSent = true
            throw failure
        }
    }

    private func connect() throws(ClientError) -> any Channel {
        guard path.utf8.count <= UnixSocket.pathBytesMax else {
            throw ClientError("socket path `\(path)` is longer than \(UnixSocket.pathBytesMax) bytes")
        }
        let bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton).channelInitializer { channel in
            channel.eventLoop.makeCompletedFuture {
                let pipeline = channel.pipeline.syncOperations
                try pipeline.addHTTPClientHandlers()
                try pipeline.addHandlers([
                    NIOHTTPClientResponseAggregator(maxContentLength: Self.answerBytesMax),
                    IdleStateHandler(readTimeout: .seconds(Self.answerSecondsMax)), HTTPExchangeHandler(),
                ])
            }
        }
        do {
            let channel = try bootstrap.connect(unixDomainSocketPath: path).wait()
            connection = channel
            return channel
        } catch {
            throw ClientError(
                "cannot connect to `\(path)`: \(Self.reason(of: error)); is `docket serve` running?")
        }
    }

    private func disconnect() {
        connection?.close(promise: nil)
        connection = nil
    }

    private static func reason(of error: any Error) -> String {
        (error as? IOError).map { String(cString: strerror($0.errnoCode)) } ?? "\(error)"
    }
}

/// Sends a request and completes its promise with the response, or with the reason that none will come.
private final class HTTPExchangeHandler: ChannelDuplexHandler {
    typealias InboundIn = NIOHTTPClientResponseFull
    typealias OutboundIn = Request
    typealias OutboundOut = HTTPClientRequestPart

    struct Request: Sendable {
        let head: HTTPRequestHead
        let body: ByteBuffer
        let answer: EventLoopPromise<NIOHTTPClientResponseFull>
    }

    private var answer: EventLoopPromise<NIOHTTPClientResponseFull>?

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let request = unwrapOutboundIn(data)
        answer = request.answer
        context.write(wrapOutboundOut(.head(request.head)), promise: nil)
        if request.body.readableBytes > 0 {
            context.write(wrapOutboundOut(.body(.byteBuffer(request.body))), promise: nil)
        }
        context.write(wrapOutboundOut(.end(nil)), promise: promise)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        answer?.succeed(unwrapInboundIn(data))
        answer = nil
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard event is IdleStateHandler.IdleStateEvent, answer != nil else {
            return context.fireUserInboundEventTriggered(event)
        }
        fail(ClientError("no answer within \(HTTPClient.answerSecondsMax) s"))
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        fail(error is HTTPParserError ? ClientError("what answers does not speak HTTP") : error)
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        fail(ClientError("the service closed the connection before it answered"))
        context.fireChannelInactive()
    }

    private func fail(_ error: any Error) {
        answer?.fail(error)
        answer = nil
    }
}

/// Problem details (RFC 9457) from the service.
struct ProblemDetails: Decodable {
    let title: String?
    let detail: String?
    let pointer: String?
    let status: Int?

    /// `detail (pointer)`
    var text: String {
        let what = detail ?? title ?? "refused"
        guard let pointer, !pointer.isEmpty else { return what }
        return "\(what) (at `\(pointer)`)"
    }

    static func decode(_ json: [UInt8]) -> ProblemDetails? {
        try? JSONDecoder().decode(ProblemDetails.self, from: Data(json))
    }
}
