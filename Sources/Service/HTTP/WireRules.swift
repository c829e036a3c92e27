import NIOCore
import NIOHTTP1

/// Holds one connection's messages to RFC 9112 where the parser, the encoder and Hummingbird do not: which requests end the
/// connection, what HTTP/1.0 may leave out and does not know, and that a reply to HEAD has a head alone.
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
        // No protocol is switched to, but the parser reads nothing more behind the offer.
        let offers = options.contains("upgrade") && head.headers.contains(name: "upgrade")
        let closes = isOld || offers || options.contains("close")
        if isOld {
            // It has no interim replies and need not name a host.
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
