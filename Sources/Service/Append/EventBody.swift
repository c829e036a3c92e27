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
        guard let media = call.mediaType else {
            throw .mediaType("the content type is missing: `application/cloudevents+json`")
        }
        guard media.charset == nil || media.charset == "utf-8" else { throw .mediaType("the charset must be UTF-8") }
        switch media.type {
        case "application/cloudevents-batch+json":
            try self.init(Self.parse(call.body), isBatch: true)
        case "application/cloudevents+json":
            try self.init(Self.parse(call.body), isBatch: false)
        case "application/json":
            if BinaryEvent.isOne(call.fields) {
                try self.init(BinaryEvent.document(call), isBatch: false)
            } else {
                let document = try Self.parse(call.body)
                try self.init(document, isBatch: document.kind(of: 0) == .array)
            }
        default:
            guard BinaryEvent.isOne(call.fields) else {
                throw .mediaType("`\(media.type)` is not accepted: `application/cloudevents+json`")
            }
            throw .mediaType("the data of an event is `application/json`, not `\(media.type)`")
        }
    }

    static func parse(_ body: ByteBuffer) throws(ProblemReply) -> Document {
        let parsed: Result<Document, JSONError> = unsafe body.withUnsafeReadableBytes { bytes in
            do throws(JSONError) { return .success(try unsafe Document.parse(bytes)) } catch { return .failure(error) }
        }
        switch parsed {
        case .success(let document): return document
        case .failure(let error): throw ProblemReply(error)
        }
    }
}
