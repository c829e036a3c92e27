import CommandKit
import Glibc

/// The head of a response, and the range of its body in the reader's buffer.
struct HTTPResponse {
    let status: Int
    fileprivate(set) var body = 0..<0
}

/// Parses HTTP/1.1 responses from a byte stream. The body of the current response is kept contiguous.
final class HTTPResponseReader {
    /// A longer head does not come from this service.
    static let headBytesMax = 64 << 10

    private var buffer: UnsafeMutableRawBufferPointer
    private var count = 0
    /// Bytes of responses that were already returned.
    private var consumed = 0
    private var head: Head?

    private struct Head {
        var response: HTTPResponse
        var bytes: Int
        var contentLength: Int?
        var isChunked = false
    }

    init(capacity: Int = 1 << 16) {
        buffer = .allocate(byteCount: capacity, alignment: 16)
    }

    deinit { buffer.deallocate() }

    /// The free end of the buffer, at least 64 KiB; call `filled` after writing into it.
    var room: UnsafeMutableRawBufferPointer {
        discardConsumed()
        let wanted = max(1 << 16, (head?.contentLength).map { ($0 + (head?.bytes ?? 0)) - count } ?? 0)
        if buffer.count - count < wanted {
            let larger = UnsafeMutableRawBufferPointer.allocate(
                byteCount: max(buffer.count * 2, count + wanted), alignment: 16)
            larger.copyMemory(from: UnsafeRawBufferPointer(buffer)[..<count].rebased)
            buffer.deallocate()
            buffer = larger
        }
        return UnsafeMutableRawBufferPointer(rebasing: buffer[count...])
    }

    /// Records how many bytes were written into `room`.
    func filled(_ bytes: Int) { count += bytes }

    /// The next complete response, or nil if more bytes are needed; its body is valid until `room` is used again.
    /// - Throws: `ClientError` if the bytes are not HTTP.
    func next() throws(ClientError) -> HTTPResponse? {
        discardConsumed()
        if head == nil { head = try readHead() }
        guard let head else { return nil }
        var response = head.response
        let available = count - head.bytes
        if head.isChunked {
            guard let (length, used) = try joinChunks(from: head.bytes) else { return nil }
            response.body = head.bytes..<head.bytes + length
            consumed = head.bytes + used
        } else {
            let length = head.contentLength ?? 0
            guard available >= length else { return nil }
            response.body = head.bytes..<head.bytes + length
            consumed = head.bytes + length
        }
        self.head = nil
        return response
    }

    private var received: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: buffer[..<count]) }

    /// The bytes of a response's body.
    func body(of response: HTTPResponse) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: buffer[response.body])
    }

    private func discardConsumed() {
        guard consumed > 0 else { return }
        let rest = count - consumed
        if rest > 0, let base = buffer.baseAddress { memmove(base, base + consumed, rest) }
        count = rest
        consumed = 0
    }

    // MARK: Head

    private func readHead() throws(ClientError) -> Head? {
        guard let end = ByteSearch.find("\r\n\r\n", rare: 0, in: received) else {
            if count > Self.headBytesMax { throw ClientError("what answers is no Docket service") }
            return nil
        }
        let length = end + 4
        let text = String(decoding: received[..<end], as: UTF8.self)
        var lines = text.split(separator: "\r\n", omittingEmptySubsequences: false)
        let statusLine = lines.removeFirst().split(separator: " ")
        guard statusLine.count >= 2, statusLine[0].hasPrefix("HTTP/1."), let status = Int(statusLine[1]) else {
            throw ClientError("what answers does not speak HTTP")
        }
        var head = Head(response: HTTPResponse(status: status), bytes: length)
        for line in lines {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            switch line[..<colon].lowercased() {
            case "content-length": head.contentLength = Int(value)
            case "transfer-encoding": head.isChunked = value.lowercased() == "chunked"
            default: break
            }
        }
        if status == 204 || status == 304 { head.contentLength = 0 }
        return head
    }

    // MARK: Chunks

    /// Moves the data of all chunks together once the last one has arrived; returns its length and the bytes the chunks
    /// took.
    private func joinChunks(from start: Int) throws(ClientError) -> (length: Int, used: Int)? {
        var chunks: [Range<Int>] = []
        var position = start
        while true {
            guard let lineEnd = lineEnd(from: position) else { return nil }
            let digits = String(decoding: buffer[position..<lineEnd].prefix { $0 != 0x3B }, as: UTF8.self)
            guard let size = Int(digits, radix: 16), size >= 0 else { throw ClientError("a chunk's size is not one") }
            position = lineEnd + 2
            guard count >= position + size + 2 else { return nil }
            if size == 0 {
                position += 2
                break
            }
            chunks.append(position..<position + size)
            position += size + 2
        }
        var length = 0
        for chunk in chunks {
            memmove(buffer.baseAddress! + start + length, buffer.baseAddress! + chunk.lowerBound, chunk.count)
            length += chunk.count
        }
        return (length, position - start)
    }

    private func lineEnd(from position: Int) -> Int? {
        ByteSearch.find("\r\n", rare: 0, in: received, from: position)
    }
}

extension Slice where Base == UnsafeRawBufferPointer {
    fileprivate var rebased: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: self) }
}

/// Search for short texts in bytes.
enum ByteSearch {
    /// The offset of `text` at or after `start`; nil if there is none.
    /// - Parameter rare: the index in `text` of a byte that is rare in the bytes searched.
    static func find(_ text: StaticString, rare: Int, in bytes: UnsafeRawBufferPointer, from start: Int = 0)
        -> Int?
    {
        let length = text.utf8CodeUnitCount
        guard let base = bytes.baseAddress else { return nil }
        var position = start
        while position + length <= bytes.count {
            let searched = bytes.count - position - length + 1
            guard let hit = memchr(base + position + rare, Int32(text.utf8Start[rare]), searched) else { return nil }
            position = UnsafeRawPointer(hit) - base - rare
            if memcmp(base + position, text.utf8Start, length) == 0 { return position }
            position += 1
        }
        return nil
    }
}
