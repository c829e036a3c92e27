import Engine
import HTTPTypes
import JSON
import NIOCore

/// Answer to a call.
struct Reply: Sendable {
    enum Body: Sendable {
        case bytes(ByteBuffer)
        /// A stream of server-sent events, written until the client goes or the service stops.
        case feed(EventFeed)
    }

    let status: Int
    var fields: HTTPFields
    let body: Body

    /// Bytes held in memory; a stream accounts for its own.
    var size: Int {
        switch body {
        case .bytes(let buffer): buffer.storageCapacity
        case .feed: 0
        }
    }

    init(status: Int, type: String, buffer: ByteBuffer) {
        self.status = status
        fields = [.contentType: type]
        body = .bytes(buffer)
    }

    init(status: Int, type: String, _ bytes: [UInt8]) {
        self.init(status: status, type: type, buffer: ByteBuffer(bytes: bytes))
    }

    /// A JSON object.
    static func json(_ bytes: [UInt8], status: Int = 200) -> Reply {
        Reply(status: status, type: "application/json", bytes)
    }

    init(feed: EventFeed) {
        status = 200
        fields = [.contentType: "text/event-stream", .cacheControl: "no-store"]
        body = .feed(feed)
    }
}

extension HTTPField.Name {
    static let docketExpectedSequence = HTTPField.Name("Docket-Expected-Sequence")!
    /// Position after which the next page begins.
    static let docketNextAfter = HTTPField.Name("Docket-Next-After")!
    /// Sequence of the newest entry that the answer reflects.
    static let docketSequence = HTTPField.Name("Docket-Sequence")!
    static let lastEventID = HTTPField.Name("Last-Event-ID")!
}

/// A refusal as RFC 9457 problem details.
struct ProblemReply: Error, Hashable {
    /// The last part of `type`, which the documentation lists.
    let kind: String
    let title: String
    let status: Int
    let detail: String
    var pointer: String?
    var sequence: UInt64?
    var retryAfter: Int?
    /// The methods that the resource has, where another was used.
    var allow: String?

    init(_ problem: Problem) {
        kind = problem.kind.rawValue
        title = problem.kind.title
        status = problem.kind.status
        detail = problem.detail
        pointer = problem.pointer
        sequence = problem.sequence
        retryAfter = problem.retryAfter
    }

    private init(_ kind: String, _ title: String, _ status: Int, _ detail: String, allow: String? = nil) {
        self.kind = kind
        self.title = title
        self.status = status
        self.detail = detail
        self.allow = allow
    }

    static func malformed(_ detail: String, pointer: String? = nil) -> ProblemReply {
        ProblemReply(Problem(.malformed, detail, pointer: pointer))
    }

    static func notFound(_ detail: String) -> ProblemReply { ProblemReply(Problem(.notFound, detail)) }

    static func tooLarge(_ detail: String) -> ProblemReply { ProblemReply(Problem(.tooLarge, detail)) }

    static func methodNotAllowed(_ method: String, allow: String) -> ProblemReply {
        ProblemReply(
            "method-not-allowed", "the resource has no such method", 405, "`\(method)` is not `\(allow)`", allow: allow)
    }

    static func busy(_ detail: String) -> ProblemReply {
        ProblemReply(Problem(.unavailable, detail, retryAfter: ServiceLimits.retrySeconds))
    }

    /// A reading position that the log does not have.
    /// - Parameter size: the number of entries.
    static func position(_ after: UInt64, size: UInt64) -> ProblemReply {
        let detail = size == 0 ? "it has none yet" : "its last entry is \(size - 1)"
        var problem = ProblemReply(
            "position", "the log ends before the position", 409, "the log has no entry \(after): \(detail)")
        problem.sequence = size == 0 ? nil : size - 1
        return problem
    }

    static func notImplemented(_ detail: String) -> ProblemReply {
        ProblemReply("not-implemented", "not implemented", 501, detail)
    }

    static func mediaType(_ detail: String) -> ProblemReply {
        ProblemReply("media-type", "the content type is not accepted", 415, detail)
    }

    /// An internal failure, whose cause clients are not told.
    static let failure = ProblemReply(
        "failure", "the service failed", 500, "the request could not be answered; the log is not concerned")

    init(_ error: JSONError) {
        self = .malformed("byte \(error.offset): \(error.message)", pointer: error.pointer)
    }

    /// Writes the problem details object.
    func write(into out: inout ByteSink) {
        out.raw("{\"type\":")
        out.string("urn:docket:problem:" + kind)
        out.raw(",\"title\":")
        out.string(title)
        out.raw(",\"status\":")
        out.number(UInt64(status))
        out.raw(",\"detail\":")
        out.string(detail)
        if let pointer {
            out.raw(",\"pointer\":")
            out.string(pointer)
        }
        if let sequence {
            out.raw(",\"sequence\":")
            out.number(sequence)
        }
        out.raw("}")
    }

    var bytes: [UInt8] {
        var out = ByteSink(capacity: 512)
        write(into: &out)
        return out.bytes
    }

    var reply: Reply {
        var reply = Reply(status: status, type: "application/problem+json", bytes)
        if let retryAfter { reply.fields[.retryAfter] = String(retryAfter) }
        if let allow { reply.fields[.allow] = allow }
        return reply
    }
}
