/// Up to 256 entries in a tlog-tiles directory: each with its length in front as a big-endian 16-bit number.
package enum EntryBundle {
    /// The longest entry in bytes.
    package static let entryBytesMax = 65_535

    /// Appends one entry to a bundle.
    package static func append(_ entry: UnsafeRawBufferPointer, to bundle: inout [UInt8]) {
        precondition(entry.count <= entryBytesMax, "an entry has at most 65,535 bytes")
        bundle += [UInt8(entry.count >> 8), UInt8(entry.count & 255)]
        unsafe bundle.append(contentsOf: entry)
    }

    /// The ranges of the entries in a bundle, or nil where its last one is cut off.
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
