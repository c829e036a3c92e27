import Foundation
import Glibc

/// A server on a port of this machine that answers requests with whatever bytes a test wants.
package final class StrangeServer: Sendable {
    /// The pieces of an answer, sent one after the other; an endless one never ends.
    package struct Answer: Sendable {
        package var pieces: [[UInt8]]
        package var pauseMicroseconds: UInt32
        /// Sends the last piece again and again.
        package var isEndless: Bool

        package init(pieces: [[UInt8]], pauseMicroseconds: UInt32 = 0, isEndless: Bool = false) {
            self.pieces = pieces
            self.pauseMicroseconds = pauseMicroseconds
            self.isEndless = isEndless
        }

        /// An answer as HTTP has it.
        package static func ok(_ body: [UInt8]) -> Answer {
            raw("HTTP/1.1 200 OK\r\nContent-Length: \(body.count)\r\n\r\n", body)
        }

        package static let missing = raw("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")

        package static func raw(_ head: String, _ body: [UInt8] = []) -> Answer {
            Answer(pieces: [Array(head.utf8) + body])
        }
    }

    package let port: UInt16
    private let listener: Int32
    private let answer: @Sendable (String) -> Answer

    /// - Parameter answer: gives the answer to a path.
    package init(_ answer: @escaping @Sendable (String) -> Answer) throws {
        self.answer = answer
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let (file, length) = (listener, size)
        let isBound = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(file, $0, length) == 0 && listen(file, 16) == 0 && getsockname(file, $0, &size) == 0
            }
        }
        guard isBound else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
        port = UInt16(bigEndian: address.sin_port)
        Thread.detachNewThread { [self] in accept() }
    }

    /// Frees the port.
    package func stop() { shutdown(listener, Int32(SHUT_RDWR)) }

    private func accept() {
        while true {
            let connection = Glibc.accept(listener, nil, nil)
            guard connection >= 0 else { return }
            Thread.detachNewThread { [self] in
                serve(connection)
                close(connection)
            }
        }
    }

    private func serve(_ connection: Int32) {
        while let path = Self.request(connection) {
            let answer = answer(path)
            for piece in answer.pieces {
                guard Self.send(piece, connection) else { return }
                usleep(answer.pauseMicroseconds)
            }
            while answer.isEndless, let last = answer.pieces.last, Self.send(last, connection) {
                usleep(answer.pauseMicroseconds)
            }
        }
    }

    private static func send(_ bytes: [UInt8], _ connection: Int32) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.send(connection, $0.baseAddress! + sent, $0.count - sent, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }

    private static func request(_ connection: Int32) -> String? {
        var head: [UInt8] = []
        var byte: UInt8 = 0
        while !head.suffix(4).elementsEqual("\r\n\r\n".utf8) {
            guard read(connection, &byte, 1) == 1 else { return nil }
            head.append(byte)
        }
        return String(decoding: head, as: UTF8.self).split(separator: " ").dropFirst().first.map(String.init)
    }
}
