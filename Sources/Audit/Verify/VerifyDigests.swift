import Glibc

/// External merge sort of one thread's digests: full runs are sorted and spilled to files, so memory does not grow with
/// the log.
struct VerifyDigests {
    /// The number of digests that a run holds in memory: 32 MiB.
    static let runDigests = 1 << 20

    private let runDigests: Int
    private var digests: [VerifyDigest] = []
    private var runs: [VerifyDigestRun] = []

    init(runDigests: Int = Self.runDigests) { self.runDigests = runDigests }

    mutating func append(_ digest: VerifyDigest) throws(VerifyError) {
        if digests.count == runDigests {
            runs.append(.file(try VerifyDigestFile(Self.sorted(digests))))
            digests.removeAll(keepingCapacity: true)
        }
        digests.append(digest)
    }

    /// All runs, each sorted.
    consuming func finish() -> [VerifyDigestRun] { runs + [.memory(Self.sorted(digests))] }

    /// Sorts by the first 16 bits into buckets, then within each bucket: digests are evenly distributed.
    static func sorted(_ digests: [VerifyDigest]) -> [VerifyDigest] {
        guard digests.count > 1 << 12 else { return digests.sorted(by: <) }
        var starts = [Int](repeating: 0, count: (1 << 16) + 1)
        for digest in digests { starts[Int(digest.high >> 48) + 1] += 1 }
        for i in 1..<starts.count { starts[i] += starts[i - 1] }
        var next = starts
        var out = unsafe [VerifyDigest](unsafeUninitializedCapacity: digests.count) { buffer, initialized in
            for digest in digests {
                let bucket = Int(digest.high >> 48)
                unsafe (buffer.baseAddress! + next[bucket]).initialize(to: digest)
                next[bucket] += 1
            }
            initialized = digests.count
        }
        for bucket in 0..<(1 << 16) where starts[bucket + 1] - starts[bucket] > 1 {
            let range = starts[bucket]..<starts[bucket + 1]
            range.count > 64 ? out[range].sort(by: <) : insertionSort(&out, range)
        }
        return out
    }

    private static func insertionSort(_ digests: inout [VerifyDigest], _ range: Range<Int>) {
        for i in (range.lowerBound + 1)..<range.upperBound {
            let digest = digests[i]
            var j = i
            while j > range.lowerBound, digest < digests[j - 1] {
                digests[j] = digests[j - 1]
                j -= 1
            }
            digests[j] = digest
        }
    }
}

/// Keyed 128-bit digests of sources and ids; the key differs in each process, so that collisions cannot be made, which
/// would only cost time: what has one digest is compared in full.
struct VerifyDigestSeed: Sendable {
    static let shared = VerifyDigestSeed()

    private let keys: (UInt64, UInt64, UInt64, UInt64)

    private init() {
        func key() -> UInt64 { UInt64.random(in: 0...(.max)) | 1 }
        keys = (key(), key(), key(), key())
    }

    @inline(__always)
    private static func mix(_ a: UInt64, _ b: UInt64) -> UInt64 {
        let (high, low) = a.multipliedFullWidth(by: b)
        return high ^ low
    }

    @inline(__always)
    private static func word(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> UInt64 {
        unsafe bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
    }

    /// Two hashes of a text.
    @inline(__always)
    private func hash(_ text: UnsafeRawBufferPointer) -> (UInt64, UInt64) {
        var a = keys.0 ^ UInt64(text.count), b = keys.1
        var i = 0
        func take(_ x: UInt64, _ y: UInt64) {
            a = Self.mix(a ^ x, keys.2 ^ y)
            b = Self.mix(b ^ y, keys.3 ^ x) &+ a
        }
        while i + 16 < text.count {
            unsafe take(Self.word(text, i), Self.word(text, i + 8))
            i += 16
        }
        if text.count >= 16 {
            unsafe take(Self.word(text, text.count - 16), Self.word(text, text.count - 8))
        } else {
            var x: UInt64 = 0, y: UInt64 = 0
            for k in 0..<text.count {
                let byte = unsafe UInt64(text[k]) << UInt64(8 * (k & 7))
                if k < 8 { x |= byte } else { y |= byte }
            }
            take(x, y)
        }
        return (a, b)
    }

    func digest(_ source: UnsafeRawBufferPointer, _ id: UnsafeRawBufferPointer) -> (UInt64, UInt64) {
        let (a, b) = unsafe hash(source), (c, d) = unsafe hash(id)
        return (Self.mix(a ^ keys.2, c ^ keys.3), Self.mix(b ^ keys.1, d ^ keys.0))
    }
}

/// The digest of an entry's source and id, and the entry's location.
struct VerifyDigest: Sendable, BitwiseCopyable {
    let high: UInt64
    let low: UInt64
    let place: UInt64
    let locator: UInt64

    static let bytes = 32

    @inline(__always)
    static func < (a: VerifyDigest, b: VerifyDigest) -> Bool {
        if a.high != b.high { return a.high < b.high }
        return a.low != b.low ? a.low < b.low : a.place < b.place
    }

    func isSame(as other: VerifyDigest) -> Bool { high == other.high && low == other.low }
}

/// Sorted digests, in memory or in an unlinked temporary file.
enum VerifyDigestRun: Sendable {
    case memory([VerifyDigest])
    case file(VerifyDigestFile)
}

/// A temporary file of sorted digests, unlinked as soon as it is open.
final class VerifyDigestFile: Sendable {
    let descriptor: Int32
    let count: Int

