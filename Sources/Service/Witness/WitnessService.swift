import Dispatch
import Engine
package import EventLog
import NIOCore

/// `docket witness serve`: a witness that logs ask to cosign their checkpoints (c2sp.org/tlog-witness).
///
/// `POST /add-checkpoint` is the protocol's call; `GET /<hex SHA-256 of the origin>/checkpoint` gives monitors the
/// checkpoint that was cosigned last.
package final class WitnessService: Sendable {
    private let server: HTTPServer
    private let calls: WitnessCalls

    /// Nobody can connect yet.
    /// - Throws: where the address is unusable.
    package init(_ directory: WitnessDirectory, at address: ListenAddress) throws(ServiceError) {
        server = try HTTPServer(address, memory: MemoryBudget(bytesMax: MemoryDefault.bytes))
        calls = WitnessCalls(directory: directory)
    }

    /// Serves until SIGTERM or SIGINT.
    /// - Parameter ready: called with the address once logs can connect.
    /// - Throws: where the address cannot be bound.
    package func run(ready: @escaping @Sendable (ListenAddress) -> Void) async throws(ServiceError) {
        try await server.run(calls, handlesSignals: true, ready: ready)
    }
}

/// The calls of a witness. A request waits for the disk, so it has a thread that is not the connections'.
private struct WitnessCalls: CallAnswering {
    let directory: WitnessDirectory
    private let queue = DispatchQueue(label: "docket.witness")

    init(directory: WitnessDirectory) { self.directory = directory }

    func answer(_ call: Call) async -> Reply {
        do throws(ProblemReply) {
            switch call.path {
            case ["add-checkpoint"]:
                guard call.method == "POST" else { throw .methodNotAllowed(call.method, allow: "POST") }
                try call.query.allow()
                return await add(Array(call.body.readableBytesView))
            case ["healthz"]: return try get(call) { .json(Array("{\"status\":\"ok\"}".utf8)) }
            default:
                guard call.path.count == 2, call.path[1] == "checkpoint" else {
                    throw .notFound("there is no call `/\(call.path.joined(separator: "/"))`")
                }
                return try get(call) { () throws(ProblemReply) in try checkpoint(call.path[0]) }
            }
        } catch {
            return error.reply
        }
    }

    private func get(_ call: Call, _ body: () throws(ProblemReply) -> Reply) throws(ProblemReply) -> Reply {
        guard call.method == "GET" else { throw .methodNotAllowed(call.method, allow: "GET, HEAD") }
        try call.query.allow()
        return try body()
    }

    private func add(_ request: [UInt8]) async -> Reply {
        let answer = await withCheckedContinuation { continuation in
            queue.async { continuation.resume(returning: directory.add(request)) }
        }
        if let failure = answer.failure { Notice.say("witness: \(failure)") }
        return Reply(status: answer.status, type: answer.type, answer.body)
    }

    private func checkpoint(_ hash: String) throws(ProblemReply) -> Reply {
        let note: [UInt8]?
        do throws(EventLogError) { note = try directory.checkpoint(ofOriginHash: hash) } catch { throw .failure }
        guard let note else { throw .notFound("no checkpoint of that log was cosigned") }
        return Reply(status: 200, type: "text/plain; charset=utf-8", note)
    }
}
