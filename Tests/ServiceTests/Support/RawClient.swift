import Dispatch
import Glibc
import JSON

/// One connection to the service's socket that sends any bytes, well-formed or not. It waits on a thread of its own,
/// not on those that the service runs on.
final class RawClient: @unchecked Sendable {
    /// The end of the connection, or nothing for two minutes: tests that compute share the service's threads.
    struct Closed: Error {}

    private let descriptor: Int32
    private let queue = DispatchQueue(label: "client")
    private var received: [UInt8] = []

    init(_ path: String) throws {
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { bytes in
            for (index, byte) in path.utf8.enumerated() { bytes[index] = byte }
        }
        let code = withUnsafePointer(to: &address) { address in
            address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard code == 0 else { throw Closed() }
        var patience = timeval(tv_sec: 120, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit { close(descriptor) }

    /// Sends bytes, as many as the connection takes before the service closes it.
    func send(_ bytes: [UInt8]) async {
        await run { [self] in
            var sent = 0
            while sent < bytes.count {
                let count = bytes.withUnsafeBytes {
                    Glibc.send(descriptor, $0.baseAddress! + sent, $0.count - sent, Int32(MSG_NOSIGNAL))
                }
                guard count > 0 else { return }
                sent += count
            }
        }
    }

    func send(_ text: String) async { await send(Array(text.utf8)) }

    /// Shuts down the sending side of the connection.
    func finishSending() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// The next response.
    func response() async throws -> RawResponse {
        try await run(throwing: { [self] in
            let head = try take(through: "\r\n\r\n")
            var response = RawResponse(head: head)
            if response.status == 100 { return response }
            if let length = response["content-length"].flatMap({ Int($0) }) {
                response.body = try take(length).utf8.map { $0 }
            } else if response["transfer-encoding"] == "chunked", response["content-type"] != "text/event-stream" {
                while let size = Int(try take(through: "\r\n").dropLast(2), radix: 16), size > 0 {
                    response.body += Array(try take(size + 2).utf8).dropLast(2)
                }
                _ = try take(through: "\r\n")
            }
            return response
        })
    }

    /// Reads up to and including a text.
    func text(through end: String) async throws -> String {
        try await run(throwing: { [self] in try take(through: end) })
    }

    /// Returns true if the service closes the connection without sending more.
    func isClosed() async -> Bool {
        await run { [self] in
            guard received.isEmpty else { return false }
            var byte: UInt8 = 0
            let count = recv(descriptor, &byte, 1, 0)
            return count == 0 || count < 0 && errno != EAGAIN
        }
    }

    func request(
        _ method: String, _ target: String, _ headers: [String: String] = [:], body: String? = nil
    ) async throws -> RawResponse {
        await send(Self.bytes(method, target, headers, body: body.map { Array($0.utf8) }))
        return try await response()
    }

    func get(_ target: String, _ headers: [String: String] = [:]) async throws -> RawResponse {
        try await request("GET", target, headers)
    }

    /// Appends one event in structured mode.
    func append(_ event: String, query: String = "", _ headers: [String: String] = [:]) async throws -> RawResponse {
        let all = headers.merging(["Content-Type": "application/cloudevents+json"]) { $1 }
        return try await request("POST", "/v1/events" + query, all, body: event)
    }

    /// Appends a batch.
    func append(batch events: [String], query: String = "") async throws -> RawResponse {
        try await request(
            "POST", "/v1/events" + query, ["Content-Type": "application/cloudevents-batch+json"],
            body: "[" + events.joined(separator: ",") + "]")
    }

    static func bytes(
        _ method: String, _ target: String, _ headers: [String: String] = [:], body: [UInt8]? = nil
    ) -> [UInt8] {
        var head = "\(method) \(target) HTTP/1.1\r\nHost: docket\r\n"
        for (name, value) in headers.sorted(by: { $0.key < $1.key }) { head += "\(name): \(value)\r\n" }
        if let body { head += "Content-Length: \(body.count)\r\n" }
        return Array((head + "\r\n").utf8) + (body ?? [])
    }

    // MARK: On the client's own thread

    private func run<T: Sendable>(_ body: @escaping @Sendable () -> T) async -> T {
        await withCheckedContinuation { continuation in
            queue.async { continuation.resume(returning: body()) }
        }
    }

    private func run<T: Sendable>(throwing body: @escaping @Sendable () throws -> T) async throws -> T {
        let result: Result<T, any Error> = await withCheckedContinuation { continuation in
            queue.async { continuation.resume(returning: Result { try body() }) }
        }
        return try result.get()
    }

    private func receive() throws {
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        let count = recv(descriptor, &bytes, bytes.count, 0)
        guard count > 0 else { throw Closed() }
        received += bytes[..<count]
    }

    private func take(_ count: Int) throws -> String {
        while received.count < count { try receive() }
        defer { received.removeFirst(count) }
        return String(decoding: received[..<count], as: UTF8.self)
    }

    private func take(through end: String) throws -> String {
        let end = Array(end.utf8)
        var searched = 0
        while true {
            if received.count >= end.count {
                for start in searched...(received.count - end.count)
                where received[start..<start + end.count].elementsEqual(end) {
                    return try take(start + end.count)
                }
                searched = received.count - end.count + 1
            }
            try receive()
        }
    }
}

/// A response as it came over the wire.
struct RawResponse: Sendable {
    let status: Int
    /// Headers by their names in lower case.
    private let headers: [String: String]
    var body: [UInt8] = []

    init(head: String) {
        let lines = head.split(separator: "\r\n")
        status = lines.first.flatMap { Int($0.split(separator: " ")[1]) } ?? 0
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let pair = line.split(separator: ":", maxSplits: 1)
            headers[pair[0].lowercased()] = pair.count > 1 ? String(pair[1].drop { $0 == " " }) : ""
        }
        self.headers = headers
    }

    subscript(name: String) -> String? { headers[name] }

    var text: String { String(decoding: body, as: UTF8.self) }

    /// The body's lines.
    var lines: [String] { text.split(separator: "\n").map(String.init) }

    /// The body as JSON.
    var json: View { get throws { try Document.parse(body).root } }

    /// The answer to one event of an append.
    func event(_ index: Int = 0) throws -> View {
        guard let events = try json["events"], index < events.count else { return Document.emptyObject.root }
        return events.element(index)
    }

    /// The last part of the problem's type.
    var problem: String {
        get throws {
            let type = try json["type"]?.string ?? ""
            return type.hasPrefix("urn:docket:problem:") ? String(type.dropFirst(19)) : "no problem: " + text
        }
    }
}
