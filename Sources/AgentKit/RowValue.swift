package import CEL

/// What a column of a projection may hold: it can be stored, and rules can read it.
package protocol RowValue {
    /// The type rules see.
    static var celType: CELType { get }
    /// The texts it can be, where those are few and known; empty for anything else.
    static var texts: [String] { get }
    /// The value rules see.
    var celValue: Value { get }
    func encode(into writer: inout RowWriter)
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
        Instant(milliseconds: try reader.signed())
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
    /// The CEL timestamp of a ledger moment.
    package init(_ instant: Instant) {
        self.init(milliseconds: instant.milliseconds)!
    }
}

extension Instant {
    /// The ledger moment of a CEL timestamp; digits below the millisecond are cut off.
    package init(_ timestamp: Timestamp) {
        self.init(milliseconds: timestamp.milliseconds)
    }
}
