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

    /// The three modes, as told to a client that sends something else.
    private static let modes =
        "send one event as `application/cloudevents+json`, several as `application/cloudevents-batch+json`, or the "
        + "attributes in `ce-` headers and the data as `application/json`"

    /// Parses a request's body and takes memory for its values.
    /// - Throws: `malformed` for what is not JSON, `unavailable` where memory is short.
    static func parse(_ call: Call) throws(ProblemReply) -> Document {
        let document = try parse(call.body)
        // Many small values have a larger index than a body's share allows for.
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

/// One event in binary mode: attributes in `ce-` headers, percent-encoded, and its data as the body.
enum BinaryEvent {
    static let prefix = "ce-"

    static func isOne(_ fields: HTTPFields) -> Bool {
        fields.contains { $0.name.canonicalName.utf8.starts(with: prefix.utf8) }
    }

    /// The event as it would come in structured mode.
    /// - Throws: `malformed` for a header that is not an attribute, is given twice or is not percent-encoded UTF-8.
    static func document(_ call: Call) throws(ProblemReply) -> Document {
        var members: [(name: String, value: String?)] = [("datacontenttype", "application/json")]
        for field in call.fields {
            let header = field.name.canonicalName
            guard header.utf8.starts(with: prefix.utf8) else { continue }
            let name = String(header.dropFirst(prefix.count))
            guard name != "data", name != "datacontenttype", name != "data_base64" else {
                throw .malformed("`\(header)` is not a header of binary mode")
            }
            guard !members.contains(where: { $0.name == name }) else { throw .malformed("`\(header)` is given twice") }
            guard let value = unquoted(field.value).flatMap({ PercentEncoding.decode($0) }) else {
                throw .malformed("`\(header)` is not percent-encoded UTF-8")
            }
            members.append((name, value))
        }
        var data: Document?
        if call.body.readableBytes > 0 {
            data = try EventBody.parse(call)
            members.append(("data", nil))
        }
        members.sort { JCS.precedes($0.name, $1.name) }
        var writer = CanonicalWriter(capacity: 512 + call.body.readableBytes)
        writer.beginObject()
        for (name, value) in members {
            writer.key(name)
            if let value { writer.string(value) } else if let data { writer.value(data.root) }
        }
        writer.endObject()
        do throws(JSONError) { return try Document.parse(writer.bytes) } catch { throw ProblemReply(error) }
    }

    /// A header's value without the quotes that older senders put around it (RFC 9110, section 5.6.4).
    private static func unquoted(_ value: String) -> [UInt8]? {
        let bytes = Array(value.utf8)
        guard bytes.first == UInt8(ascii: "\"") else { return bytes }
        guard bytes.count >= 2, bytes.last == UInt8(ascii: "\"") else { return nil }
        var text: [UInt8] = []
        var isEscaped = false
        for byte in bytes.dropFirst().dropLast() {
            if !isEscaped, byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else {
                text.append(byte)
                isEscaped = false
            }
        }
        return isEscaped ? nil : text
    }
}

/// One line of a file of events, before it is sent.
package enum EventLine {
    /// Returns true if the line is one whole JSON value that the service can read.
    ///
    /// Only such lines may be put into an array: two others might make up one event, or one might make up two.
    package static func isJSON(_ line: [UInt8]) -> Bool {
        do throws(JSONError) {
            _ = try Document.parse(line)
            return true
        } catch {
            return false
        }
    }
}
