package import CEL
import Synchronization

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
