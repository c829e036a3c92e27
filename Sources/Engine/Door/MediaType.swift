/// A media type with its parameters (RFC 9110, section 8.3.1), as `Content-Type` and `datacontenttype` spell it.
package struct MediaType: Hashable {
    /// Type and subtype in lower case.
    package let name: String
    /// The parameter `charset` in lower case.
    package let charset: String?

    /// Whether text of this type is UTF-8: it says so, or says nothing.
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
