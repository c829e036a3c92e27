import Dispatch
import Engine
import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import Synchronization
import UnixSignals

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
/// `OpenLedger` holds all of these; `LocalLedger` does without the socket. `HTTP.md` tells the protocol as clients see
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
    private let socket: SocketFile
    private let ledger: OpenLedger
    private let memory: MemoryBudget
    private let group: Mutex<ServiceGroup?> = Mutex(nil)
    private let failure: Mutex<ServiceError?> = Mutex(nil)
    private let identity: Mutex<SocketFile.Identity?> = Mutex(nil)

    /// Opens the ledger; nobody can connect yet.
    /// - Throws: where there is no ledger, its files or the socket's path are unusable, or another writer has it open.
    package init(_ options: Options) throws(ServiceError) {
        socketPath = options.socket ?? options.ledger.data.socket
        FileLimit.raise()
        memory = MemoryBudget(bytesMax: options.memoryBytes ?? MemoryDefault.bytes)
        // A missing ledger is reported before any fault of its socket.
        do { _ = try options.ledger.data.readInitial() } catch { throw ServiceError("\(error)") }
        socket = try SocketFile(socketPath)
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
        let server: any Service
        do { server = try self.server(ready: ready) } catch {
            throw ServiceError("cannot serve on `\(socketPath)`: \(error)")
        }
        // Services stop in reverse order: streams end before the connections are waited for.
        var configuration = ServiceGroupConfiguration(
            services: [server, StreamEnd(ledger: ledger)],
            gracefulShutdownSignals: handlesSignals ? [.sigterm, .sigint] : [], logger: Self.logger)
        configuration.maximumGracefulShutdownDuration = .seconds(ServiceLimits.stopSecondsMax + 2)
        let group = ServiceGroup(configuration: configuration)
        self.group.withLock { $0 = group }
        var problem: ServiceError?
        do { try await group.run() } catch { problem = ServiceError("cannot serve on `\(socketPath)`: \(error)") }
        socket.remove(identity.withLock { $0 })
        await withCheckedContinuation { [ledger] continuation in
            DispatchQueue(label: "docket.stop").async {
                ledger.stop()
                continuation.resume()
            }
        }
        if let problem = failure.withLock({ $0 }) ?? problem { throw problem }
    }

    /// Tells `run` to return.
    package func stop() async { await group.withLock { $0 }?.triggerGracefulShutdown() }

    /// Discards Hummingbird's messages, which add nothing to the service's own.
    private static let logger = Logger(label: "docket.http") { _ in SwiftLogNoOpLogHandler() }

    private func server(ready: @escaping @Sendable () -> Void) throws -> any Service {
        try socket.prepare()
        let connections = Connections()
        var channel = HTTP1Channel.Configuration(
            additionalChannelHandlers: [ConnectionGuard(connections, memory: self.memory)],
            idleTimeout: .seconds(ServiceLimits.idleSecondsMax))
        channel.httpDecoder.maxHeaderFieldSize = ServiceLimits.headerBytesMax
        channel.httpDecoder.maxHeaderListSize = ServiceLimits.headerBytesMax
        channel.httpDecoder.maxHeaderFieldCount = ServiceLimits.headerFieldsMax
        let responder = Responder(routes: Routes(ledger: ledger), connections: connections, memory: memory)
        return try HTTPServerBuilder.http1(configuration: channel).buildServer(
            configuration: ServerConfiguration(
                address: .unixDomainSocket(path: socket.temporaryPath), backlog: 1024),
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: Self.logger,
            responder: { request, writer, channel in
                try await responder.respond(to: request, on: channel, writer: writer)
            },
            onServerRunning: { [self] channel in await publish(channel, ready) })
    }

    private func publish(_ channel: any Channel, _ ready: @Sendable () -> Void) async {
        do throws(ServiceError) {
            let connectionsMax = try FileLimit.connectionsMax()
            do {
                try await channel.eventLoop.submit {
                    let watch = AcceptGuard(connectionsMax: connectionsMax)
                    try channel.pipeline.syncOperations.addHandler(watch, position: .first)
                }.get()
            } catch {
                throw ServiceError("cannot serve on `\(socketPath)`: \(error)")
            }
            try socket.publish()
            identity.withLock { $0 = socket.identity() }
            ready()
        } catch {
            failure.withLock { $0 = error }
            await stop()
        }
    }
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
