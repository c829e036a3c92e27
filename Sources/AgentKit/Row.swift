package import CEL

/// One record of a projection. Its fields, listed once, give its stored form, its type in rules and its JSON.
///
/// ```swift
/// struct Product: Row {
///     var id = ""
///     var stock: Int64 = 0
///     static let name = "product"
///     static let fields: [RowField<Product>] = [.init("id", \.id), .init("stock", \.stock)]
/// }
/// ```
package protocol Row: RowValue, Sendable {
    init()
    /// The name of the record type in rules.
    static var name: String { get }
    /// The fields in their stored order; a change of order needs a new engine number.
    static var fields: [RowField<Self>] { get }
}

/// One field of a row.
package struct RowField<R>: @unchecked Sendable {
    package let name: String
    package let type: CELType
    /// Whether the field may be absent.
    package let isOptional: Bool
    /// The texts it can be; empty where any can stand there.
    let texts: [String]
    let encode: (borrowing R, inout RowWriter) -> Void
    let decode: (inout R, inout RowReader) throws(RowError) -> Void
    /// The value rules see; nil where it is absent.
    let read: (borrowing R) -> Value?
    /// The record types this field brings with it.
    let nested: [RecordType]

    package init<V: RowValue>(_ name: String, _ path: WritableKeyPath<R, V>) {
        self.name = name
        type = V.celType
        texts = V.texts
        isOptional = false
        encode = { $0[keyPath: path].encode(into: &$1) }
        decode = { (row: inout R, reader: inout RowReader) throws(RowError) in
            row[keyPath: path] = try V.decode(from: &reader)
        }
        read = { $0[keyPath: path].celValue }
        nested = recordTypes(of: V.self)
    }

    package init<V: RowValue>(_ name: String, _ path: WritableKeyPath<R, V?>) {
        self.name = name
        type = V.celType
        texts = V.texts
        isOptional = true
        encode = { $0[keyPath: path].encode(into: &$1) }
        decode = { (row: inout R, reader: inout RowReader) throws(RowError) in
            row[keyPath: path] = try V?.decode(from: &reader)
        }
        read = { $0[keyPath: path]?.celValue }
        nested = recordTypes(of: V.self)
    }
}

/// A value type whose CEL type names record types.
protocol NamesRecords {
    static var records: [RecordType] { get }
}

func recordTypes<V>(of type: V.Type) -> [RecordType] { (type as? any NamesRecords.Type)?.records ?? [] }

extension Array: NamesRecords where Element: RowValue {
    static var records: [RecordType] { recordTypes(of: Element.self) }
}

extension Dictionary: NamesRecords where Key == String, Value: RowValue {
    static var records: [RecordType] { recordTypes(of: Value.self) }
}

extension Row {
    /// The record type rules see, and those of nested rows.
    package static var recordTypes: [RecordType] {
        [
            RecordType(
                name,
                fields.map { RecordType.Field($0.name, $0.type, isOptional: $0.isOptional, values: $0.texts) })
        ]
            + fields.flatMap(\.nested)
    }

    package static var celType: CELType { .record(name) }
    package var celValue: Value { .host(RowHost(self), 0) }

    package func encode(into writer: inout RowWriter) {
        for field in Self.fields { field.encode(self, &writer) }
    }

    package static func decode(from reader: inout RowReader) throws(RowError) -> Self {
        var row = Self()
        for field in fields { try field.decode(&row, &reader) }
        return row
    }
}
