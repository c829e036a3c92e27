import Glibc
import NIOCore
import NIOHTTP1
import NIOPosix

/// An address that is called: a service's socket, or a port of this machine, with a prefix for all paths.
package struct CalledAddress: Sendable, Hashable, CustomStringConvertible {
    fileprivate enum Place: Sendable, Hashable {
        case socket(path: String)
        case port(host: String, Int)
    }

    fileprivate let place: Place
    /// What is put before each path; empty, or begins with `/` and does not end in one.
    package let prefix: String
    package let description: String

    /// Reads `http://HOST:PORT/PREFIX`, where the host is this machine, or a socket's path (`unix:PATH`, or a path that
    /// has a `/`).
    /// - Parameter socketPrefix: the prefix where the address is a socket.
    /// - Throws: for any other text, saying what is taken.
    package init(_ text: String, socketPrefix: String = "") throws(ServiceError) {
        description = text
        if text.utf8.starts(with: "https://".utf8) {
            throw ServiceError(
                "`\(text)`: encrypted connections are not made yet: name a proxy on this machine, `http://127.0.0.1:PORT`"
            )
        }
        guard text.utf8.starts(with: "http://".utf8) else {
            let path = text.utf8.starts(with: "unix:".utf8) ? String(text.dropFirst(5)) : text
            guard path.contains("/") else {
                throw ServiceError(
                    "`\(text)` is neither `http://HOST:PORT/…` nor the path of a socket, such as `./docket.sock`")
            }
            guard path.utf8.count <= ServiceLimits.socketPathBytesMax else {
                throw ServiceError("socket path `\(path)` is longer than \(ServiceLimits.socketPathBytesMax) bytes")
            }
            place = .socket(path: path)
            prefix = socketPrefix
            return
        }
        let rest = text.dropFirst("http://".utf8.count)
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        var prefix = String(rest[slash...])
        while prefix.hasSuffix("/") { prefix.removeLast() }
        let isPlain = prefix.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"?#".utf8.contains($0) }
        guard isPlain, case .loopback(let host, let port) = try? ListenAddress(Self.withPort(rest[..<slash])), port > 0
        else {
            throw ServiceError(
                "`\(text)` is not an address of this machine, `http://127.0.0.1:PORT/…`: without encryption no other is "
                    + "called")
        }
        place = .port(host: host, port)
        self.prefix = prefix
    }

    fileprivate init(socket path: String) throws(HTTPCaller.Failure) {
        guard path.utf8.count <= ServiceLimits.socketPathBytesMax else {
            throw HTTPCaller.Failure("socket path `\(path)` is longer than \(ServiceLimits.socketPathBytesMax) bytes")
        }
        place = .socket(path: path)
        prefix = ""
        description = path
    }

    private static func withPort(_ authority: Substring) -> String {
        let isNamed = authority.last == "]" || !authority.contains(":")
        return isNamed ? authority + ":80" : String(authority)
    }
}

/// A keep-alive HTTP/1.1 connection, one request at a time, that blocks its thread. What answers is not trusted: the
/// length of an answer and the time that it takes are bounded.
package final class HTTPCaller {
    /// Bounds of an answer.
    package struct Limits: Sendable {
        /// The longest body in bytes.
        package var bytesMax: Int
        /// The longest wait for an answer, and for more of it, in seconds.
        package var idleSeconds: Int64
        /// The longest time from the request to the answer's end, in seconds; nil for any.
        package var totalSeconds: Int64?

        package init(bytesMax: Int, idleSeconds: Int64 = 60, totalSeconds: Int64? = nil) {
            self.bytesMax = bytesMax
            self.idleSeconds = idleSeconds
            self.totalSeconds = totalSeconds
        }
    }

    /// An answer with its body.
    package struct Answer: Sendable {
        package let status: Int
        /// The media type as it was sent.
        package let type: String?
        package let retryAfter: Int?
        package let body: [UInt8]

        package var isSuccess: Bool { (200..<300).contains(status) }
    }

    /// The reason why there is no answer.
    package struct Failure: Error, Sendable, CustomStringConvertible {
        package let description: String
        /// Indicates that the request was under way: the service may have taken it.
        package var wasSent = false

        init(_ description: String) { self.description = description }
    }

    private let address: CalledAddress
    private var connection: (any Channel)?

    /// A caller of an address; connects on the first request.
    package init(_ address: CalledAddress) { self.address = address }

    /// A caller of the service that listens at a socket, whatever the form of its path.
    /// - Throws: if the path is longer than the system takes.
    package convenience init(socket path: String) throws(Failure) {
        self.init(try CalledAddress(socket: path))
    }

    deinit { disconnect() }

    /// Sends a request and waits for the answer.
    ///
    /// Services close idle connections, so on a connection used before a request that fails is sent once more: only for
    /// requests that may be made twice.
    /// - Parameter path: begins with `/`; the address's prefix is put before it.
    /// - Throws: the reason why there is no answer, or none within the limits.
    package func send(
        _ method: String, _ path: String, contentType: String? = nil, body: [UInt8] = [], limits: Limits
    ) throws(Failure) -> Answer {
        var headers: HTTPHeaders = ["Host": "docket"]
        if let contentType { headers.add(name: "Content-Type", value: contentType) }
        if method != "GET" { headers.add(name: "Content-Length", value: "\(body.count)") }
        let head = HTTPRequestHead(
            version: .http1_1, method: HTTPMethod(rawValue: method), uri: address.prefix + path, headers: headers)
        guard connection != nil else { return try exchange(head, body, limits) }
        do throws(Failure) { return try exchange(head, body, limits) } catch {
            do throws(Failure) { return try exchange(head, body, limits) } catch var second {
                second.wasSent = true
                throw second
            }
        }
    }

    private func exchange(_ head: HTTPRequestHead, _ body: [UInt8], _ limits: Limits) throws(Failure) -> Answer {
        let channel = if let connection { connection } else { try connect() }
        let answer = channel.eventLoop.makePromise(of: HTTPExchange.Whole.self)
        let request = HTTPExchange.Request(
            head: head, body: channel.allocator.buffer(bytes: body), limits: limits, answer: answer)
        channel.writeAndFlush(request).cascadeFailure(to: answer)
        do {
            let whole = try answer.futureResult.wait()
            if !whole.head.isKeepAlive { disconnect() }
            let fields = whole.head.headers
            return Answer(
                status: Int(whole.head.status.code), type: fields.first(name: "Content-Type"),
                retryAfter: fields.first(name: "Retry-After").flatMap { Int($0) },
                body: Array(whole.body.readableBytesView))
        } catch {
            disconnect()
            var failure = error as? Failure ?? Failure("the connection broke: \(Self.reason(of: error))")
            failure.wasSent = true
            throw failure
        }
    }

    private func connect() throws(Failure) -> any Channel {
        let bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connectTimeout(.seconds(10))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.addHTTPClientHandlers()
                    try pipeline.addHandler(HTTPExchange())
                }
            }
        do {
            let opening =
                switch address.place {
                case .socket(let path): bootstrap.connect(unixDomainSocketPath: path)
                case .port(let host, let port): bootstrap.connect(host: host, port: port)
                }
            let channel = try opening.wait()
            connection = channel
            return channel
        } catch {
            throw Failure("cannot connect to `\(address)`: \(Self.reason(of: error))")
        }
    }

    private func disconnect() {
        connection?.close(promise: nil)
        connection = nil
    }

    private static func reason(of error: any Error) -> String {
        if let error = error as? NIOConnectionError, let first = error.connectionErrors.first {
            return reason(of: first.error)
        }
        return (error as? IOError).map { unsafe String(cString: strerror($0.errnoCode)) } ?? "\(error)"
    }
}

