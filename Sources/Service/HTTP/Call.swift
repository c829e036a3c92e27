import HTTPTypes
import NIOCore

/// One request, read and split, whatever its transport.
struct Call: Sendable {
    let method: String
    /// The path's words, percent-decoded.
    let path: [String]
    let query: QueryItems
    let fields: HTTPFields
    let body: ByteBuffer
    /// The calling principal.
    let principal: String
    let connection: Connection
    /// The request's share of the memory budget.
    let memory: MemoryShare

    /// - Throws: `malformed` for a path or query that is not percent-encoded UTF-8, or a parameter given twice.
    init(
        method: String, target: String, fields: HTTPFields = HTTPFields(), body: ByteBuffer = ByteBuffer(),
        principal: String = "local", connection: Connection = Connection(), memory: MemoryShare = MemoryShare()
    ) throws(ProblemReply) {
        let parts = target.utf8.split(separator: UInt8(ascii: "?"), maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, first.first == UInt8(ascii: "/") else {
            throw .malformed("the request target is not a path")
        }
        var path: [String] = []
        for word in first.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
            guard let decoded = PercentEncoding.decode(word) else {
                throw .malformed("the path is not percent-encoded UTF-8")
            }
            path.append(decoded)
        }
        self.method = method
        self.path = path
        query = try QueryItems(parts.count > 1 ? parts[1] : ""[...].utf8)
        self.fields = fields
        self.body = body
        self.principal = principal
        self.connection = connection
        self.memory = memory
    }

    /// Returns true if the client asks for a media type by name.
    func accepts(_ type: String) -> Bool {
        guard let accepted = fields[.accept] else { return false }
        return accepted.split(separator: ",").contains { item in
            trimmed(item.split(separator: ";").first ?? "").lowercased() == type
        }
    }

    private func trimmed(_ text: Substring) -> String {
        var text = text
        while let first = text.first, first == " " || first == "\t" { text.removeFirst() }
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        return String(text)
    }
}

/// The parameters of a request's query, each at most once. A plus sign is itself, as in the offset of a time.
struct QueryItems: Sendable {
    private var items: [(name: String, value: String)] = []

    init(_ query: Substring.UTF8View) throws(ProblemReply) {
        for item in query.split(separator: UInt8(ascii: "&")) {
            let pair = item.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            let words = pair.map { PercentEncoding.decode($0) }
            guard let name = words[0], let value = words.count > 1 ? words[1] : "" else {
                throw .malformed("the query is not percent-encoded UTF-8")
            }
            guard self[name] == nil else { throw .malformed("the parameter `\(name)` is given twice") }
            items.append((name, value))
        }
    }

    subscript(name: String) -> String? { items.first { $0.name.utf8.elementsEqual(name.utf8) }?.value }

    /// Refuses parameters that the call does not have, so that a misspelled one is not ignored.
    func allow(_ names: String...) throws(ProblemReply) {
        for item in items where !names.contains(item.name) {
            throw .malformed("the call has no parameter `\(item.name)`")
        }
    }

    /// `true` or `false`; absent is false.
    func flag(_ name: String) throws(ProblemReply) -> Bool {
        switch self[name] {
        case nil, "false": return false
        case "true", "": return true
        case .some(let other): throw .malformed("`\(name)` is `true` or `false`, not `\(other)`")
        }
    }

    /// A decimal number without sign or leading zeros.
    func number(_ name: String) throws(ProblemReply) -> UInt64? {
        guard let text = self[name] else { return nil }
        guard let value = Self.number(text) else {
            throw .malformed("`\(name)` is a whole number, not `\(text)`")
        }
        return value
    }

    /// A decimal number of at most 16 digits without sign or leading zeros, as sequences are written.
    static func number(_ text: some StringProtocol) -> UInt64? {
        guard let first = text.utf8.first, text.utf8.count <= 16, first != UInt8(ascii: "0") || text.utf8.count == 1,
            text.utf8.allSatisfy({ $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") })
        else { return nil }
        return UInt64(text)
    }
}

/// Percent-encoding as in RFC 3986, section 2.1.
enum PercentEncoding {
    /// The decoded text, or nil for a `%` without two hexadecimal digits and for what is not UTF-8.
    static func decode(_ text: some Sequence<UInt8>) -> String? {
        var bytes: [UInt8] = []
        var pending: (count: Int, value: UInt8) = (0, 0)
        for byte in text {
            if pending.count > 0 {
                guard let digit = digit(byte) else { return nil }
                pending = (pending.count - 1, pending.value << 4 | digit)
                if pending.count == 0 { bytes.append(pending.value) }
            } else if byte == UInt8(ascii: "%") {
                pending = (2, 0)
            } else {
                bytes.append(byte)
            }
        }
        guard pending.count == 0 else { return nil }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}
