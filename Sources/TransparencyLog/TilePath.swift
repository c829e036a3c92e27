/// The place of a tile or an entry bundle in a tlog-tiles directory (c2sp.org/tlog-tiles).
package struct TilePath: Hashable, Sendable {
    /// The content of a place.
    package enum Content: Hashable, Sendable {
        /// Hashes at a level of tiles, 0 to 63; level 0 holds leaf hashes.
        case hashes(level: Int)
        /// Entries.
        case entries
    }

    /// The most hashes in a tile, and entries in a bundle.
    package static let widthMax = 256
    /// The highest level of tiles.
    package static let levelMax = 63

    /// The content.
    package let content: Content
    /// The number of the tile at its level.
    package let index: UInt64
    /// The number of hashes or entries it holds, 1 to 256; 256 is a full tile.
    package let width: Int

    /// A place of its parts.
    package init(_ content: Content, index: UInt64, width: Int = widthMax) {
        self.content = content
        self.index = index
        self.width = width
    }

    /// The place of the bundle with an entry in a log of `size` entries.
    package init(entry: UInt64, size: UInt64) {
        let index = entry / 256
        let left = size - index * 256
        self.init(.entries, index: index, width: left >= 256 ? 256 : Int(left))
    }

    /// Reads `tile/<L>/<N>[.p/<W>]` or `tile/entries/<N>[.p/<W>]`; nil if it is not exactly that.
    package init?(_ path: String) {
        guard let rest = Array(path.utf8)[...].after("tile/"), let slash = rest.firstIndex(of: UInt8(ascii: "/")),
            let first = rest[..<slash].text, let index = rest[(slash + 1)...].text
        else { return nil }
        self.init(level: first, index: index)
    }

    /// Reads a level (or `entries`) and the rest of the path; nil if they are not exactly in form.
    package init?(level: String, index path: String) {
        if level == "entries" {
            content = .entries
        } else {
            guard let level = Decimal.parse(level.utf8), level <= UInt64(Self.levelMax) else { return nil }
            content = .hashes(level: Int(level))
        }
        var groups = path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).map(Array.init)
        var width = Self.widthMax
        if groups.count >= 2, let end = groups[groups.count - 2].dropLast(2).count as Int?,
            groups[groups.count - 2].suffix(2).elementsEqual(".p".utf8)
        {
            guard let partial = Decimal.parse(groups.removeLast()), (1..<256).contains(partial) else { return nil }
            width = Int(partial)
            groups[groups.count - 1] = Array(groups[groups.count - 1].prefix(end))
        }
        var index: UInt64 = 0
        for (i, group) in groups.enumerated() {
            let digits = i + 1 < groups.count ? group[...].after("x") : group[...]
            guard let digits, digits.count == 3, let value = Self.threeDigits(digits) else { return nil }
            let (thousands, overflow) = index.multipliedReportingOverflow(by: 1000)
            let (sum, overflow2) = thousands.addingReportingOverflow(value)
            guard !overflow, !overflow2 else { return nil }
            index = sum
        }
        self.index = index
        self.width = width
        guard self.path.hasSuffix("/" + path) else { return nil }
    }

    private static func threeDigits(_ digits: ArraySlice<UInt8>) -> UInt64? {
        guard digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return nil }
        return digits.reduce(0) { $0 * 10 + UInt64($1 - UInt8(ascii: "0")) }
    }

    /// The path from the log's directory.
    package var path: String {
        var groups: [String] = []
        var rest = index
        repeat {
            let group = (rest % 1000).zeroPadded(to: 3)
            groups.append(groups.isEmpty ? group : "x" + group)
            rest /= 1000
        } while rest > 0
        let place =
            switch content {
            case .entries: "entries"
            case .hashes(let level): String(level)
            }
        let partial = width == Self.widthMax ? "" : ".p/\(width)"
        return "tile/\(place)/" + groups.reversed().joined(separator: "/") + partial
    }
}

/// Up to 256 entries in a tlog-tiles directory, each preceded by its length as a big-endian 16-bit number.
package enum EntryBundle {
    /// The longest entry in bytes.
    package static let entryBytesMax = 65_535

    /// Appends one entry to a bundle.
    package static func append(_ entry: UnsafeRawBufferPointer, to bundle: inout [UInt8]) {
        precondition(entry.count <= entryBytesMax, "an entry has at most 65,535 bytes")
        bundle += [UInt8(entry.count >> 8), UInt8(entry.count & 255)]
        unsafe bundle.append(contentsOf: entry)
    }

    /// The ranges of the entries in a bundle; nil if its last one is cut off.
    package static func ranges(_ bundle: [UInt8]) -> [Range<Int>]? {
        var ranges: [Range<Int>] = []
        var i = 0
        while i < bundle.count {
            guard bundle.count - i >= 2 else { return nil }
            let count = Int(bundle[i]) << 8 | Int(bundle[i + 1])
            guard bundle.count - i - 2 >= count else { return nil }
            ranges.append((i + 2)..<(i + 2 + count))
            i += 2 + count
        }
        return ranges
    }
}
