import CommandKit
import FoundationEssentials

/// What the service answers for one event.
struct AppendResult: Decodable {
    let sequence: UInt64?
    let status: String
    let decisions: [Decision]?
    let problem: ProblemDetails?

    struct Decision: Decodable {
        let sequence: UInt64?
        let type: String
        let rule: String?
        let because: String?
        let subject: String?
    }

    /// Reads one element of the answer's `events`.
    static func decode(_ json: some Collection<UInt8>) throws(ClientError) -> AppendResult {
        do { return try JSONDecoder().decode(AppendResult.self, from: Data(json)) } catch {
            throw ClientError(
                "the service's answer is not what this program expects: `\(String(decoding: json.prefix(200), as: UTF8.self))`"
            )
        }
    }
}

/// Problem details (RFC 9457) as the service gives them.
struct ProblemDetails: Decodable {
    let title: String?
    let detail: String?
    let pointer: String?
    let status: Int?

    /// `detail (pointer)`
    var text: String {
        let what = detail ?? title ?? "refused"
        guard let pointer, !pointer.isEmpty else { return what }
        return "\(what) (at `\(pointer)`)"
    }

    static func decode(_ json: [UInt8]) -> ProblemDetails? {
        try? JSONDecoder().decode(ProblemDetails.self, from: Data(json))
    }
}
