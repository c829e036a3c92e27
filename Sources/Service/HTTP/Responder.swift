import Glibc
import HTTPTypes
import HummingbirdCore
import NIOCore
import Synchronization

/// Hands requests from Hummingbird to whoever answers them, and the replies back.
struct Responder: Sendable {
    let answerer: any CallAnswering
    let connections: Connections
    let memory: MemoryBudget
    private let date = HTTPDate()

    init(answerer: any CallAnswering, connections: Connections, memory: MemoryBudget) {
        self.answerer = answerer
        self.connections = connections
        self.memory = memory
    }

    /// Answers one request; on the socket the peer is `local`.
    @concurrent func respond(
        to request: Request, on channel: any Channel, writer: consuming ResponseWriter
    ) async throws {
        // A connection that is closed already is not among the open ones; its reply goes nowhere.
        let connection = connections[channel] ?? Connection()
        let share = MemoryShare(memory)
        let reply = await reply(to: request, connection, share)
        var response = Self.response(reply, isHead: request.method == .head)
        response.headers[.date] = date.text
        // The request and what was made of it are gone by now.
        share.force(to: reply.size)
        connection.willSend(share)
        try await writer.write(response: response.head, body: response.body)
    }

    private func reply(to request: Request, _ connection: Connection, _ share: MemoryShare) async -> Reply {
        do throws(ProblemReply) {
            try Self.check(request)
            let body = try await Self.body(of: request, share)
            // A reply to HEAD is the one to GET without its body.
            let method = request.method == .head ? "GET" : request.method.rawValue
            let call = try Call(
                method: method, target: request.head.path ?? "/", fields: request.headers, body: body,
                connection: connection, memory: share)
            let reply = await answerer.answer(call)
            // A small one is given even where memory is short, so that readiness and refusals are heard.
            if method == "GET", reply.size > ServiceLimits.smallReplyBytes {
                try share.resize(to: body.readableBytes + reply.size)
            }
            return reply
        } catch {
            return error.reply
        }
    }

    /// Refuses what RFC 9112 asks a server to refuse and the parser lets through.
    private static func check(_ request: Request) throws(ProblemReply) {
        // The first `Host` is the authority; others are left among the fields.
        guard request.head.authority != nil, request.headers[.host] == nil else {
            throw .malformed("a request has exactly one `Host` header")
        }
        if let coding = request.headers[.transferEncoding], coding.lowercased() != "chunked" {
            throw .notImplemented("`chunked` is the one transfer coding that is understood")
        }
    }

    /// Reads the whole body.
    /// - Throws: `malformed` where the request was cut off, `tooLarge` or `unavailable` where the body does not fit.
    private static func body(of request: Request, _ share: MemoryShare) async throws(ProblemReply) -> ByteBuffer {
        let announced = request.headers[.contentLength].flatMap { Int($0) }
        let most = share.bodyBytesMax
        let tooLarge = ProblemReply.tooLarge("the body has more than \(most) bytes")
        if let announced {
            guard announced <= most else { throw tooLarge }
            try share.hold(bodyOf: announced)
        }
        var body = ByteBuffer()
        do {
            for try await part in request.body {
                let size = body.readableBytes + part.readableBytes
                guard size <= most else { throw tooLarge }
                if announced == nil { try share.hold(bodyOf: size) }
                if body.readableBytes == 0 {
                    body = part
                    if let announced, announced > part.readableBytes { body.reserveCapacity(announced) }
                } else {
                    body.writeImmutableBuffer(part)
                }
            }
        } catch let problem as ProblemReply {
            throw problem
        } catch {
            throw .malformed("the request was cut off")
        }
        if let announced, announced != body.readableBytes { throw .malformed("the request was cut off") }
        return body
    }

    private static func response(_ reply: Reply, isHead: Bool) -> Response {
        let status = HTTPResponse.Status(code: reply.status)
        switch reply.body {
        case .bytes(let buffer):
            var fields = reply.fields
            fields[.contentLength] = String(buffer.readableBytes)
            return Response(
                status: status, headers: fields, body: isHead ? ResponseBody() : ResponseBody(byteBuffer: buffer))
        case .feed(let feed):
            let body = ResponseBody { writer in
                if !isHead { try await feed.write(to: &writer) }
                try await writer.finish(nil)
            }
            return Response(status: status, headers: reply.fields, body: body)
        }
    }
}

extension HTTPField.Name {
    fileprivate static let host = HTTPField.Name("Host")!
}

/// The `Date` of responses (RFC 9110, section 6.6.1), formatted once a second.
final class HTTPDate: Sendable {
    private let last = Mutex((second: time_t(-1), text: ""))

    /// The time now, as `Sun, 06 Nov 1994 08:49:37 GMT`.
    var text: String {
        var now = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &now)
        return last.withLock { last in
            if last.second != now.tv_sec { last = (now.tv_sec, Self.text(of: now.tv_sec)) }
            return last.text
        }
    }

    /// Formats a time, in seconds since 1970, as an IMF-fixdate.
    static func text(of second: time_t) -> String {
        var second = second
        var parts = unsafe tm()
        var buffer = [CChar](repeating: 0, count: 32)
        // The program never sets a locale, so the names are English.
        let count =
            unsafe gmtime_r(&second, &parts) == nil
            ? 0 : unsafe strftime(&buffer, buffer.count, "%a, %d %b %Y %H:%M:%S GMT", &parts)
        return String(decoding: buffer[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
