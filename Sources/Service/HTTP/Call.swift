import HTTPTypes
import NIOCore

/// One request, read and split, whatever carried it.
struct Call: Sendable {
    let method: String
    /// The path's words, percent-decoded.
    let path: [String]
    let query: QueryItems
    let fields: HTTPFields
    let body: ByteBuffer
    /// Who calls.
    let principal: String
    let connection: Connection
    /// What the request holds of the memory budget.
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

    /// Whether the client asks for a media type by name.
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
