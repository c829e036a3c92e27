import TransparencyLog

/// One thread's way to a tlog-tiles directory.
final class VerifyTilesReader: VerifyReader {
    private let source: VerifyTilesSource
    private static let bundles = VerifyChunk.entries / TilePath.widthMax

    init(_ source: VerifyTilesSource) { self.source = source }

    let hasKeys = false

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
        guard width > 0, let bytes = try source.file(.entries, index, width) else { return nil }
        guard let ranges = EntryBundle.ranges(bytes) else {
            source.markTorn()
            return nil
        }
        return (bytes, Array(ranges.prefix(width)))
    }

    func entry(_ locator: UInt64) throws(VerifyError) -> [UInt8]? {
        guard let (bytes, ranges) = try bundle(locator / 256), ranges.count > Int(locator % 256) else { return nil }
        return Array(bytes[ranges[Int(locator % 256)]])
    }

    func checkpoints(_ sizes: ClosedRange<UInt64>) throws(VerifyError) -> [(size: UInt64, note: [UInt8])] { [] }
    func commit(notAbove size: UInt64) throws(VerifyError) -> UInt64? { nil }

    func tile(_ level: Int, _ index: UInt64, _ width: Int) throws(VerifyError) -> [Hash256]? {
        let stored = VerifyTilesSource.width(source.size >> UInt64(8 * level), index)
        guard stored >= width, let bytes = try source.file(.hashes(level: level), index, stored) else { return [] }
        return VerifyTilesSource.hashes(bytes)
    }
}
