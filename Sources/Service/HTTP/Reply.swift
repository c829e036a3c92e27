import HTTPTypes
import NIOCore

/// What a call is answered with.
struct Reply: Sendable {
    enum Body: Sendable {
        case bytes(ByteBuffer)
        /// A stream of server-sent events, written until the client goes or the service stops.
        case feed(EventFeed)
    }

    let status: Int
    var fields: HTTPFields
    let body: Body

    /// Bytes that it holds in memory; a stream accounts for its own.
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
    /// Where the next page goes on.
    static let docketNextAfter = HTTPField.Name("Docket-Next-After")!
    /// The newest entry that the answer knows of.
    static let docketSequence = HTTPField.Name("Docket-Sequence")!
    static let lastEventID = HTTPField.Name("Last-Event-ID")!
}
