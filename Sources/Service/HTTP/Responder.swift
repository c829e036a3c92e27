import HTTPTypes
import HummingbirdCore
import NIOCore

/// Hands requests from Hummingbird to the routes, and their replies back.
struct Responder: Sendable {
    let routes: Routes
    private let date = HTTPDate()

    init(routes: Routes) { self.routes = routes }

    /// Answers one request; on the socket the peer is `local`.
    @concurrent func respond(to request: Request, writer: consuming ResponseWriter) async throws {
        var response = await respond(to: request)
        response.headers[.date] = date.text
        try await writer.write(response: response.head, body: response.body)
    }

    private func respond(to request: Request) async -> Response {
        let reply: Reply
        do throws(ProblemReply) {
            let body = try await Self.body(of: request)
            let call = try Call(
                method: request.method.rawValue, target: request.head.path ?? "/", fields: request.headers, body: body)
            reply = await routes.answer(call)
        } catch {
            reply = error.reply
        }
        return Self.response(reply)
    }

    /// The whole body; a request that was cut off is no request.
    private static func body(of request: Request) async throws(ProblemReply) -> ByteBuffer {
        let announced = request.headers[.contentLength].flatMap { Int($0) }
        let tooLarge = ProblemReply.tooLarge("the body has more than \(ServiceLimits.bodyBytesMax) bytes")
        if let announced, announced > ServiceLimits.bodyBytesMax { throw tooLarge }
        var body = ByteBuffer()
        do {
            for try await part in request.body {
                guard body.readableBytes + part.readableBytes <= ServiceLimits.bodyBytesMax else { throw tooLarge }
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

    private static func response(_ reply: Reply) -> Response {
        let status = HTTPResponse.Status(code: reply.status)
        switch reply.body {
        case .bytes(let buffer):
            var fields = reply.fields
            fields[.contentLength] = String(buffer.readableBytes)
            return Response(status: status, headers: fields, body: ResponseBody(byteBuffer: buffer))
        case .feed(let feed):
            let body = ResponseBody { writer in
                try await feed.write(to: &writer)
                try await writer.finish(nil)
            }
            return Response(status: status, headers: reply.fields, body: body)
        }
    }
}
