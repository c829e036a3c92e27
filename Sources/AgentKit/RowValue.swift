package import CEL

/// A type that a column of a projection may hold: it can be stored, and rules can read it.
package protocol RowValue {
    /// The type rules see.
    static var celType: CELType { get }
    /// The texts it can be, where those are few and known; empty for anything else.
    static var texts: [String] { get }
    /// The value rules see.
    var celValue: Value { get }
    func encode(into writer: inout RowWriter)
    /// - Throws: `RowError` where the stored form ends early or is not of the type.
    static func decode(from reader: inout RowReader) throws(RowError) -> Self
}

extension RowValue {
    package static var texts: [String] { [] }
}

extension RowValue where Self: RawRepresentable & CaseIterable, RawValue == String {
    package static var texts: [String] { allCases.map(\.rawValue) }
}

extension Int64: RowValue {
    package static var celType: CELType { .int }
    package var celValue: Value { .int(self) }
    package func encode(into writer: inout RowWriter) { writer.signed(self) }
    package static func decode(from reader: inout RowReader) throws(RowError) -> Int64 { try reader.signed() }
}

extension Bool: RowValue {
    package static var celType: CELType { .bool }
    package var celValue: Value { .bool(self) }
    package func encode(into writer: inout RowWriter) { writer.byte(self ? 1 : 0) }
    package static func decode(from reader: inout RowReader) throws(RowError) -> Bool { try reader.byte() != 0 }
}

extension String: RowValue {
    package static var celType: CELType { .string }
    package var celValue: Value { .string(self) }
    package func encode(into writer: inout RowWriter) { writer.text(self) }
    package static func decode(from reader: inout RowReader) throws(RowError) -> String { try reader.text() }
}

extension Instant: RowValue {
    package static var celType: CELType { .timestamp }
    package var celValue: Value { .timestamp(Timestamp(self)) }
    package func encode(into writer: inout RowWriter) { writer.signed(milliseconds) }
    package static func decode(from reader: inout RowReader) throws(RowError) -> Instant {
        let instant = Instant(milliseconds: try reader.signed())
        guard instant >= .earliest, instant <= .latest else { throw RowError("a time outside the years 1 to 9999") }
        return instant
    }
}

extension Amount: RowValue {
    package static var celType: CELType { .int }
    package var celValue: Value { .int(minorUnits) }
    package func encode(into writer: inout RowWriter) { writer.signed(minorUnits) }
    package static func decode(from reader: inout RowReader) throws(RowError) -> Amount { Amount(try reader.signed()) }
}

/// An integer to rules and clients, beyond ±(2^53 − 1) its decimal text.
extension Total: RowValue {
    package static var celType: CELType { .dyn }
    package var celValue: Value { exact.map { .int($0.minorUnits) } ?? .string(String(minorUnits)) }
    package func encode(into writer: inout RowWriter) { writer.wide(minorUnits) }
    package static func decode(from reader: inout RowReader) throws(RowError) -> Total { Total(try reader.wide()) }
}

extension EntrySequence: RowValue {
    package static var celType: CELType { .string }
    package var celValue: Value { .string(padded) }
    package func encode(into writer: inout RowWriter) { writer.unsigned(value) }
    package static func decode(from reader: inout RowReader) throws(RowError) -> EntrySequence {
        EntrySequence(try reader.unsigned())
    }
}

extension RowValue where Self: RawRepresentable, RawValue == String {
    package static var celType: CELType { .string }
    package var celValue: Value { .string(rawValue) }
    package func encode(into writer: inout RowWriter) { writer.text(rawValue) }
    package static func decode(from reader: inout RowReader) throws(RowError) -> Self {
        let text = try reader.text()
        guard let value = Self(rawValue: text) else { throw RowError("unknown case `\(text)`") }
        return value
    }
}

/// Nil is absent to rules: `has(row.field)` is false.
extension Optional: RowValue where Wrapped: RowValue {
    package static var celType: CELType { Wrapped.celType }
    package static var texts: [String] { Wrapped.texts }
    package var celValue: Value {
        switch self {
        case .some(let wrapped): wrapped.celValue
        case .none: .null
        }
    }
    package func encode(into writer: inout RowWriter) {
        switch self {
        case .some(let wrapped):
            writer.byte(1)
            wrapped.encode(into: &writer)
        case .none: writer.byte(0)
        }
    }
    package static func decode(from reader: inout RowReader) throws(RowError) -> Wrapped? {
        try reader.byte() == 0 ? nil : try Wrapped.decode(from: &reader)
    }
}

extension Array: RowValue where Element: RowValue {
    package static var celType: CELType { .list(Element.celType) }
    package var celValue: Value { .list(map(\.celValue)) }
    package func encode(into writer: inout RowWriter) {
        writer.unsigned(UInt64(count))
        for element in self { element.encode(into: &writer) }
    }
    package static func decode(from reader: inout RowReader) throws(RowError) -> [Element] {
        let count = try reader.unsigned()
        var result: [Element] = []
        for _ in 0..<count { result.append(try Element.decode(from: &reader)) }
        return result
    }
}

extension Dictionary: RowValue where Key == String, Value: RowValue {
    package static var celType: CELType { .map(.string, Value.celType) }
    package var celValue: CEL.Value {
        .map(
            MapValue(
                sortedKeys: byteOrderedKeys.map(CEL.Value.string), values: byteOrderedKeys.map { self[$0]!.celValue }))
    }
    package func encode(into writer: inout RowWriter) {
        writer.unsigned(UInt64(count))
        for key in byteOrderedKeys {
            writer.text(key)
            self[key]!.encode(into: &writer)
        }
    }
    package static func decode(from reader: inout RowReader) throws(RowError) -> [String: Value] {
        let count = try reader.unsigned()
        var result: [String: Value] = [:]
        for _ in 0..<count {
            let key = try reader.text()
            result[key] = try Value.decode(from: &reader)
        }
        return result
    }
    private var byteOrderedKeys: [String] { keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) } }
}

extension Timestamp {
    /// The CEL timestamp of a ledger moment; of one outside the years 1 to 9999, which no event has, the nearest in them.
    package init(_ instant: Instant) {
        self.init(nearestMilliseconds: instant.milliseconds)
    }
}

extension Instant {
    /// The ledger moment of a CEL timestamp; digits below the millisecond are cut off.
    package init(_ timestamp: Timestamp) {
        self.init(milliseconds: timestamp.milliseconds)
    }
}

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

/// Reads the stored form that `RowWriter` wrote. Every read throws `RowError` where the bytes end early or an integer
/// is too long for its type.
package struct RowReader {
    private let bytes: [UInt8]
    private var position = 0

    package init(_ bytes: [UInt8]) { self.bytes = bytes }

    package var isAtEnd: Bool { position == bytes.count }

    /// The bytes that were not read.
    package var rest: ArraySlice<UInt8> { bytes[position...] }

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
