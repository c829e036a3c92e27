import CommandKit
import Glibc

/// One connection of the load generator and where it is in its requests.
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

    /// Sends as much of the request as the socket takes: whether that was all.
    func write() throws -> Bool {
        let range = current.bytes
        return try stream.bytes.withUnsafeBytes { bytes in
            while sent < range.count {
                let count = send(
                    descriptor, bytes.baseAddress! + range.lowerBound + sent, range.count - sent,
                    Int32(MSG_NOSIGNAL))
                if count < 0 {
                    if errno == EAGAIN { return false }
                    if errno == EINTR { continue }
                    throw ClientError("the connection broke while sending: \(UnixSocket.lastError)")
                }
                sent += count
            }
            return true
        }
    }

    /// Reads what is there: the answer, once it is whole.
    func read() throws -> HTTPResponse? {
        while true {
            let room = reader.room
            let count = recv(descriptor, room.baseAddress, room.count, 0)
            if count == 0 { throw ClientError("the service closed the connection before it answered") }
            if count < 0 {
                if errno == EAGAIN { return nil }
                if errno == EINTR { continue }
                throw ClientError("the connection broke while waiting for an answer: \(UnixSocket.lastError)")
            }
            reader.filled(count)
            if let response = try reader.next() { return response }
            if count < room.count { return nil }
        }
    }

    func body(of response: HTTPResponse) -> UnsafeRawBufferPointer { reader.body(of: response) }
}
