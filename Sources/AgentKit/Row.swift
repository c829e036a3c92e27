package import CEL
import Synchronization

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

/// One row as tables hold it and rules read it: never changed, so that whoever has it may keep it.
@usableFromInline package class RowHost: HostObject, @unchecked Sendable {
    final let shape: RowShape

    @usableFromInline init(_ shape: RowShape) { self.shape = shape }

    /// The value of a field; nil where it is absent.
    func value(of field: Int) -> Value? { nil }
    /// Appends the stored form.
    func encode(into writer: inout RowWriter) {}

    /// The stored form.
    final var encoded: [UInt8] {
        var writer = RowWriter()
        encode(into: &writer)
        return writer.bytes
    }

    package final func count(_ node: UInt32) -> Int { present.count }

    package final func member(_ node: UInt32, _ name: FieldName) -> Value? {
        let hint = Int(truncatingIfNeeded: name.hint.load(ordering: .relaxed))
        if hint < shape.names.count, shape.names[hint] == name.text { return value(of: hint) }
        guard let index = shape.names.firstIndex(of: name.text) else { return nil }
        name.hint.store(UInt64(index), ordering: .relaxed)
        return value(of: index)
    }

    package final func key(_ node: UInt32, at position: Int) -> Value {
        let present = present.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        return position < present.count ? .string(present[position]) : .null
    }

    private var present: [String] {
        shape.names.indices.filter { value(of: $0) != nil }.map { shape.names[$0] }
    }
}

/// A row of a known type.
@usableFromInline package final class RowBox<R>: RowHost, @unchecked Sendable {
    @usableFromInline package let row: R

    @inlinable init(_ row: consuming R, _ shape: RowShape) {
        self.row = row
        super.init(shape)
    }

    override func value(of field: Int) -> Value? {
        unsafe withUnsafePointer(to: row) { unsafe shape.value(of: field, at: UnsafeRawPointer($0)) }
    }

    override func encode(into writer: inout RowWriter) {
        unsafe withUnsafePointer(to: row) { unsafe shape.encode(UnsafeRawPointer($0), into: &writer) }
    }
}
