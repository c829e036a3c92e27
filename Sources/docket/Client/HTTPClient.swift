import CommandKit
import FoundationEssentials
import Glibc

/// A keep-alive HTTP/1.1 connection to the service's socket, one request at a time.
final class HTTPClient {
    /// The longest wait for a response.
    static let answerSecondsMax = 60

    /// A response with its body.
    struct Answer {
        let status: Int
        let retryAfter: Int?
        let body: [UInt8]

        var isSuccess: Bool { (200..<300).contains(status) }
    }

    private let path: String
    private var socket: UnixSocket?
    private var reader = HTTPResponseReader()

    /// A client of the service that listens at `path`; connects on the first request.
    init(path: String) { self.path = path }

    /// Sends a request and waits for the response.
    ///
    /// The service closes idle connections, so on a connection used before a request that fails is sent once more.
    /// Sending events twice is safe: they are applied once.
    /// - Throws: `ClientError`, with `wasSent` if the service may have taken the request.
    func send(
        _ method: String, _ target: String, contentType: String? = nil, body: [UInt8] = []
    ) throws(ClientError) -> Answer {
        let request = Self.request(method, target, contentType: contentType, body: body)
        guard socket != nil else { return try exchange(request) }
        do throws(ClientError) { return try exchange(request) } catch {
            do throws(ClientError) { return try exchange(request) } catch var second {
                second.wasSent = true
                throw second
            }
        }
    }

    private func exchange(_ request: [UInt8]) throws(ClientError) -> Answer {
        let socket = if let socket { socket } else { try connect() }
        do throws(ClientError) {
            try socket.send(request)
            while true {
                if let response = try reader.next() {
                    let answer = Answer(
                        status: response.status, retryAfter: response.retryAfter,
                        body: Array(reader.body(of: response)))
                    if response.isLast { disconnect() }
                    return answer
                }
                try fill(from: socket)
            }
        } catch var failure {
            disconnect()
            failure.wasSent = true
            throw failure
        }
    }

    /// The bytes of a request.
    static func request(_ method: String, _ target: String, contentType: String?, body: [UInt8]) -> [UInt8] {
        var head = "\(method) \(target) HTTP/1.1\r\nHost: docket\r\n"
        if let contentType { head += "Content-Type: \(contentType)\r\n" }
        if method != "GET" { head += "Content-Length: \(body.count)\r\n" }
        return Array((head + "\r\n").utf8) + body
    }

    private func connect() throws(ClientError) -> UnixSocket {
        let opened = try UnixSocket(path: path)
        opened.limitWait(seconds: Self.answerSecondsMax)
        socket = opened
        reader = HTTPResponseReader()
        return opened
    }

    private func disconnect() { socket = nil }

    private func fill(from socket: UnixSocket) throws(ClientError) {
        let room = reader.room
        while true {
            let count = recv(socket.descriptor, room.baseAddress, room.count, 0)
            if count > 0 { return reader.filled(count) }
            if count == 0 { throw ClientError("the service closed the connection before it answered") }
            if errno == EINTR { continue }
            if errno == EAGAIN { throw ClientError("no answer within \(Self.answerSecondsMax) s") }
            throw ClientError("the connection broke while waiting for an answer: \(UnixSocket.lastError)")
        }
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
