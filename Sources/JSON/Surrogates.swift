import Glibc

/// The check of `\u` escapes that simdjson does not make.
enum Surrogates {
    /// Whether each escaped surrogate has its other half. Right for well-formed JSON; in anything else the parser finds
    /// what is wrong.
    static func arePaired(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard let start = bytes.baseAddress else { return true }
        var at = 0
        while let found = unsafe memchr(start + at, Int32(Text.backslash), bytes.count - at) {
            at = unsafe UnsafeRawPointer(found) - start
            guard let unit = unsafe unit(bytes, at) else {
                at += 2
                if at >= bytes.count { return true }
                continue
            }
            at += 6
            if unit & 0xF800 != 0xD800 { continue }
            guard unit < 0xDC00, let low = unsafe self.unit(bytes, at), low & 0xFC00 == 0xDC00 else { return false }
            at += 6
        }
        return true
    }

    /// The UTF-16 code unit of the `\u` escape at an offset, or nil where there is none.
    static func unit(_ bytes: UnsafeRawBufferPointer, _ at: Int) -> UInt16? {
        guard at + 6 <= bytes.count, unsafe bytes[at] == Text.backslash, unsafe bytes[at + 1] == UInt8(ascii: "u")
        else { return nil }
        var unit: UInt16 = 0
        for i in at + 2..<at + 6 {
            guard let digit = unsafe Text.hexadecimal(bytes[i]) else { return nil }
            unit = unit << 4 | UInt16(digit)
        }
        return unit
    }
}
