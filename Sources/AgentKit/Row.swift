package import CEL

/// One record of a projection. Its fields, listed once, give its stored form, its type in rules and its JSON.
///
/// ```swift
/// struct Product: Row {
///     var id = ""
///     var stock: Int64 = 0
///     static let name = "product"
///     static let fields: RowFields<Product> = [.init("id", \.id), .init("stock", \.stock)]
/// }
/// ```
package protocol Row: RowValue, Sendable {
    init()
    /// The name of the record type in rules.
    static var name: String { get }
    /// The fields in their stored order; a change of order needs a new engine number.
    static var fields: RowFields<Self> { get }
}

extension Row {
    /// The record type rules see, and those of nested rows.
    package static var recordTypes: [RecordType] { [RecordType(name, fields.members)] + fields.nested }

    package static var celType: CELType { .record(name) }
    package var celValue: Value { .host(RowBox(self, Self.fields), 0) }

    package func encode(into writer: inout RowWriter) {
        unsafe withUnsafePointer(to: self) { unsafe Self.fields.encode(UnsafeRawPointer($0), into: &writer) }
    }

    package static func decode(from reader: inout RowReader) throws(RowError) -> Self {
        var row = Self()
        unsafe try withUnsafeMutablePointer(to: &row) { place throws(RowError) in
            unsafe try fields.decode(UnsafeMutableRawPointer(place), from: &reader)
        }
        return row
    }
}