/// Sends a request and completes its promise with the answer, or with the reason that none will come.
private final class HTTPExchange: ChannelDuplexHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundIn = Request
    typealias OutboundOut = HTTPClientRequestPart

    struct Request: Sendable {
        let head: HTTPRequestHead
        let body: ByteBuffer
        let limits: HTTPCaller.Limits
        let answer: EventLoopPromise<Whole>
    }

    struct Whole: Sendable {
        let head: HTTPResponseHead
        let body: ByteBuffer
    }

    private var request: Request?
    private var head: HTTPResponseHead?
    private var body = ByteBuffer()
    private var idle: Scheduled<Void>?
    private var total: Scheduled<Void>?

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let request = unwrapOutboundIn(data)
        self.request = request
        (head, body) = (nil, ByteBuffer())
        idle = limit(context, request.limits.idleSeconds)
        total = request.limits.totalSeconds.map { limit(context, $0) }
        context.write(wrapOutboundOut(.head(request.head)), promise: nil)
        if request.body.readableBytes > 0 {
            context.write(wrapOutboundOut(.body(.byteBuffer(request.body))), promise: nil)
        }
        context.write(wrapOutboundOut(.end(nil)), promise: promise)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard let request else { return context.close(promise: nil) }
        idle?.cancel()
        idle = limit(context, request.limits.idleSeconds)
        switch unwrapInboundIn(data) {
        case .head(let head) where head.status.code < 200: break
        case .head(let head):
            self.head = head
            let announced = head.headers.first(name: "Content-Length").flatMap { Int($0) } ?? 0
            if announced > request.limits.bytesMax { refuseLength(context, request) }
        case .body(var part):
            guard part.readableBytes <= request.limits.bytesMax - body.readableBytes else {
                return refuseLength(context, request)
            }
            body.writeBuffer(&part)
        case .end:
            guard let head else { return }
            finish(.success(Whole(head: head, body: body)))
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        finish(.failure(error is HTTPParserError ? HTTPCaller.Failure("what answers does not speak HTTP") : error))
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        finish(.failure(HTTPCaller.Failure("the service closed the connection before it answered")))
        context.fireChannelInactive()
    }

    private func refuseLength(_ context: ChannelHandlerContext, _ request: Request) {
        finish(.failure(HTTPCaller.Failure("the answer has more than \(request.limits.bytesMax) bytes")))
        context.close(promise: nil)
    }

    private func limit(_ context: ChannelHandlerContext, _ seconds: Int64) -> Scheduled<Void> {
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        return context.eventLoop.scheduleTask(in: .seconds(seconds)) {
            let (exchange, context) = bound.value
            exchange.finish(.failure(HTTPCaller.Failure("no answer within \(seconds) s")))
            context.close(promise: nil)
        }
    }

    private func finish(_ result: Result<Whole, any Error>) {
        idle?.cancel()
        total?.cancel()
        request?.answer.completeWith(result)
        request = nil
        body = ByteBuffer()
    }
}
