import HTTPTypes
import JSON
import NIOCore

/// One event in binary mode: attributes in `ce-` headers, percent-encoded, and its data as the body.
enum BinaryEvent {
    static let prefix = "ce-"

    static func isOne(_ fields: HTTPFields) -> Bool {
        fields.contains { $0.name.canonicalName.utf8.starts(with: prefix.utf8) }
    }

    /// The same event as in structured mode.
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
