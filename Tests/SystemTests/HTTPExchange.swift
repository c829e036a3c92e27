import Foundation
import Glibc
import Testing

/// Client of a service on its socket, one request a connection, independent of the program's own client.
struct HTTPExchange {
    let socketPath: String

    init(_ socketPath: String) { self.socketPath = socketPath }

    /// The body of a successful answer.
    func body(_ target: String) throws -> String {
        let answer = try send("GET \(target) HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n")
        let parts = answer.components(separatedBy: "\r\n\r\n")
        try #require(answer.hasPrefix("HTTP/1.1 200"), "\(target): \(answer.prefix(300))")
        return parts.dropFirst().joined(separator: "\r\n\r\n").trimmingCharacters(in: .newlines)
    }

    /// The whole answer to a batch of events, given with commas between them.
    func post(_ events: String) throws -> String {
        let body = "[\(events)]"
        return try send(
            "POST /v1/events HTTP/1.1\r\nHost: test\r\nContent-Type: application/cloudevents-batch+json\r\n"
                + "Content-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n" + body)
    }

    /// Sends bytes as they are and returns everything that comes back until the connection closes.
    func send(_ request: String) throws -> String {
        let file = try connectedSocket(to: socketPath)
        defer { close(file) }
        let bytes = Array(request.utf8)
        try #require(bytes.withUnsafeBytes { write(file, $0.baseAddress, $0.count) } == bytes.count)
        var answer: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(file, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            try #require(count >= 0, "reading failed with error \(errno) after \(answer.count) bytes")
            guard count > 0 else { break }
            answer.append(contentsOf: chunk[..<count])
        }
        return String(decoding: answer, as: UTF8.self)
    }
}

/// Connects a new socket to a Unix socket's path.
/// - Returns: the descriptor, which the caller closes.
private func connectedSocket(to path: String) throws -> Int32 {
    let file = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    let size = socklen_t(MemoryLayout<sockaddr_un>.size)
    let result = withUnsafePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(file, $0, size) }
    }
    if result != 0 { close(file) }
    try #require(result == 0)
    return file
}

/// Resources of the service's process, read from `/proc`.
struct ServiceProcess {
    let pid: Int32

    /// A figure of `/proc/PID/status` in bytes, as `RssAnon`.
    func bytes(_ name: String) throws -> Int {
        let status = try String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix(name + ":") })
        return try #require(Int(line.filter(\.isNumber))) * 1024
    }

    /// Seconds of processor time so far.
    func seconds() throws -> Double {
        let stat = try String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)
        let fields = try #require(stat.split(separator: ")").last).split(separator: " ")
        return Double(try #require(Int(fields[11])) + (try #require(Int(fields[12]))))
            / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    /// The fraction of one processor that it uses while idle.
    func load(over seconds: Double = 2) async throws -> Double {
        let before = try self.seconds()
        try await Task.sleep(for: .seconds(seconds))
        return (try self.seconds() - before) / seconds
    }

    /// The soft limit of open files.
    func filesMax() throws -> Int {
        let limits = try String(contentsOfFile: "/proc/\(pid)/limits", encoding: .utf8)
        let line = try #require(limits.split(separator: "\n").first { $0.hasPrefix("Max open files") })
        return try #require(Int(line.split(separator: " ")[3]))
    }
}

/// A connection that sends and reads only when it is told to.
final class OpenConnection {
    private let file: Int32

    init(_ path: String) throws {
        file = try connectedSocket(to: path)
        _ = fcntl(file, F_SETFL, O_NONBLOCK)
    }

    deinit { close(file) }

    /// Sends as much as the socket takes now.
    /// - Returns: bytes sent.
    @discardableResult
    func send(_ bytes: [UInt8]) -> Int {
        max(0, bytes.withUnsafeBytes { Glibc.send(file, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) })
    }

    func get(_ target: String) { send(Array("GET \(target) HTTP/1.1\r\nHost: test\r\n\r\n".utf8)) }

    /// The first bytes that came; nil where none have yet.
    func answer() -> String? {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = recv(file, &buffer, buffer.count, 0)
        return count > 0 ? String(decoding: buffer[..<count], as: UTF8.self) : nil
    }
}
