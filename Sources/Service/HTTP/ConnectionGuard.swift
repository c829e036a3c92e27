import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOHTTPTypesHTTP1
import Synchronization

/// Watches over one connection so that a slow, half-open or ill-mannered client costs no more than itself: it ends
/// requests that take too long to arrive and readers that do not read, answers `Expect: 100-continue`, gives refusals
/// of the HTTP parser their problem details, and closes the connection some time after the service was told to stop.
final class ConnectionGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let connections: Connections
    private let memory: MemoryBudget
    private var connection: Connection?
    /// Requests whose replies are not written yet.
    private var unanswered = 0
    private var isReceiving = false
    private var receivedBytes = 0
    private var isBroken = false
    private var isRefusing = false
    private var request: Scheduled<Void>?
    private var stall: Scheduled<Void>?
    private var stop: Scheduled<Void>?

    init(_ connections: Connections = Connections(), memory: MemoryBudget = .unlimited) {
        self.connections = connections
        self.memory = memory
    }

    func handlerAdded(context: ChannelHandlerContext) {
        connection = connections.add(context.channel)
        let pipeline = context.pipeline.syncOperations
        guard let codec = try? pipeline.handler(type: HTTP1ToHTTPServerCodec.self) else { return }
        try? pipeline.addHandler(WireRules(), position: .before(codec))
    }

    // MARK: Requests

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            isReceiving = true
            receivedBytes = 0
            unanswered += 1
            // Between the parts of another reply an interim one would be taken for one of them.
            if unanswered == 1, head.headerFields[.expect]?.lowercased() == "100-continue", isAcceptable(head) {
                let proceed = HTTPResponsePart.head(HTTPResponse(status: .continue))
                context.writeAndFlush(wrapOutboundOut(proceed), promise: nil)
            }
        case .body(let part):
            receivedBytes += part.readableBytes
            guard receivedBytes <= ServiceLimits.drainedBytesMax else { return context.close(promise: nil) }
        case .end:
            isReceiving = false
            request?.cancel()
            request = nil
        }
        context.fireChannelRead(data)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if isReceiving, request == nil {
            request = close(context, after: ServiceLimits.requestSecondsMax)
        }
        context.fireChannelReadComplete()
    }

    private func isAcceptable(_ head: HTTPRequest) -> Bool {
        guard let length = head.headerFields[.contentLength].flatMap({ Int($0) }) else { return true }
        return memory.admits(bodyOf: length)
    }

    // MARK: Readers

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        stall?.cancel()
        stall = nil
        if !context.channel.isWritable {
            stall = close(context, after: ServiceLimits.stalledSecondsMax)
        }
        context.fireChannelWritabilityChanged()
    }

    // MARK: Refusals of the parser

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        isBroken = true
        context.fireErrorCaught(error)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(var head) where isBroken && head.status == .badRequest && head.headerFields[.contentLength] == "0":
            isRefusing = true
            let body = Self.refusal
            head.headerFields[.contentType] = "application/problem+json"
            head.headerFields[.contentLength] = String(body.count)
            context.write(wrapOutboundOut(.head(head)), promise: promise)
            context.write(wrapOutboundOut(.body(ByteBuffer(bytes: body))), promise: nil)
        case .end where isRefusing:
            unanswered -= 1
            context.write(data, promise: promise)
            context.flush()
            // The rest of what the client sends cannot be parsed, so its end is not waited for.
            context.close(mode: .output, promise: nil)
            stop = stop ?? close(context, after: 1)
        case .end:
            unanswered -= 1
            guard let share = connection?.nextSent() else { return context.write(data, promise: promise) }
            let sent = promise ?? context.eventLoop.makePromise()
            sent.futureResult.whenComplete { _ in withExtendedLifetime(share) {} }
            context.write(data, promise: sent)
        default: context.write(data, promise: promise)
        }
    }

    private static let refusal = ProblemReply.malformed(
        "the request is not HTTP/1.1, or its headers have more than \(ServiceLimits.headerBytesMax) bytes"
    ).bytes

    // MARK: Stopping

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is ChannelShouldQuiesceEvent {
            stop = stop ?? close(context, after: ServiceLimits.stopSecondsMax)
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        connections.remove(context.channel)
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        connections.remove(context.channel)
        for timer in [request, stall, stop] { timer?.cancel() }
        (request, stall, stop) = (nil, nil, nil)
    }

    private func close(_ context: ChannelHandlerContext, after seconds: Int64) -> Scheduled<Void> {
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        return context.eventLoop.scheduleTask(in: .seconds(seconds)) { bound.value.close(promise: nil) }
    }
}

