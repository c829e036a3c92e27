import Engine
import EventLog

/// The calls of a mirror: the copy as a tlog-tiles directory, also below the SHA-256 of its origin as C2SP's tlog-mirror
/// lays it out, and the calls of a ledger that read the log alone. Everybody who can connect may make them.
struct MirrorCalls: CallAnswering {
    let log: LogCalls
    /// The lower-case hex SHA-256 of the log's origin.
    let originHash: String

    func answer(_ call: Call) async -> Reply {
        do throws(ProblemReply) {
            guard call.method == "GET" else { throw .methodNotAllowed(call.method, allow: "GET, HEAD") }
            return try await route(call)
        } catch {
            return error.reply
        }
    }

    private func route(_ call: Call) async throws(ProblemReply) -> Reply {
        var words = call.path[...]
        if words.count > 1, words.first == originHash { words = words.dropFirst() }
        switch (words.first, call.path.count) {
        case ("checkpoint", _) where words.count == 1: return try await log.checkpoint(call)
        case ("tile", _): return try await log.tile(call, words)
        case ("healthz", 1), ("readyz", 1): return .json(Array("{\"status\":\"ok\"}".utf8))
        case ("v1", 2...): return try await ledgerCall(call, words[1])
        default: throw noCall(call)
        }
    }

    private func ledgerCall(_ call: Call, _ name: String) async throws(ProblemReply) -> Reply {
        let words = call.path
        switch (name, words.count) {
        case ("events", 2): return try await log.events(call)
        case ("events", 3): return try await log.entry(call)
        case ("events", 4) where words[3] == "receipt": return try await log.receipt(call)
        case ("checkpoint", 2): return try await log.checkpoint(call)
        case ("consistency", 2): return try await log.consistency(call)
        case ("tlog", 3...): return try await log.tile(call, words.dropFirst(2))
        default: throw noCall(call)
        }
    }

    private func noCall(_ call: Call) -> ProblemReply {
        .notFound("a mirror has no call `/\(call.path.joined(separator: "/"))`")
    }
}
