import Dispatch
import Engine
import ServiceLifecycle

/// `docket serve`: a ledger behind a Unix socket, until it is told to stop.
///
/// The way of a request: `ConnectionGuard` and `WireRules` hold its connection to RFC 9112, to time limits and to the
/// memory budget; Hummingbird parses it; `Responder` reads the body and makes a `Call`; `Routes` finds the call, checks
/// the caller's permission and answers with a `Reply`. Every refusal is a `ProblemReply` (RFC 9457).
///
/// Events go to `EventAppender`: on the caller's thread they are checked and their personal members sealed
/// (`PersonKeys`), on the sequencer's they are decided and committed, and `AppendReply` writes the answer from the
/// entries' bytes. Reads run on a bounded `ReadPool` beside the writer; a followed stream is an `EventFeed`, which
/// `CommitSignal` wakes.
///
/// `HTTPServer` listens. `OpenLedger` holds all of these; `LocalLedger` does without the socket. `HTTP.md` tells the protocol as clients see
/// it.
package final class LedgerService: Sendable {
    package struct Options: Sendable {
        package let ledger: LedgerOptions
        /// The socket's path; nil is `docket.sock` in the data directory.
        package var socket: String?
        /// Memory budget of requests and replies in progress, in bytes; nil is a quarter of the available memory.
        package var memoryBytes: Int?

        package init(_ ledger: LedgerOptions, socket: String? = nil) {
            self.ledger = ledger
            self.socket = socket
        }
    }

    /// The path of the socket.
    package let socketPath: String
    private let server: HTTPServer
    private let ledger: OpenLedger

    /// Opens the ledger; nobody can connect yet.
    /// - Throws: where there is no ledger, its files or the socket's path are unusable, or another writer has it open.
    package init(_ options: Options) throws(ServiceError) {
        socketPath = options.socket ?? options.ledger.data.socket
        // A missing ledger is reported before any fault of its socket.
        do { _ = try options.ledger.data.readInitial() } catch { throw ServiceError("\(error)") }
        server = try HTTPServer(
            .socket(path: socketPath), memory: MemoryBudget(bytesMax: options.memoryBytes ?? MemoryDefault.bytes))
        ledger = try OpenLedger(options.ledger)
    }

    /// Serves until SIGTERM or SIGINT, or until `stop` is called; then takes no new work, finishes the commit in
    /// progress, ends the streams and returns.
    /// - Parameters:
    ///   - handlesSignals: false leaves the process's signals alone.
    ///   - ready: called once clients can connect.
    /// - Throws: where the socket cannot be bound, or given its mode and name.
    package func run(handlesSignals: Bool = true, ready: @escaping @Sendable () -> Void = {}) async throws(ServiceError)
    {
        var problem: ServiceError?
        do throws(ServiceError) {
            try await server.run(
                Routes(ledger: ledger), handlesSignals: handlesSignals, beside: [StreamEnd(ledger: ledger)]
            ) { _ in ready() }
        } catch {
            problem = error
        }
        await withCheckedContinuation { [ledger] continuation in
            DispatchQueue(label: "docket.stop").async {
                ledger.stop()
                continuation.resume()
            }
        }
        if let problem { throw problem }
    }

    /// Tells `run` to return.
    package func stop() async { await server.stop() }
}

/// Ends followed streams and long-running work when the service is told to stop.
private struct StreamEnd: Service {
    let ledger: OpenLedger

    func run() async throws {
        try? await gracefulShutdown()
        ledger.signal.stop()
        ledger.sequencer.hurry()
    }
}
