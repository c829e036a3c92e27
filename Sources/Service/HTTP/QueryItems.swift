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
