import CommandKit
import FoundationEssentials
import Service

/// A keep-alive HTTP/1.1 connection to the service's socket, one request at a time.
final class HTTPClient {
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
    private var caller: HTTPCaller?

    /// A client of the service that listens at `path`; connects on the first request.
    init(path: String) { self.path = path }

    /// Sends a request and waits for the response, at most a minute for it and for more of it.
    ///
    /// The service closes idle connections, so on a connection used before a request that fails is sent once more.
    /// Sending events twice is safe: they are applied once.
    /// - Throws: `ClientError`, with `wasSent` if the service may have taken the request.
    func send(
        _ method: String, _ target: String, contentType: String? = nil, body: [UInt8] = []
    ) throws(ClientError) -> Answer {
        do throws(HTTPCaller.Failure) {
            let answer = try connected().send(
                method, target, contentType: contentType, body: body,
                limits: HTTPCaller.Limits(bytesMax: Self.answerBytesMax))
            return Answer(status: answer.status, retryAfter: answer.retryAfter, body: answer.body)
        } catch {
            let isRefused = !error.wasSent && error.description.hasPrefix("cannot connect")
            var failure = ClientError(error.description + (isRefused ? "; is `docket serve` running?" : ""))
            failure.wasSent = error.wasSent
            throw failure
        }
    }

    private func connected() throws(HTTPCaller.Failure) -> HTTPCaller {
        if let caller { return caller }
        let made = try HTTPCaller(socket: path)
        caller = made
        return made
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
