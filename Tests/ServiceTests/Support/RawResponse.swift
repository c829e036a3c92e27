import JSON

/// A response as it came over the wire.
struct RawResponse: Sendable {
    let status: Int
    /// By their names in lower case.
    private let headers: [String: String]
    var body: [UInt8] = []

    init(head: String) {
        let lines = head.split(separator: "\r\n")
        status = lines.first.flatMap { Int($0.split(separator: " ")[1]) } ?? 0
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let pair = line.split(separator: ":", maxSplits: 1)
            headers[pair[0].lowercased()] = pair.count > 1 ? String(pair[1].drop { $0 == " " }) : ""
        }
        self.headers = headers
    }

    subscript(name: String) -> String? { headers[name] }

    var text: String { String(decoding: body, as: UTF8.self) }

    /// The body's lines.
    var lines: [String] { text.split(separator: "\n").map(String.init) }

    /// The body as JSON.
    var json: View { get throws { try Document.parse(body).root } }

    /// The answer to one event of an append.
    func event(_ index: Int = 0) throws -> View {
        guard let events = try json["events"], index < events.count else { return Document.emptyObject.root }
        return events.element(index)
    }

    /// The last part of the problem's type.
    var problem: String {
        get throws {
            let type = try json["type"]?.string ?? ""
            return type.hasPrefix("urn:docket:problem:") ? String(type.dropFirst(19)) : "no problem: " + text
        }
    }
}
