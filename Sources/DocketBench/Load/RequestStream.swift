/// The requests of one connection, as bytes that are ready to be sent, in order.
struct RequestStream {
    private(set) var bytes: [UInt8] = []
    private(set) var requests: [Request] = []

    struct Request {
        let bytes: Range<Int>
        /// What the request counts for: events, or the payments in them.
        let count: Int
    }

    /// Adds a request of one event, or of a batch.
    mutating func add(_ events: EventBytes, isBatch: Bool, count: Int) {
        let type = isBatch ? "application/cloudevents-batch+json" : "application/cloudevents+json"
        let length = events.bytes.count + (isBatch ? 2 : 0)
        let start = bytes.count
        bytes.append(
            contentsOf:
                "POST /v1/events HTTP/1.1\r\nHost: docket\r\nContent-Type: \(type)\r\nContent-Length: \(length)\r\n\r\n"
                .utf8)
        if isBatch { bytes.append(0x5B) }
        bytes.append(contentsOf: events.bytes)
        if isBatch { bytes.append(0x5D) }
        requests.append(Request(bytes: start..<bytes.count, count: count))
    }

    var count: Int { requests.reduce(0) { $0 + $1.count } }
}
