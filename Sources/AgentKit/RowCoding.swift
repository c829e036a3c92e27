/// Appends the stored form of a row: little-endian integers, length-prefixed UTF-8.
package struct RowWriter {
    package private(set) var bytes: [UInt8] = []

    package init() {}

    package mutating func byte(_ value: UInt8) { bytes.append(value) }

    /// Unsigned LEB128.
    package mutating func unsigned(_ value: UInt64) {
        var value = value
        while value >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: value) | 0x80)
            value >>= 7
        }
        bytes.append(UInt8(value))
    }

    /// Zigzag LEB128.
    package mutating func signed(_ value: Int64) {
        unsigned(UInt64(bitPattern: value << 1) ^ UInt64(bitPattern: value >> 63))
    }

    /// Zigzag LEB128; what fits 64 bits has the bytes of `signed`.
    package mutating func wide(_ value: Int128) {
        var rest = UInt128(bitPattern: value << 1) ^ UInt128(bitPattern: value >> 127)
        while rest > UInt128(UInt64.max) {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        unsigned(UInt64(rest))
    }

    package mutating func text(_ value: String) {
        unsigned(UInt64(value.utf8.count))
        bytes.append(contentsOf: value.utf8)
    }

    package mutating func octets(_ value: [UInt8]) {
        unsigned(UInt64(value.count))
        bytes.append(contentsOf: value)
    }
}

/// A stored row that cannot be read back: `views/` is damaged and must be rebuilt.
package struct RowError: Error, Equatable {
    package let reason: String
    package init(_ reason: String) { self.reason = reason }
}

/// Reads what `RowWriter` wrote.
package struct RowReader {
    private let bytes: [UInt8]
    private var position = 0

    package init(_ bytes: [UInt8]) { self.bytes = bytes }

    package var isAtEnd: Bool { position == bytes.count }

    package mutating func byte() throws(RowError) -> UInt8 {
        guard position < bytes.count else { throw RowError("row ends early") }
        defer { position += 1 }
        return bytes[position]
    }

    package mutating func unsigned() throws(RowError) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            let next = try byte()
            guard shift < 64 else { throw RowError("integer too long") }
            value |= UInt64(next & 0x7F) << shift
            if next < 0x80 { return value }
            shift += 7
        }
    }

    package mutating func signed() throws(RowError) -> Int64 {
        let value = try unsigned()
        return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
    }

    package mutating func wide() throws(RowError) -> Int128 {
        var value: UInt128 = 0
        var shift: UInt128 = 0
        while true {
            let next = try byte()
            guard shift < 128 else { throw RowError("integer too long") }
            value |= UInt128(next & 0x7F) << shift
            if next < 0x80 { break }
            shift += 7
        }
        return Int128(bitPattern: value >> 1) ^ -Int128(bitPattern: value & 1)
    }

    package mutating func text() throws(RowError) -> String {
        String(decoding: try slice(), as: UTF8.self)
    }

    package mutating func octets() throws(RowError) -> [UInt8] { Array(try slice()) }

    private mutating func slice() throws(RowError) -> ArraySlice<UInt8> {
        let count = try unsigned()
        guard count <= UInt64(bytes.count - position) else { throw RowError("text ends early") }
        let end = position + Int(count)
        defer { position = end }
        return bytes[position..<end]
    }
}