    init(_ digests: [VerifyDigest]) throws(VerifyError) {
        let folder = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? "/tmp"
        var name = Array("\(folder)/docket-verify-XXXXXX".utf8CString)
        let descriptor = unsafe mkstemp(&name)
        guard descriptor >= 0 else { throw .file(operation: "create", path: folder, code: errno) }
        unsafe unlink(name)
        self.descriptor = descriptor
        count = digests.count
        var start = 0
        let size = digests.count * VerifyDigest.bytes
        while start < size {
            let written = VerifyFile.retrying {
                unsafe digests.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress! + start, size - start) }
            }
            guard written >= 0 else { throw .file(operation: "write", path: folder, code: errno) }
            start += written
        }
    }

    deinit { close(descriptor) }

    /// Up to `most` digests, starting with number `first`.
    /// - Throws: `VerifyError.file` if the file cannot be read.
    func read(_ first: Int, most: Int) throws(VerifyError) -> [VerifyDigest] {
        let wanted = min(most, count - first)
        var failure: Int32 = 0
        let digests = unsafe [VerifyDigest](unsafeUninitializedCapacity: wanted) { buffer, initialized in
            let bytes = UnsafeMutableRawBufferPointer(buffer)
            var start = 0
            while start < bytes.count {
                let offset = off_t(first * VerifyDigest.bytes + start)
                let count = VerifyFile.retrying {
                    unsafe pread(descriptor, bytes.baseAddress! + start, bytes.count - start, offset)
                }
                if count <= 0 {
                    failure = count < 0 ? errno : EIO
                    break
                }
                start += count
            }
            initialized = start / VerifyDigest.bytes
        }
        guard failure == 0 else { throw .file(operation: "read", path: "temporary file", code: failure) }
        return digests
    }
}

/// K-way merge of sorted runs, by a binary heap.
struct VerifyDigestMerge {
    private struct Cursor {
        let run: VerifyDigestRun
        var block: [VerifyDigest]
        var at = 0
        var read: Int
    }

    private static let blockDigests = 4096
    private var cursors: [Cursor] = []
    /// A heap of cursor indices, the one with the smallest digest first.
    private var heap: [Int] = []

    init(_ runs: [VerifyDigestRun]) throws(VerifyError) {
        for run in runs {
            switch run {
            case .memory(let digests): cursors.append(Cursor(run: run, block: digests, read: digests.count))
            case .file(let file):
                let block = try file.read(0, most: Self.blockDigests)
                cursors.append(Cursor(run: run, block: block, read: block.count))
            }
        }
        heap = cursors.indices.filter { !cursors[$0].block.isEmpty }
        for i in stride(from: heap.count / 2, through: 0, by: -1) { sink(i) }
    }

    /// The next digest in order; nil at the end.
    mutating func next() throws(VerifyError) -> VerifyDigest? {
        guard let top = heap.first else { return nil }
        let digest = cursors[top].block[cursors[top].at]
        if try !advance(top) {
            let last = heap.removeLast()
            if !heap.isEmpty { heap[0] = last }
        }
        sink(0)
        return digest
    }

    /// Advances a cursor; returns false when its run is exhausted.
    private mutating func advance(_ i: Int) throws(VerifyError) -> Bool {
        cursors[i].at += 1
        guard cursors[i].at == cursors[i].block.count else { return true }
        guard case .file(let file) = cursors[i].run, cursors[i].read < file.count else { return false }
        cursors[i].block = try file.read(cursors[i].read, most: Self.blockDigests)
        cursors[i].read += cursors[i].block.count
        cursors[i].at = 0
        return true
    }

    private func head(_ i: Int) -> VerifyDigest { cursors[heap[i]].block[cursors[heap[i]].at] }

    private mutating func sink(_ start: Int) {
        var i = start
        while true {
            var least = i
            let left = 2 * i + 1, right = left + 1
            if left < heap.count, head(left) < head(least) { least = left }
            if right < heap.count, head(right) < head(least) { least = right }
            guard least != i else { return }
            heap.swapAt(i, least)
            i = least
        }
    }
}

/// Finds entries with the same source and id in sorted digests, comparing candidates in full.
struct VerifyDuplicates {
    let reader: any VerifyReader
    /// The number of entries that count; digests of later ones are ignored.
    let entries: UInt64

    func findings(_ runs: [VerifyDigestRun]) throws(VerifyError) -> [VerifyFinding] {
        var merge = try VerifyDigestMerge(runs)
        var findings: [VerifyFinding] = []
        var group: [VerifyDigest] = []
        while let digest = try merge.next() {
            guard digest.place < entries else { continue }
            if let first = group.first, !first.isSame(as: digest) {
                if group.count > 1 { try compare(group, &findings) }
                group.removeAll(keepingCapacity: true)
            }
            if group.count < VerifyResult.badMax { group.append(digest) }
        }
        if group.count > 1 { try compare(group, &findings) }
        return findings
    }

    private func compare(_ group: [VerifyDigest], _ findings: inout [VerifyFinding]) throws(VerifyError) {
        var seen: [(place: UInt64, source: [UInt8], id: [UInt8])] = []
        for digest in group where findings.count < VerifyResult.badMax {
            guard let bytes = try reader.entry(digest.locator),
                let (source, id) = VerifyEntryReader.identity(bytes)
            else { continue }
            if let first = seen.first(where: { $0.source == source && $0.id == id }) {
                let pair = "\(String(decoding: source, as: UTF8.self)) \(String(decoding: id, as: UTF8.self))"
                for (place, other) in [(first.place, digest.place), (digest.place, first.place)] {
                    let found = "also entry \(other): \(pair)"
                    findings.append(VerifyFinding(place, .duplicate, "source and id", "once", found))
                }
            } else {
                seen.append((digest.place, source, id))
            }
        }
    }
}
