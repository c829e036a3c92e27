import Glibc
import Synchronization
import TransparencyLog

/// An NDJSON export and the checkpoint beside it.
final class VerifyExportSource: VerifySource {
    /// Longer lines are cut to this length: they exceed the entry limit anyway, and memory stays bounded.
    static let lineBytesKept = 1 << 17
    static let blockBytes = 1 << 20

    /// The reading position; one thread at a time cuts the next chunk.
    struct Place {
        var number: UInt64 = 0
        /// Bytes read beyond the last full chunk.
        var carry: [UInt8] = []
        /// The file offset of the first of these bytes.
        var offset: UInt64 = 0
        /// The entry before these bytes.
        var preceding: [UInt8]?
        var isAtEnd = false
        var isTorn = false
    }

    let path: String
    let checkpointPath: String
    let descriptor: Int32
    private let place = Mutex(Place())

    init(path: String, checkpoint: String?) throws(VerifyError) {
        self.path = path
        checkpointPath = checkpoint ?? path + ".checkpoint"
        descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .file(operation: "open", path: path, code: errno) }
    }

    deinit { close(descriptor) }

    func newestCheckpoint() throws(VerifyError) -> [UInt8]? {
        try VerifyFile.read(checkpointPath, most: SignedNote.bytesMax + 1)
    }

    func reader() throws(VerifyError) -> any VerifyReader { VerifyExportReader(self) }
    func isTorn() -> Bool { place.withLock { $0.isTorn } }
    var entriesExpected: UInt64? { nil }

    /// Cuts the next chunk into `lines`; returns false if none is left.
    func takeChunk(_ lines: inout VerifyLines) throws(VerifyError) -> Bool {
        try place.withLock { place throws(VerifyError) -> Bool in
            guard !place.isAtEnd || !place.carry.isEmpty else { return false }
            lines.begin(place.number, place.preceding, place.carry, at: place.offset)
            while !lines.isFull, !place.isAtEnd { place.isAtEnd = try lines.read(descriptor, path) == 0 }
            (place.carry, place.offset) = lines.finish()
            if place.isAtEnd, lines.count < VerifyChunk.entries {
                place.isTorn = !place.carry.isEmpty
                place.carry = []
            }
            place.number += 1
            place.preceding = lines.lastLine
            return lines.count > 0
        }
    }
}

/// One thread's reader of an export.
final class VerifyExportReader: VerifyReader {
    private let source: VerifyExportSource
    private var lines = VerifyLines()

    init(_ source: VerifyExportSource) { self.source = source }

    func withNextChunk(_ body: (VerifyChunk) throws(VerifyError) -> Void) throws(VerifyError) -> Bool {
        guard try source.takeChunk(&lines) else { return false }
        let preceding = lines.preceding ?? []
        unsafe try lines.buffer.withUnsafeBufferPointer { buffer throws(VerifyError) in
            unsafe try preceding.withUnsafeBufferPointer { preceding throws(VerifyError) in
                let base = UnsafeRawBufferPointer(buffer)
                let entries = unsafe lines.ranges.map { unsafe UnsafeRawBufferPointer(rebasing: base[$0]) }
                unsafe try entries.withUnsafeBufferPointer { entries throws(VerifyError) in
                    unsafe try lines.offsets.withUnsafeBufferPointer { offsets throws(VerifyError) in
                        let before = lines.number > 0 ? UnsafeRawBufferPointer(preceding) : nil
                        unsafe try body(
                            VerifyChunk(number: lines.number, preceding: before, bytes: entries, locators: offsets))
                    }
                }
            }
        }
        return true
    }

    func entry(_ locator: UInt64) throws(VerifyError) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: VerifyEntryReader.entryBytesMax + 1)
        let count = unsafe pread(source.descriptor, &bytes, bytes.count, off_t(clamping: locator))
        guard count >= 0 else { throw .file(operation: "read", path: source.path, code: errno) }
        return bytes[..<count].firstIndex(of: 0x0A).map { Array(bytes[..<$0]) }
    }

    func tile(_ level: Int, _ index: UInt64, _ width: Int) throws(VerifyError) -> [Hash256]? { nil }
}

/// Up to one chunk of lines in a buffer, cut as the bytes come in.
struct VerifyLines {
    private(set) var number: UInt64 = 0
    private(set) var preceding: [UInt8]?
    private(set) var buffer: [UInt8] = []
    private var block: [UInt8] = []
    private(set) var ranges: [Range<Int>] = []
    private(set) var offsets: [UInt64] = []
    /// The start of the current line, and how far it has been searched for its end.
    private var start = 0
    private var searched = 0
    /// The file offset of the current line, and the number of its bytes that were dropped.
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

    /// Reads a block and cuts the lines that end in it; returns the number of bytes read, 0 at the end of the file.
    mutating func read(_ descriptor: Int32, _ path: String) throws(VerifyError) -> Int {
        if block.isEmpty { block = [UInt8](repeating: 0, count: VerifyExportSource.blockBytes) }
        let count = try VerifyFile.readBlock(descriptor, path, into: &block)
        buffer += block[..<count]
        cut()
        return count
    }

    /// The bytes after the last line, and their file offset.
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
