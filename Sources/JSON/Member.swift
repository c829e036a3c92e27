/// A member on simdjson's tape, while its object is sorted.
struct Member {
    /// The first eight bytes of the name, big-endian and filled with zeros: they settle nearly every comparison.
    let prefix: UInt64
    /// Where the name lies in the tape's strings: a length of four bytes, then the text.
    let text: UInt32
    /// Where the value lies on the tape.
    let value: UInt32

    @inline(__always) init(strings: UnsafeRawPointer, text: Int, value: UInt32) {
        let length = unsafe Int(strings.loadUnaligned(fromByteOffset: text, as: UInt32.self))
        let word = unsafe UInt64(bigEndian: strings.loadUnaligned(fromByteOffset: text + 4, as: UInt64.self))
        prefix = length >= 8 ? word : word & ~(UInt64.max >> (8 * UInt64(length)))
        self.text = UInt32(truncatingIfNeeded: text)
        self.value = value
    }

    /// Sorts by name in canonical order; false where two names are equal.
    static func sort(_ members: UnsafeMutableBufferPointer<Member>, _ strings: UnsafeRawPointer) -> Bool {
        guard members.count > 1 else { return true }
        if members.count > 32 { return unsafe sortMany(members, strings) }
        for i in 1..<members.count {
            let member = unsafe members[i]
            var place = i
            while place > 0 {
                let order = unsafe compare(members[place - 1], member, strings)
                if order < 0 { break }
                if order == 0 { return false }
                unsafe members[place] = members[place - 1]
                place -= 1
            }
            unsafe members[place] = member
        }
        return true
    }

    private static func sortMany(_ members: UnsafeMutableBufferPointer<Member>, _ strings: UnsafeRawPointer) -> Bool {
        var members = unsafe members
        unsafe members.sort { unsafe compare($0, $1, strings) < 0 }
        for i in 1..<members.count where unsafe compare(members[i - 1], members[i], strings) == 0 { return false }
        return true
    }

    @inline(__always) private static func compare(_ a: Member, _ b: Member, _ strings: UnsafeRawPointer) -> Int {
        // Below 0x80 all bytes of both prefixes order alike in UTF-8 and UTF-16.
        if a.prefix != b.prefix && (a.prefix | b.prefix) & 0x8080_8080_8080_8080 == 0 {
            return a.prefix < b.prefix ? -1 : 1
        }
        return unsafe JCS.compareKeys(a.name(strings), b.name(strings))
    }

    private func name(_ strings: UnsafeRawPointer) -> UnsafeRawBufferPointer {
        let length = unsafe Int(strings.loadUnaligned(fromByteOffset: Int(text), as: UInt32.self))
        return unsafe UnsafeRawBufferPointer(start: strings + Int(text) + 4, count: length)
    }
}
