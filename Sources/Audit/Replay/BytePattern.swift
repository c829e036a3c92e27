import AgentKit
import JSON

/// Byte pattern for searching entries without parsing them, so that most entries need not be read at all
/// (Boyer–Moore–Horspool).
package struct BytePattern: Sendable {
    private let bytes: [UInt8]
    /// Distance to advance for each value of the byte under the pattern's last position.
    private let skips: [Int]

    private init(_ bytes: [UInt8]) {
        self.bytes = bytes
        var skips = Array(repeating: bytes.count, count: 256)
        for (index, byte) in bytes.dropLast().enumerated() { skips[Int(byte)] = bytes.count - 1 - index }
        self.skips = skips
    }

    /// Matches a whole JSON string. A string that JSON escapes is matched up to its first escape only, so a hit must be
    /// confirmed on the parsed entry.
    init(token: String) {
        let plain = token.utf8.prefix { $0 >= 0x20 && $0 != 0x22 && $0 != 0x5C }
        self.init([0x22] + Array(plain) + (plain.count == token.utf8.count ? [0x22] : []))
    }

    /// Matches these bytes, anywhere or at the end.
    package init(_ text: String) { self.init(Array(text.utf8)) }

    /// Matches the end of every canonical entry of a type: `type` sorts last among an entry's members.
    init(entryType: String) { self.init(#""type":"\#(entryType)"}"#) }

    /// Indicates that the pattern occurs in the entry.
    package func isFound(in entry: UnsafeRawBufferPointer) -> Bool { unsafe place(in: entry) != nil }

    /// Indicates that the entry ends with the pattern.
    func ends(_ entry: UnsafeRawBufferPointer) -> Bool {
        guard entry.count >= bytes.count else { return false }
        return unsafe matches(entry, at: entry.count - bytes.count)
    }

    /// The 16-digit sequence that follows the first occurrence of the pattern; nil if there is none.
    func sequence(behindIn entry: UnsafeRawBufferPointer) -> UInt64? {
        guard let place = unsafe place(in: entry), place + bytes.count + 16 <= entry.count else { return nil }
        var value: UInt64 = 0
        for index in place + bytes.count..<place + bytes.count + 16 {
            let byte = unsafe entry[index]
            guard byte >= 0x30, byte <= 0x39 else { return nil }
            value = value * 10 + UInt64(byte - 0x30)
        }
        return value
    }

    private func place(in entry: UnsafeRawBufferPointer) -> Int? {
        let last = bytes.count - 1
        guard last >= 0 else { return 0 }
        var at = 0
        while at + last < entry.count {
            let byte = unsafe entry[at + last]
            if byte == bytes[last], unsafe matches(entry, at: at) { return at }
            at += skips[Int(byte)]
        }
        return nil
    }

    private func matches(_ entry: UnsafeRawBufferPointer, at offset: Int) -> Bool {
        for index in bytes.indices where unsafe entry[offset + index] != bytes[index] { return false }
        return true
    }
}

/// The sequences that an entry names as its cause and as the head of its cascade.
struct EntryLinks {
    let cause: UInt64?
    let correlation: UInt64?

    init(_ entry: View) {
        cause = entry["causationid"]?.string.flatMap { EntrySequence(padded: $0) }?.value
        correlation = entry["correlationid"]?.string.flatMap { EntrySequence(padded: $0) }?.value
    }

    private static let causeKey = BytePattern(#""causationid":""#)
    private static let correlationKey = BytePattern(#""correlationid":""#)

    /// Finds both in canonical bytes without parsing them. Takes the first text that looks like a link, so use it only
    /// to rule entries out quickly.
    init(_ bytes: UnsafeRawBufferPointer) {
        cause = unsafe Self.causeKey.sequence(behindIn: bytes)
        correlation = unsafe Self.correlationKey.sequence(behindIn: bytes)
    }
}
