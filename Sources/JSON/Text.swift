import Glibc

/// Scans and decodes the text of canonical strings, eight bytes at a time where it can.
enum Text {
    static let quote = UInt8(ascii: "\"")
    static let backslash = UInt8(ascii: "\\")

    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let highs: UInt64 = 0x8080_8080_8080_8080

    /// Eight bytes, the first in the lowest place.
    @inline(__always) static func word(_ base: UnsafeRawPointer, _ offset: Int) -> UInt64 {
        unsafe UInt64(littleEndian: base.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    /// Sets the high bit of the first byte that is a quote, a backslash or a control character; higher bits mean
    /// nothing (the borrow of Mycroft's zero-byte test).
    @inline(__always) static func special(_ word: UInt64) -> UInt64 {
        let quotes = word ^ (ones &* UInt64(quote))
        let slashes = word ^ (ones &* UInt64(backslash))
        let found =
            ((quotes &- ones) & ~quotes) | ((slashes &- ones) & ~slashes)
            | ((word &- ones &* 0x20) & ~word)
        return found & highs
    }

    /// Copies text up to the first character that canonical form escapes; returns the number of bytes. Up to eight
    /// bytes after them are overwritten; `mayOverread` says that eight bytes after the source are readable.
    @inline(__always) static func copyPlain(
        _ source: UnsafeRawPointer, _ length: Int, to target: UnsafeMutableRawPointer, mayOverread: Bool
    ) -> Int {
        var done = 0
        while mayOverread ? done < length : done + 8 <= length {
            let next = unsafe source.loadUnaligned(fromByteOffset: done, as: UInt64.self)
            unsafe target.storeBytes(of: next, toByteOffset: done, as: UInt64.self)
            let found = special(UInt64(littleEndian: next))
            if found != 0 { return min(done + found.trailingZeroBitCount >> 3, length) }
            done += 8
        }
        if mayOverread || done == length { return length }
        // The tail is read once more from eight bytes before its end, all of them plain or new.
        if length >= 8 {
            let next = unsafe source.loadUnaligned(fromByteOffset: length - 8, as: UInt64.self)
            unsafe target.storeBytes(of: next, toByteOffset: length - 8, as: UInt64.self)
            let found = special(UInt64(littleEndian: next))
            return found == 0 ? length : length - 8 + found.trailingZeroBitCount >> 3
        }
        while done < length {
            let byte = unsafe source.load(fromByteOffset: done, as: UInt8.self)
            if byte < 0x20 || byte == quote || byte == backslash { return done }
            unsafe target.storeBytes(of: byte, toByteOffset: done, as: UInt8.self)
            done += 1
        }
        return length
    }

    /// Copies bytes, without a call if there are at most sixteen.
    @inline(__always) static func copy(_ source: UnsafeRawPointer, _ length: Int, to target: UnsafeMutableRawPointer) {
        if length > 16 {
            unsafe target.copyMemory(from: source, byteCount: length)
        } else if length >= 8 {
            let head = unsafe source.loadUnaligned(as: UInt64.self)
            let tail = unsafe source.loadUnaligned(fromByteOffset: length - 8, as: UInt64.self)
            unsafe target.storeBytes(of: head, as: UInt64.self)
            unsafe target.storeBytes(of: tail, toByteOffset: length - 8, as: UInt64.self)
        } else if length >= 4 {
            let head = unsafe source.loadUnaligned(as: UInt32.self)
            let tail = unsafe source.loadUnaligned(fromByteOffset: length - 4, as: UInt32.self)
            unsafe target.storeBytes(of: head, as: UInt32.self)
            unsafe target.storeBytes(of: tail, toByteOffset: length - 4, as: UInt32.self)
        } else {
            for at in 0..<length {
                let byte = unsafe source.load(fromByteOffset: at, as: UInt8.self)
                unsafe target.storeBytes(of: byte, toByteOffset: at, as: UInt8.self)
            }
        }
    }

    /// Writes a character's escape (RFC 8785 §3.2.2.2); returns the number of bytes, at most six.
    static func writeEscape(_ byte: UInt8, to target: UnsafeMutableRawPointer) -> Int {
        unsafe target.storeBytes(of: backslash, as: UInt8.self)
        let letter: UInt8
        switch byte {
        case quote, backslash: letter = byte
        case 0x08: letter = UInt8(ascii: "b")
        case 0x09: letter = UInt8(ascii: "t")
        case 0x0A: letter = UInt8(ascii: "n")
        case 0x0C: letter = UInt8(ascii: "f")
        case 0x0D: letter = UInt8(ascii: "r")
        default:
            let digits: StaticString = "0123456789abcdef"
            unsafe target.storeBytes(of: 0x3030_75, toByteOffset: 1, as: UInt32.self)
            unsafe target.storeBytes(of: digits.utf8Start[Int(byte >> 4)], toByteOffset: 4, as: UInt8.self)
            unsafe target.storeBytes(of: digits.utf8Start[Int(byte & 15)], toByteOffset: 5, as: UInt8.self)
            return 6
        }
        unsafe target.storeBytes(of: letter, toByteOffset: 1, as: UInt8.self)
        return 2
    }

    /// The value of a hexadecimal digit, or nil.
    @inline(__always) static func hexadecimal(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    /// The byte that the escape letter of a two-byte escape stands for, or nil.
    static func unescaped(_ letter: UInt8) -> UInt8? {
        switch letter {
        case quote, backslash, UInt8(ascii: "/"): letter
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "t"): 0x09
        case UInt8(ascii: "n"): 0x0A
        case UInt8(ascii: "f"): 0x0C
        case UInt8(ascii: "r"): 0x0D
        default: nil
        }
    }

    /// Decodes text whose escapes a scan has already checked; a `\u` escape gives the character of its low byte, since
    /// canonical form escapes only control characters that way.
    static func decoded(_ text: UnsafeRawBufferPointer) -> [UInt8] {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(text.count)
        var i = 0
        while i < text.count {
            let byte = unsafe text[i]
            i += 1
            guard byte == backslash, i < text.count else {
                decoded.append(byte)
                continue
            }
            let letter = unsafe text[i]
            i += 1
            if let plain = unescaped(letter) {
                decoded.append(plain)
            } else if i + 4 <= text.count {
                let high = unsafe hexadecimal(text[i + 2]) ?? 0
                let low = unsafe hexadecimal(text[i + 3]) ?? 0
                decoded.append(high << 4 | low)
                i += 4
            }
        }
        return decoded
    }
}

/// The check of `\u` escapes that simdjson omits.
enum Surrogates {
    /// Returns whether each escaped surrogate has its other half. Correct for well-formed JSON; in anything else the
    /// parser finds the error.
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

    /// The UTF-16 code unit of the `\u` escape at an offset; nil if there is none.
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
