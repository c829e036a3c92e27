import Glibc

/// A connected Unix stream socket, closed on deinit.
package final class UnixSocket {
    /// `sun_path` holds 108 bytes, the last of which is 0.
    package static let pathBytesMax = 107

    package let descriptor: Int32

    /// Connects to the service that listens at `path`.
    /// - Throws: `ClientError` if the path is too long or nobody listens there.
    package init(path: String) throws(ClientError) {
        let bytes = Array(path.utf8)
        guard bytes.count <= Self.pathBytesMax else {
            throw ClientError("socket path `\(path)` is longer than \(Self.pathBytesMax) bytes")
        }
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw ClientError("cannot make a socket: \(Self.lastError)") }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let size = socklen_t(MemoryLayout<sockaddr_un>.size)
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, size) }
        }
        guard result == 0 else {
            let reason = Self.lastError
            throw ClientError("cannot connect to `\(path)`: \(reason); is `docket serve` running?")
        }
    }

    deinit { close(descriptor) }

    /// Sends all bytes, blocking as long as it takes.
    /// - Throws: `ClientError` if the connection breaks.
    package func send(_ bytes: [UInt8]) throws(ClientError) {
        var sent = 0
        while sent < bytes.count {
            let count = retryingInterrupted {
                bytes.withUnsafeBytes {
                    Glibc.send(descriptor, $0.baseAddress! + sent, $0.count - sent, Int32(MSG_NOSIGNAL))
                }
            }
            guard count >= 0 else { throw ClientError("the connection broke while sending: \(Self.lastError)") }
            sent += count
        }
    }

    /// Sets the time after which a receive gives up.
    package func limitWait(seconds: Int) {
        var time = timeval(tv_sec: seconds, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
    }

    /// Makes calls return at once instead of blocking.
    package func setNonBlocking() {
        _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
    }

    package static var lastError: String { String(cString: strerror(errno)) }
}

/// Failure to talk to the service.
package struct ClientError: Error, CustomStringConvertible {
    package let description: String
    /// Indicates that the request was under way: the service may have taken it.
    package var wasSent = false

    package init(_ description: String) { self.description = description }
}
