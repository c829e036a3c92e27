import EventLog
import JSON

/// The one form in which events are laid out. CloudEvents has several ways to say the same: an attribute that is `null` is
/// one that was left out, JSON may come in `data_base64`, and its media type may have parameters.
enum RegularForm {
    /// The same event in that form; itself where it has it already, as nearly every event does.
    static func of(_ event: View) throws(Problem) -> View {
        guard event.kind == .object, !isRegular(event) else { return event }
        if let type = event["datacontenttype"], !type.isNull { try check(contentType: type) }
        var data: View?
        if let binary = event["data_base64"], !binary.isNull {
            guard event["data"].map(\.isNull) ?? true else {
                throw Problem(.invalidEvent, "`data` and `data_base64` exclude each other", pointer: "/data_base64")
            }
            data = try json(in: binary).root
        }
        var writer = CanonicalWriter(capacity: 1024)
        writer.beginObject()
        event.forEachMember { name, value in
            if let decoded = data, JCS.precedes("data", name) {
                writer.key("data")
                writer.value(decoded)
                data = nil
            }
            guard !value.isNull, name != "data_base64", name != "datacontenttype" else { return }
            writer.key(name)
            writer.value(value)
        }
        writer.endObject()
        do throws(JSONError) { return try Document(adopting: writer.bytes).root } catch {
            throw Problem(.invalidEvent, "`data_base64`: \(error.message)", pointer: "/data_base64")
        }
    }

    private static func isRegular(_ event: View) -> Bool {
        let document = event.document
        let end = document.nodeAfter(event.node)
        var node = event.node + 1
        while node < end {
            if document.kind(of: node) == .null { return false }
            switch unsafe document.withName(of: node, { unsafe EventAttribute($0) }) {
            case .binaryData: return false
            case .dataContentType:
                guard View(document: document, node: node).isString("application/json") else { return false }
            default: break
            }
            node = document.nodeAfter(node)
        }
        return true
    }

    private static func check(contentType: View) throws(Problem) {
        guard let text = contentType.string else {
            throw Problem(
                .invalidEvent, "`datacontenttype` is \(contentType.kind.article), not a string",
                pointer: "/datacontenttype")
        }
        let type = MediaType(text)
        guard type?.name == "application/json" else {
            throw Problem(
                .invalidEvent, "`datacontenttype` must be `application/json`, not `\(Shown.text(text))`",
                pointer: "/datacontenttype")
        }
        guard type?.isUTF8 == true else {
            throw Problem(
                .invalidEvent, "JSON is UTF-8; `datacontenttype` names another charset: `\(Shown.text(text))`",
                pointer: "/datacontenttype")
        }
    }

    private static func json(in binary: View) throws(Problem) -> Document {
        guard let bytes = binary.string.flatMap({ LogText.bytes(base64: $0) }) else {
            throw Problem(.invalidEvent, "`data_base64` is not base64", pointer: "/data_base64")
        }
        do throws(JSONError) { return try Document.parse(bytes) } catch {
            throw Problem(
                .invalidEvent, "`data_base64` does not hold JSON: byte \(error.offset): \(error.message)",
                pointer: "/data_base64")
        }
    }
}

/// Text of a client as messages repeat it: no more of it than a reader needs.
enum Shown {
    private static let charactersMax = 64

    static func text(_ text: String) -> String {
        // Counting the characters of a very long text would take long.
        guard text.utf8.count > charactersMax else { return text }
        let start = text.prefix(charactersMax)
        return start.endIndex == text.endIndex ? text : start + "…"
    }

    /// The pointer to a member; to the whole where the name is too long to be repeated.
    static func pointer(_ name: String) -> String {
        name.utf8.count <= Ingress.attributeBytesMax ? "/" + JSONPointer.escaped(name) : ""
    }
}

/// A media type with its parameters (RFC 9110, section 8.3.1), as `Content-Type` and `datacontenttype` spell it.
package struct MediaType: Hashable {
    /// Type and subtype in lower case.
    package let name: String
    /// The parameter `charset` in lower case.
    package let charset: String?

    /// Indicates that text of this type is UTF-8: it says so, or says nothing.
    package var isUTF8: Bool { charset == nil || charset == "utf-8" }

    /// Nil for text that is not a media type, and for a charset given twice.
    package init?(_ text: String) {
        var reader = Reader(rest: Array(text.utf8)[...])
        reader.skipSpace()
        guard let type = reader.token(), reader.skip("/"), let subtype = reader.token() else { return nil }
        var charset: String?
        reader.skipSpace()
        while reader.skip(";") {
            reader.skipSpace()
            // An empty parameter is tolerated, as RFC 9110 asks of recipients.
            guard let parameter = reader.token() else { continue }
            guard reader.skip("="), let value = reader.value() else { return nil }
            reader.skipSpace()
            guard parameter.lowercased() == "charset" else { continue }
            guard charset == nil else { return nil }
            charset = value.lowercased()
        }
        guard reader.rest.isEmpty else { return nil }
        name = (type + "/" + subtype).lowercased()
        self.charset = charset
    }

    private struct Reader {
        var rest: ArraySlice<UInt8>

        mutating func skipSpace() { rest = rest.drop { $0 == 0x20 || $0 == 0x09 } }

        mutating func skip(_ character: Unicode.Scalar) -> Bool {
            guard let first = rest.first, UInt32(first) == character.value else { return false }
            rest.removeFirst()
            return true
        }

        /// One or more of the characters of RFC 9110, section 5.6.2.
        mutating func token() -> String? {
            let token = rest.prefix { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
                default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
                }
            }
            rest = rest.dropFirst(token.count)
            return token.isEmpty ? nil : String(decoding: token, as: UTF8.self)
        }

        /// A token or a quoted string.
        mutating func value() -> String? {
            guard skip("\"") else { return token() }
            var text: [UInt8] = []
            while let byte = rest.popFirst(), byte >= 0x20 || byte == 0x09, byte != 0x7F {
                if byte == UInt8(ascii: "\"") { return String(validating: text, as: UTF8.self) }
                guard byte == UInt8(ascii: "\\") else {
                    text.append(byte)
                    continue
                }
                guard let escaped = rest.popFirst() else { return nil }
                text.append(escaped)
            }
            return nil
        }
    }
}
