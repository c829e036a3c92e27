import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import Synchronization
import UnixSignals

/// Answerer of the calls of one kind of service.
protocol CallAnswering: Sendable {
    func answer(_ call: Call) async -> Reply
}

/// The address at which a service listens.
package enum ListenAddress: Sendable, Hashable, CustomStringConvertible {
    /// A Unix socket of mode 0660.
    case socket(path: String)
    /// A port of this machine alone; 0 lets the system choose one.
    case loopback(host: String, port: Int)

    /// Reads `HOST:PORT`, where the host is `127.0.0.1`, `[::1]` or `localhost`, or a socket's path, which has a `/`.
    /// - Throws: for any other text, saying what is taken.
    package init(_ text: String) throws(ServiceError) {
        guard !text.contains("/") else {
            self = .socket(path: text)
            return
        }
        guard let colon = text.lastIndex(of: ":"), let port = QueryItems.number(text[text.index(after: colon)...]),
            port <= UInt16.max
        else {
            throw ServiceError("`\(text)` is neither `HOST:PORT` nor the path of a socket, such as `./docket.sock`")
        }
        let host = String(text[..<colon])
        switch host {
        case "localhost", "127.0.0.1": self = .loopback(host: "127.0.0.1", port: Int(port))
        case "[::1]": self = .loopback(host: "::1", port: Int(port))
        default:
            throw ServiceError(
                "`\(host)` is not an address of this machine alone, and nothing is encrypted: listen on 127.0.0.1 or "
                    + "[::1], or on a socket")
        }
    }

    package var description: String {
        switch self {
        case .socket(let path): path
        case .loopback(let host, let port): host == "::1" ? "http://[::1]:\(port)" : "http://\(host):\(port)"
        }
    }
}

/// Listener that answers HTTP/1.1 requests until it is told to stop. It holds connections to the limits of
/// `ServiceLimits` and a Unix socket's file to those of `SocketFile`.
final class HTTPServer: Sendable {
    private let address: ListenAddress
    private let socket: SocketFile?
    private let memory: MemoryBudget
    private let group: Mutex<ServiceGroup?> = Mutex(nil)
    private let failure: Mutex<ServiceError?> = Mutex(nil)
    private let identity: Mutex<SocketFile.Identity?> = Mutex(nil)

    /// Nobody can connect yet.
    /// - Throws: where the socket's path is unusable.
    init(_ address: ListenAddress, memory: MemoryBudget) throws(ServiceError) {
        FileLimit.raise()
        self.address = address
        self.memory = memory
        socket = if case .socket(let path) = address { try SocketFile(path) } else { nil }
    }

    /// Serves until SIGTERM or SIGINT, or until `stop` is called.
    /// - Parameters:
    ///   - handlesSignals: false leaves the process's signals alone.
    ///   - beside: what is ended before the connections are waited for.
    ///   - ready: called with the address once clients can connect.
    /// - Throws: where the address cannot be bound, or the socket given its mode and name.
    func run(
        _ answerer: any CallAnswering, handlesSignals: Bool, beside: [any Service] = [],
        ready: @escaping @Sendable (ListenAddress) -> Void
    ) async throws(ServiceError) {
        let server: any Service
        do { server = try self.server(answerer, ready) } catch { throw failure(error) }
        // Services stop in reverse order: streams end before the connections are waited for.
        var configuration = ServiceGroupConfiguration(
            services: [server] + beside, gracefulShutdownSignals: handlesSignals ? [.sigterm, .sigint] : [],
            logger: Self.logger)
        configuration.maximumGracefulShutdownDuration = .seconds(ServiceLimits.stopSecondsMax + 2)
        let group = ServiceGroup(configuration: configuration)
        self.group.withLock { $0 = group }
        var problem: ServiceError?
        do { try await group.run() } catch { problem = failure(error) }
        socket?.remove(identity.withLock { $0 })
        if let problem = failure.withLock({ $0 }) ?? problem { throw problem }
    }

    /// Tells `run` to return.
    func stop() async { await group.withLock { $0 }?.triggerGracefulShutdown() }

    private func failure(_ error: any Error) -> ServiceError { ServiceError("cannot serve on `\(address)`: \(error)") }

    /// Discards Hummingbird's messages, which add nothing to the service's own.
    private static let logger = Logger(label: "docket.http") { _ in SwiftLogNoOpLogHandler() }

    private func server(
        _ answerer: any CallAnswering, _ ready: @escaping @Sendable (ListenAddress) -> Void
    ) throws -> any Service {
        try socket?.prepare()
        let connections = Connections()
        var channel = HTTP1Channel.Configuration(
            additionalChannelHandlers: [ConnectionGuard(connections, memory: self.memory)],
            idleTimeout: .seconds(ServiceLimits.idleSecondsMax))
        channel.httpDecoder.maxHeaderFieldSize = ServiceLimits.headerBytesMax
        channel.httpDecoder.maxHeaderListSize = ServiceLimits.headerBytesMax
        channel.httpDecoder.maxHeaderFieldCount = ServiceLimits.headerFieldsMax
        let responder = Responder(answerer: answerer, connections: connections, memory: memory)
        let bound: BindAddress =
            switch address {
            case .socket(let path): .unixDomainSocket(path: socket?.temporaryPath ?? path)
            case .loopback(let host, let port): .hostname(host, port: port)
            }
        return try HTTPServerBuilder.http1(configuration: channel).buildServer(
            configuration: ServerConfiguration(address: bound, backlog: 1024),
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: Self.logger,
            responder: { request, writer, channel in
                try await responder.respond(to: request, on: channel, writer: writer)
            },
            onServerRunning: { [self] channel in await publish(channel, ready) })
    }

    private func publish(_ channel: any Channel, _ ready: @Sendable (ListenAddress) -> Void) async {
        do throws(ServiceError) {
            let connectionsMax = try FileLimit.connectionsMax()
            do {
                try await channel.eventLoop.submit {
                    let watch = AcceptGuard(connectionsMax: connectionsMax)
                    try channel.pipeline.syncOperations.addHandler(watch, position: .first)
                }.get()
            } catch {
                throw failure(error)
            }
            try socket?.publish()
            identity.withLock { $0 = socket?.identity() }
            guard case .loopback(let host, _) = address, let port = channel.localAddress?.port else {
                return ready(address)
            }
            ready(.loopback(host: host, port: port))
        } catch {
            failure.withLock { $0 = error }
            await stop()
        }
    }
}
