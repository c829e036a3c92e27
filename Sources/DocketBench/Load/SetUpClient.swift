import CommandKit
import Glibc

/// Sends what goes before and after a load, each request on a connection of its own.
struct SetUpClient {
    /// An answer that does not come within this time is not waited for any longer.
    private static let answerSecondsMax = 60

    let path: String

    /// Sends a batch of events, none of which may be refused.
    func send(_ events: EventBytes) throws(ClientError) {
        var stream = RequestStream()
        stream.add(events, isBatch: true, count: 1)
        let (status, text) = try exchange(stream.bytes)
        guard status / 100 == 2, !text.contains("\"status\":\"refused\"") else {
            throw ClientError("setting up failed with status \(status): \(text.prefix(500))")
        }
    }

    /// The number of entries in the service's log, by its newest checkpoint.
    func logSize() throws(ClientError) -> Int {
        let (status, text) = try exchange(Array("GET /v1/checkpoint HTTP/1.1\r\nHost: docket\r\n\r\n".utf8))
        let lines = text.split(separator: "\n")
        guard status == 200, lines.count > 1, let size = Int(lines[1]) else {
            throw ClientError("the service gave no checkpoint (status \(status))")
        }
        return size
    }

    private func exchange(_ request: [UInt8]) throws(ClientError) -> (status: Int, body: String) {
        let socket = try UnixSocket(path: path)
        socket.limitWait(seconds: Self.answerSecondsMax)
        try socket.send(request)
        let reader = HTTPResponseReader()
        while true {
            if let response = try reader.next() {
                return (response.status, String(decoding: reader.body(of: response), as: UTF8.self))
            }
            let room = reader.room
            let count = recv(socket.descriptor, room.baseAddress, room.count, 0)
            if count > 0 {
                reader.filled(count)
            } else if count == 0 || errno != EINTR {
                throw ClientError("the service did not answer within \(Self.answerSecondsMax) s")
            }
        }
    }
}
