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
package final class LedgerService: Sendable {
    package struct Options: Sendable {
        package let ledger: LedgerOptions
        /// The socket's path; nil is `docket.sock` in the data directory.
        package var socket: String?
        /// The bytes that requests and replies under way may hold; nil is a quarter of the memory there is.
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
    package init(_ options: Options) throws(ServiceError) {
        socketPath = options.socket ?? options.ledger.data.socket
        FileLimit.raise()
        memory = MemoryBudget(bytesMax: options.memoryBytes ?? MemoryDefault.bytes)
        // Who names no ledger is told that, not what its socket lacks.
        do { _ = try options.ledger.data.readInitial() } catch { throw ServiceError("\(error)") }
        socket = try SocketFile(socketPath)
        ledger = try OpenLedger(options.ledger)
    }

    /// Serves until SIGTERM or SIGINT, or until `stop` is called; then takes no new work, finishes the commit under way,
    /// ends the streams and returns.
    /// - Parameters:
    ///   - handlesSignals: false leaves the process's signals alone.
    ///   - ready: called once clients can connect.
    package func run(handlesSignals: Bool = true, ready: @escaping @Sendable () -> Void = {}) async throws(ServiceError)
    {
        let server: any Service
        do { server = try self.server(ready: ready) } catch {
            throw ServiceError("cannot serve on `\(socketPath)`: \(error)")
        }
        // They are stopped in the reverse order: streams end before the connections are waited for.
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

    /// Hummingbird says nothing that the service's own answers and messages do not say.
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

/// Ends the followed streams, and what would take long, when the service is told to stop.
private struct StreamEnd: Service {
    let ledger: OpenLedger

    func run() async throws {
        try? await gracefulShutdown()
        ledger.signal.stop()
        ledger.sequencer.hurry()
    }
}
