import Engine
import HTTPTypes
import JSON
import NIOCore

/// The events of a request, read from any of the three modes of the CloudEvents HTTP binding.
struct EventBody: Sendable {
    let document: Document
    let isBatch: Bool
    /// The events in the client's order.
    let events: [View]

    init(_ document: Document, isBatch: Bool) throws(ProblemReply) {
        if isBatch {
            guard document.kind(of: 0) == .array else {
                throw .malformed("a batch is a JSON array of events", pointer: "")
            }
            guard document.count(of: 0) <= ServiceLimits.batchEventsMax else {
                throw .tooLarge(
                    "the batch has \(document.count(of: 0)) events; at most \(ServiceLimits.batchEventsMax)")
            }
        }
        self.document = document
        self.isBatch = isBatch
        events = isBatch ? document.root.children.map { $0 } : [document.root]
    }

    init(_ call: Call) throws(ProblemReply) {
        guard call.fields[.contentEncoding] == nil else { throw .mediaType("no content encoding is accepted") }
        let isBinary = BinaryEvent.isOne(call.fields)
        guard let text = call.fields[.contentType] else {
            // The content type is that of the data, and data without one is JSON.
            guard isBinary else { throw .mediaType("the content type is missing: \(Self.modes)") }
            try self.init(BinaryEvent.document(call), isBatch: false)
            return
        }
        guard let media = MediaType(text) else { throw .mediaType("the content type is not one: \(Self.modes)") }
        guard media.isUTF8 else { throw .mediaType("the charset must be UTF-8") }
        switch media.name {
        case "application/cloudevents-batch+json": try self.init(Self.parse(call), isBatch: true)
        case "application/cloudevents+json": try self.init(Self.parse(call), isBatch: false)
        case "application/json" where isBinary: try self.init(BinaryEvent.document(call), isBatch: false)
        case "application/json":
            let document = try Self.parse(call)
            try self.init(document, isBatch: document.kind(of: 0) == .array)
        case let name where isBinary:
            throw .mediaType("the data of an event in `ce-` headers is `application/json`, not `\(name)`")
        case let name: throw .mediaType("`\(name)` is not accepted: \(Self.modes)")
        }
    }

    /// The three modes, for those who send something else.
    private static let modes =
        "send one event as `application/cloudevents+json`, several as `application/cloudevents-batch+json`, or the "
        + "attributes in `ce-` headers and the data as `application/json`"

    /// Parses a request's body, for whose values there must be memory.
    static func parse(_ call: Call) throws(ProblemReply) -> Document {
        let document = try parse(call.body)
        // Many small values have a larger index than the share of a body counts on.
        try call.memory.hold(bodyOf: call.body.readableBytes, index: document.indexBytes)
        return document
    }

    private static func parse(_ body: ByteBuffer) throws(ProblemReply) -> Document {
        let parsed: Result<Document, JSONError> = unsafe body.withUnsafeReadableBytes { bytes in
            do throws(JSONError) { return .success(try unsafe Document.parse(bytes)) } catch { return .failure(error) }
        }
        switch parsed {
        case .success(let document): return document
        case .failure(let error): throw ProblemReply(error)
        }
    }
}
