import Glibc

/// Finds short texts in bytes.
package enum ByteSearch {
    /// The offset of `text` at or after `start`.
    /// - Parameter rare: the place in `text` of a byte that is seldom in what is searched.
    package static func find(_ text: StaticString, rare: Int, in bytes: UnsafeRawBufferPointer, from start: Int = 0)
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