/// A client's connection as its requests see it: the client's presence, and the memory shares of the replies on their
/// way to it.
final class Connection: Sendable {
    private let gone = Atomic<Bool>(false)
    private let unsent = Mutex<[MemoryShare]>([])

    /// Indicates that nobody will read a reply any more.
    var isGone: Bool { gone.load(ordering: .relaxed) }

    /// Keeps the share of the next reply until that is sent.
    func willSend(_ share: MemoryShare) { unsent.withLock { $0.append(share) } }

    /// The share of the oldest reply noted, which is written now.
    func nextSent() -> MemoryShare? { unsent.withLock { $0.isEmpty ? nil : $0.removeFirst() } }

    func end() {
        gone.store(true, ordering: .relaxed)
        unsent.withLock { $0 = [] }
    }
}

/// The connections that are open, by their channels: a request is handled away from its channel's pipeline.
final class Connections: Sendable {
    private let open = Mutex<[ObjectIdentifier: Connection]>([:])

    subscript(channel: any Channel) -> Connection? { open.withLock { $0[ObjectIdentifier(channel)] } }

    func add(_ channel: any Channel) -> Connection {
        let connection = Connection()
        open.withLock { $0[ObjectIdentifier(channel)] = connection }
        return connection
    }

    func remove(_ channel: any Channel) {
        open.withLock { $0.removeValue(forKey: ObjectIdentifier(channel)) }?.end()
    }
}

/// Holds one connection's messages to RFC 9112 where the parser, the encoder and Hummingbird do not: which requests end
/// the connection, what HTTP/1.0 may leave out and does not know, and that a reply to HEAD has a head alone.
final class WireRules: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private struct Asked {
        let isHead: Bool
        let closes: Bool
    }

    /// The requests whose replies are not written yet, oldest first.
    private var asked: [Asked] = []

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .head(var head) = unwrapInboundIn(data) else { return context.fireChannelRead(data) }
        let isOld = head.version.major == 1 && head.version.minor == 0
        let options = head.headers[canonicalForm: "connection"].map { $0.lowercased() }
        // The service never switches protocols, but the parser reads nothing more after the offer.
        let offers = options.contains("upgrade") && head.headers.contains(name: "upgrade")
        let closes = isOld || offers || options.contains("close")
        if isOld {
            // HTTP/1.0 has no interim replies and need not name a host.
            head.headers.remove(name: "expect")
            if !head.headers.contains(name: "host") { head.headers.add(name: "host", value: "") }
        }
        // Hummingbird knows the option in this spelling alone.
        if closes { head.headers.replaceOrAdd(name: "connection", value: "close") }
        asked.append(Asked(isHead: head.method == .HEAD, closes: closes))
        context.fireChannelRead(wrapInboundOut(.head(head)))
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let current = asked.first
        switch unwrapOutboundIn(data) {
        case .head(var head):
            if head.status.code >= 200, current?.closes == true {
                head.headers.replaceOrAdd(name: "connection", value: "close")
            }
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .body where current?.isHead == true: promise?.succeed(())
        case .body: context.write(data, promise: promise)
        case .end:
            if !asked.isEmpty { asked.removeFirst() }
            // The encoder would end a body of chunks that was never begun.
            if current?.isHead == true { promise?.succeed(()) } else { context.write(data, promise: promise) }
        }
    }
}
