import Glibc

/// Up to one chunk of lines in a buffer, cut as the bytes come in.
struct VerifyLines {
    private(set) var number: UInt64 = 0
    private(set) var preceding: [UInt8]?
    private(set) var buffer: [UInt8] = []
    private var block: [UInt8] = []
    private(set) var ranges: [Range<Int>] = []
    private(set) var offsets: [UInt64] = []
    /// Where the line at hand starts, and up to where it was searched for its end.
    private var start = 0
    private var searched = 0
    /// The file offset of the line at hand, and how many of its bytes were dropped.
    private var offset: UInt64 = 0
    private var dropped = 0

    var count: Int { ranges.count }
    var isFull: Bool { ranges.count == VerifyChunk.entries }
    var lastLine: [UInt8]? { ranges.last.map { Array(buffer[$0]) } ?? preceding }

    /// Starts a chunk with bytes that were read before.
    mutating func begin(_ number: UInt64, _ preceding: [UInt8]?, _ carry: [UInt8], at offset: UInt64) {
        self.number = number
        self.preceding = preceding
        self.offset = offset
        buffer.removeAll(keepingCapacity: true)
        ranges.removeAll(keepingCapacity: true)
        offsets.removeAll(keepingCapacity: true)
        buffer += carry
        (start, searched, dropped) = (0, 0, 0)
        cut()
    }

    /// Reads a block and cuts the lines that end in it; gives how many bytes were read, 0 at the file's end.
    mutating func read(_ descriptor: Int32, _ path: String) throws(VerifyError) -> Int {
        if block.isEmpty { block = [UInt8](repeating: 0, count: VerifyExportSource.blockBytes) }
        var count = -1
        repeat {
            count = unsafe Glibc.read(descriptor, &block, block.count)
        } while count < 0 && errno == EINTR
        guard count >= 0 else { throw .file(operation: "read", path: path, code: errno) }
        buffer += block[..<count]
        cut()
        return count
    }

    /// Gives back the bytes behind the last line, and where they start in the file.
    func finish() -> (carry: [UInt8], offset: UInt64) { (Array(buffer[start...]), offset) }

    private mutating func cut() {
        while !isFull {
            let found = unsafe buffer.withUnsafeBytes { bytes -> Int? in
                guard searched < bytes.count, let base = bytes.baseAddress,
                    let end = unsafe memchr(base + searched, 0x0A, bytes.count - searched)
                else { return nil }
                return unsafe UnsafeRawPointer(end) - base
            }
            guard let end = found else {
                searched = buffer.count
                dropLongTail()
                return
            }
            ranges.append(start..<end)
            offsets.append(offset)
            offset += UInt64(end + 1 - start + dropped)
            start = end + 1
            searched = start
            dropped = 0
        }
    }

    private mutating func dropLongTail() {
        let surplus = buffer.count - start - VerifyExportSource.lineBytesKept
        guard surplus > 0 else { return }
        buffer.removeLast(surplus)
        dropped += surplus
        searched = buffer.count
    }
}
