import CommandKit
import Glibc

/// Sends prepared requests over several connections from one thread, each connection one request at a time.
///
/// The client leaves the processor to the service: requests are encoded before the clock starts, and an answer is only
/// searched for its status and for rejections.
final class LoadRunner {
    struct Outcome {
        var seconds = 0.0
        /// Latency of each request.
        var nanoseconds: [UInt64] = []
        var count = 0
        /// Events that were refused or rejected by a decision.
        var failed = 0
        /// Requests that were sent again because the service asked for it (429 or 503).
        var postponed = 0
    }

    private static let answerMillisecondsMax: Int32 = 60_000

    private let connections: [LoadConnection]
    private var watched: [pollfd] = []
    private var outcome = Outcome()
    private var busy = 0

    init(path: String, streams: [RequestStream]) throws {
        connections = try streams.map { try LoadConnection(path: path, stream: $0) }
        outcome.nanoseconds.reserveCapacity(streams.reduce(0) { $0 + $1.requests.count })
        watched = connections.map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
    }

    /// Sends everything and waits for all answers.
    /// - Throws: `ClientError` where a connection breaks, an answer is late, or its status is not one of success.
    func run() throws -> Outcome {
        let clock = Stopwatch()
        for (index, connection) in connections.enumerated() where connection.hasMore {
            busy += 1
            try begin(connection, index)
        }
        while busy > 0 {
            let ready = retryingInterrupted {
                Int(poll(&watched, nfds_t(watched.count), Self.answerMillisecondsMax))
            }
            guard ready > 0 else { throw ClientError("no answer within \(Self.answerMillisecondsMax / 1000) s") }
            for index in watched.indices where watched[index].revents != 0 {
                try proceed(index, Int32(watched[index].revents))
            }
        }
        outcome.seconds = clock.seconds
        return outcome
    }

    /// Sends a load, and prints its measurement with the entries that it led to.
    /// - Throws: `Failure` where an event did not have the intended effect, `ClientError` where sending fails.
    static func measure(
        _ name: String, unit: String, _ streams: [RequestStream], with client: SetUpClient, json: Bool
    ) throws {
        let before = try client.logSize()
        let outcome = try LoadRunner(path: client.path, streams: streams).run()
        let entries = try client.logSize() - before
        var result = Measurement(
            name, count: outcome.count, unit: unit, seconds: outcome.seconds, nanoseconds: outcome.nanoseconds)
        result.entries = entries
        result.entriesPerSecond = Double(entries) / outcome.seconds
        result.failed = outcome.failed
        try result.print(json: json)
        if outcome.postponed > 0 { Console.message("\(outcome.postponed) requests were asked to wait and sent again") }
        if outcome.failed > 0 {
            throw Failure.refused("\(outcome.failed) events did not have the effect they were to have")
        }
    }

    private func proceed(_ index: Int, _ events: Int32) throws {
        let connection = connections[index]
        if events & POLLOUT != 0 { watch(index, writing: try !connection.write()) }
        guard events & (POLLIN | POLLHUP | POLLERR) != 0, let response = try connection.read() else { return }
        try take(response, of: connection)
        if connection.hasMore {
            try begin(connection, index)
        } else {
            busy -= 1
        }
    }

    private func begin(_ connection: LoadConnection, _ index: Int) throws {
        connection.start()
        watch(index, writing: try !connection.write())
    }

    private func take(_ response: HTTPResponse, of connection: LoadConnection) throws {
        let body = connection.body(of: response)
        switch response.status {
        case 200, 201:
            outcome.nanoseconds.append(connection.elapsed)
            outcome.count += connection.current.count
            outcome.failed += Self.occurrences(of: "rejected\"", rare: 2, in: body)
            if response.status == 200 { outcome.failed += Self.occurrences(of: "\"refused\"", rare: 3, in: body) }
            connection.advance()
        case 429, 503:
            outcome.postponed += 1
            usleep(20_000)
        default:
            throw ClientError("status \(response.status): \(String(decoding: body.prefix(500), as: UTF8.self))")
        }
    }

    private func watch(_ index: Int, writing: Bool) {
        watched[index].events = Int16(writing ? POLLIN | POLLOUT : POLLIN)
    }

    private static func occurrences(of text: StaticString, rare: Int, in body: UnsafeRawBufferPointer) -> Int {
        var count = 0
        var position = 0
        while let found = ByteSearch.find(text, rare: rare, in: body, from: position) {
            count += 1
            position = found + text.utf8CodeUnitCount
        }
        return count
    }
}

/// One connection of the load generator, with its position in its requests.
final class LoadConnection {
    private let socket: UnixSocket
    private let stream: RequestStream
    private let reader = HTTPResponseReader()
    private var index = 0
    private var sent = 0
    private var started: UInt64 = 0

    init(path: String, stream: RequestStream) throws {
        socket = try UnixSocket(path: path)
        self.stream = stream
        var size: Int32 = 1 << 20
        setsockopt(socket.descriptor, SOL_SOCKET, SO_SNDBUF, &size, socklen_t(MemoryLayout<Int32>.size))
        socket.setNonBlocking()
    }

    var descriptor: Int32 { socket.descriptor }
    var hasMore: Bool { index < stream.requests.count }
    var current: RequestStream.Request { stream.requests[index] }

    /// Nanoseconds since the request in progress was started.
    var elapsed: UInt64 { Stopwatch.nanoseconds - started }

    func start() {
        sent = 0
        started = Stopwatch.nanoseconds
    }

    func advance() { index += 1 }

    /// Sends as much of the request as the socket takes.
    /// - Returns: true if that was all.
    func write() throws -> Bool {
        let range = current.bytes
        return try stream.bytes.withUnsafeBytes { bytes in
            while sent < range.count {
                let count = retryingInterrupted {
                    send(
                        descriptor, bytes.baseAddress! + range.lowerBound + sent, range.count - sent,
                        Int32(MSG_NOSIGNAL))
                }
                if count < 0 {
                    if errno == EAGAIN { return false }
                    throw ClientError("the connection broke while sending: \(UnixSocket.lastError)")
                }
                sent += count
            }
            return true
        }
    }

    /// Reads the bytes that are there; returns the answer once it is whole.
    func read() throws -> HTTPResponse? {
        while true {
            let room = reader.room
            let count = retryingInterrupted { recv(descriptor, room.baseAddress, room.count, 0) }
            if count == 0 { throw ClientError("the service closed the connection before it answered") }
            if count < 0 {
                if errno == EAGAIN { return nil }
                throw ClientError("the connection broke while waiting for an answer: \(UnixSocket.lastError)")
            }
            reader.filled(count)
            if let response = try reader.next() { return response }
            if count < room.count { return nil }
        }
    }

    func body(of response: HTTPResponse) -> UnsafeRawBufferPointer { reader.body(of: response) }
}
