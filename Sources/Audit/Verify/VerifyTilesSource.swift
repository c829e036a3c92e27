import Glibc
import Synchronization
import TransparencyLog

/// A tlog-tiles directory: `checkpoint`, `tile/<L>/<N>`, `tile/entries/<N>`.
final class VerifyTilesSource: VerifySource {
    static let fileBytesMax = 256 * (2 + 65_535)

    let directory: String
    let note: [UInt8]
    /// The size that the checkpoint claims; trusted only for choosing the partial tiles.
    let size: UInt64
    private let state = Mutex(State())

    private struct State {
        var next: UInt64 = 0
        var isTorn = false
        /// Bundles with more entries than their name says, and how many they have.
        var long: [UInt64: Int] = [:]
    }

    init(directory: String) throws(VerifyError) {
        self.directory = directory
        guard let note = try VerifyFile.read(directory + "/checkpoint", most: SignedNote.bytesMax + 1) else {
            throw .notALog(path: directory, why: "it has no `checkpoint`")
        }
        self.note = note
        size = VerifyCommit.sizeNamed(by: note) ?? 0
    }

    func newestCheckpoint() throws(VerifyError) -> [UInt8]? { note }
    func reader() throws(VerifyError) -> any VerifyReader { VerifyTilesReader(self) }
    func isTorn() -> Bool { state.withLock { $0.isTorn } }
    var entriesExpected: UInt64? { size }
    /// Findings for bundles with more entries than their name says.
    var longBundles: [VerifyFinding] {
        state.withLock { $0.long }.map { index, count in
            VerifyFinding(
                index * 256, .tiles, "tile entries/\(index)", "\(Self.width(size, index)) entries", "\(count) entries")
        }
    }

    func takeChunk() -> UInt64? {
        let number = state.withLock { state in
            state.next += 1
            return state.next - 1
        }
        return number * UInt64(VerifyChunk.entries) < size ? number : nil
    }

    func markTorn() { state.withLock { $0.isTorn = true } }

    func markLong(_ index: UInt64, _ count: Int) { state.withLock { $0.long[index] = count } }

    /// The bytes of a tile or bundle and its width: the full one, otherwise the partial one of a width; nil if there is
    /// neither.
    func file(
        _ content: TilePath.Content, _ index: UInt64, _ width: Int
    ) throws(VerifyError) -> (bytes: [UInt8], width: Int)? {
        for width in width < TilePath.widthMax ? [TilePath.widthMax, width] : [width] {
            let path = directory + "/" + TilePath(content, index: index, width: width).path
            if let bytes = try VerifyFile.read(path, most: Self.fileBytesMax + 1) { return (bytes, width) }
        }
        return nil
    }

    /// The number of `count` items that fall into tile `index`.
    static func width(_ count: UInt64, _ index: UInt64) -> Int {
        let (first, overflow) = index.multipliedReportingOverflow(by: 256)
        return overflow || count <= first ? 0 : Int(min(count - first, 256))
    }

    static func hashes(_ bytes: [UInt8]) -> [Hash256] {
        stride(from: 0, through: bytes.count - Hash256.bytes, by: Hash256.bytes).map { i in
            unsafe bytes.withUnsafeBytes { unsafe Hash256(loading: UnsafeRawBufferPointer(rebasing: $0[i...])) }
        }
    }
}

/// One thread's reader of a tlog-tiles directory.
final class VerifyTilesReader: VerifyReader {
    private let source: VerifyTilesSource
    private static let bundles = VerifyChunk.entries / TilePath.widthMax

    init(_ source: VerifyTilesSource) { self.source = source }

    func withNextChunk(_ body: (VerifyChunk) throws(VerifyError) -> Void) throws(VerifyError) -> Bool {
        guard let number = source.takeChunk() else { return false }
        let first = number * UInt64(Self.bundles)
        var buffer: [UInt8] = []
        var ranges: [Range<Int>] = []
        if first > 0, let last = try bundle(first - 1), let range = last.ranges.last {
            ranges.append(0..<range.count)
            buffer += last.bytes[range]
        }
        let before = ranges.count
        for i in 0..<UInt64(Self.bundles) {
            guard let (bytes, found) = try bundle(first + i) else { break }
            let start = buffer.count
            buffer += bytes
            ranges += found.map { ($0.lowerBound + start)..<($0.upperBound + start) }
            if found.count < TilePath.widthMax { break }
        }
        let count = ranges.count - before
        let locators = (0..<count).map { number * UInt64(VerifyChunk.entries) + UInt64($0) }
        guard count > 0 else { return false }
        unsafe try buffer.withUnsafeBufferPointer { buffer throws(VerifyError) in
            let base = UnsafeRawBufferPointer(buffer)
            let entries = unsafe ranges.map { unsafe UnsafeRawBufferPointer(rebasing: base[$0]) }
            unsafe try entries.withUnsafeBufferPointer { entries throws(VerifyError) in
                unsafe try locators.withUnsafeBufferPointer { locators throws(VerifyError) in
                    unsafe try body(
                        VerifyChunk(
                            number: number, preceding: before == 1 ? entries[0] : nil,
                            bytes: UnsafeBufferPointer(rebasing: entries[before...]), locators: locators))
                }
            }
        }
        return true
    }

    private func bundle(_ index: UInt64) throws(VerifyError) -> (bytes: [UInt8], ranges: [Range<Int>])? {
        let width = VerifyTilesSource.width(source.size, index)
        guard width > 0, let (bytes, named) = try source.file(.entries, index, width) else { return nil }
        guard let ranges = EntryBundle.ranges(bytes) else {
            source.markTorn()
            return nil
        }
        if ranges.count > named { source.markLong(index, ranges.count) }
        return (bytes, Array(ranges.prefix(width)))
    }

    func entry(_ locator: UInt64) throws(VerifyError) -> [UInt8]? {
        guard let (bytes, ranges) = try bundle(locator / 256), ranges.count > Int(locator % 256) else { return nil }
        return Array(bytes[ranges[Int(locator % 256)]])
    }

    func tile(_ level: Int, _ index: UInt64, _ width: Int) throws(VerifyError) -> [Hash256]? {
        let stored = VerifyTilesSource.width(source.size >> UInt64(8 * level), index)
        guard stored >= width, let file = try source.file(.hashes(level: level), index, stored) else { return [] }
        return VerifyTilesSource.hashes(file.bytes)
    }

    func strays(size: UInt64, key: VerifierKey) throws(VerifyError) -> [VerifyFinding] {
        var findings = source.longBundles
        for level in 0..<8 {
            let count = source.size >> UInt64(8 * level)
            var index: UInt64 = 0
            while index * 256 < count, findings.count < VerifyResult.badMax {
                let width = VerifyTilesSource.width(count, index)
                if let file = try source.file(.hashes(level: level), index, width) {
                    findings += VerifyTables.length(
                        file.bytes.count, of: "tile \(level)/\(index)", width: file.width,
                        first: index << UInt64(8 * level + 8))
                }
                index += 1
            }
        }
        return findings
    }
}
