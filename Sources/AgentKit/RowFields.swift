import CEL

/// The fields of a row type, written as a list of `RowField`.
package final class RowFields<R>: RowShape, ExpressibleByArrayLiteral, @unchecked Sendable {
    package init(arrayLiteral fields: RowField<R>...) { super.init(fields.map(\.content)) }
}

/// The fields of a row without its type: their names, and the accessors of each in the row's memory.
@usableFromInline package class RowShape: @unchecked Sendable {
    final let names: [String]
    final let members: [RecordType.Field]
    /// The record types the fields bring with them.
    final let nested: [RecordType]
    final let amounts: AmountMembers
    private final let contents: [FieldContent]

    init(_ fields: [FieldContent]) {
        let currency = fields.first { $0.name == "currency" && $0.type == .string }?.access
        let contents = fields.map { field in currency.flatMap { field.money(in: $0) } ?? field }
        self.contents = contents
        names = contents.map(\.name)
        members = contents.map { RecordType.Field($0.name, $0.type, isOptional: $0.isOptional, values: $0.texts) }
        nested = contents.flatMap(\.nested)
        amounts = AmountMembers(
            contents.filter { $0.holdsAmounts || $0.isTotal }.map(\.name),
            inner: Dictionary(contents.map { ($0.name, $0.inner) }) { first, _ in first })
    }

    /// The value of a field; nil where it is absent.
    @unsafe final func value(of field: Int, at row: UnsafeRawPointer) -> Value? {
        unsafe contents[field].access.read(row)
    }

    @unsafe final func encode(_ row: UnsafeRawPointer, into writer: inout RowWriter) {
        for index in contents.indices { unsafe contents[index].access.encode(row, &writer) }
    }

    @unsafe final func decode(_ row: UnsafeMutableRawPointer, from reader: inout RowReader) throws(RowError) {
        for index in contents.indices { unsafe try contents[index].access.decode(row, &reader) }
    }
}

/// One field of a row.
package struct RowField<R> {
    let content: FieldContent

    /// A field that is always there.
    package init<V: RowValue>(_ name: String, _ path: WritableKeyPath<R, V>) {
        content = FieldContent(
            name: name, type: V.celType, isOptional: false, holdsAmounts: isAmount(V.self),
            isTotal: V.self == Total.self, texts: V.texts,
            nested: recordTypes(of: V.self), inner: amountMembers(of: V.self), access: .of(path))
    }

    /// A field that may be absent.
    package init<V: RowValue>(_ name: String, _ path: WritableKeyPath<R, V?>) {
        content = FieldContent(
            name: name, type: V.celType, isOptional: true, holdsAmounts: isAmount(V.self),
            isTotal: V.self == Total.self, texts: V.texts,
            nested: recordTypes(of: V.self), inner: amountMembers(of: V.self), access: .optional(path))
    }
}

/// One field without the type of its row.
struct FieldContent {
    let name: String
    let type: CELType
    let isOptional: Bool
    /// Indicates an amount or a list of them.
    let holdsAmounts: Bool
    /// Indicates a sum of amounts, which may be beyond the range of money.
    let isTotal: Bool
    /// The texts it can be; empty where any can stand there.
    let texts: [String]
    let nested: [RecordType]
    /// The amounts of the rows that it is or holds.
    let inner: AmountMembers
    let access: FieldAccess

    /// The field of a row that has a currency: its amounts are money. Nil where it holds none.
    func money(in currency: FieldAccess) -> FieldContent? {
        guard holdsAmounts else { return nil }
        return FieldContent(
            name: name, type: type == .int ? .money : .list(.money), isOptional: isOptional, holdsAmounts: true,
            isTotal: false, texts: texts, nested: nested, inner: inner, access: access.money(in: currency))
    }
}

private func isAmount<V>(_ type: V.Type) -> Bool { type == Amount.self || type == [Amount].self }

/// A value type whose CEL type names record types.
protocol NamesRecords {
    static var records: [RecordType] { get }
    static var amounts: AmountMembers { get }
}

func recordTypes<V>(of type: V.Type) -> [RecordType] { (type as? any NamesRecords.Type)?.records ?? [] }

func amountMembers<V>(of type: V.Type) -> AmountMembers {
    if let row = type as? any Row.Type { return row.amounts }
    return (type as? any NamesRecords.Type)?.amounts ?? .none
}

extension Row {
    fileprivate static var amounts: AmountMembers { fields.amounts }
}

extension Array: NamesRecords where Element: RowValue {
    static var records: [RecordType] { recordTypes(of: Element.self) }
    static var amounts: AmountMembers { amountMembers(of: Element.self) }
}

extension Dictionary: NamesRecords where Key == String, Value: RowValue {
    static var records: [RecordType] { recordTypes(of: Value.self) }
    static var amounts: AmountMembers { amountMembers(of: Value.self) }
}

/// The accessors of a field in a row that is given by its address.
@safe struct FieldAccess {
    let encode: (UnsafeRawPointer, inout RowWriter) -> Void
    let decode: (UnsafeMutableRawPointer, inout RowReader) throws(RowError) -> Void
    /// The value rules see; nil where it is absent.
    let read: (UnsafeRawPointer) -> Value?

    /// The accessors of a field. A stored property is found by its offset: following its key path calls the runtime.
    static func of<R, V: RowValue>(_ path: WritableKeyPath<R, V>) -> FieldAccess {
        guard let offset = MemoryLayout<R>.offset(of: path) else { return computed(path) }
        // The usual types are named so that they are specialised; what is left is read through its witness.
        return switch V.self {
        case is String.Type: stored(String.self, at: offset)
        case is Int64.Type: stored(Int64.self, at: offset)
        case is Amount.Type: stored(Amount.self, at: offset)
        case is Instant.Type: stored(Instant.self, at: offset)
        case is Bool.Type: stored(Bool.self, at: offset)
        default: stored(V.self, at: offset)
        }
    }

    static func optional<R, V: RowValue>(_ path: WritableKeyPath<R, V?>) -> FieldAccess {
        guard let offset = MemoryLayout<R>.offset(of: path) else { return computed(path) }
        return switch V.self {
        case is String.Type: storedOptional(String.self, at: offset)
        case is Int64.Type: storedOptional(Int64.self, at: offset)
        case is Instant.Type: storedOptional(Instant.self, at: offset)
        default: storedOptional(V.self, at: offset)
        }
    }

    private static func stored<V: RowValue>(_ type: V.Type, at offset: Int) -> FieldAccess {
        unsafe FieldAccess(
            encode: { unsafe $0.load(fromByteOffset: offset, as: V.self).encode(into: &$1) },
            decode: { (row: UnsafeMutableRawPointer, reader: inout RowReader) throws(RowError) in
                let value = try V.decode(from: &reader)
                unsafe (row + offset).assumingMemoryBound(to: V.self).pointee = value
            },
            read: { unsafe $0.load(fromByteOffset: offset, as: V.self).celValue })
    }

    private static func storedOptional<V: RowValue>(_ type: V.Type, at offset: Int) -> FieldAccess {
        let access = stored(V?.self, at: offset)
        return unsafe FieldAccess(
            encode: access.encode, decode: access.decode,
            read: { unsafe $0.load(fromByteOffset: offset, as: V?.self)?.celValue })
    }

    private static func computed<R, V: RowValue>(_ path: WritableKeyPath<R, V>) -> FieldAccess {
        unsafe FieldAccess(
            encode: { unsafe $0.load(as: R.self)[keyPath: path].encode(into: &$1) },
            decode: { (row: UnsafeMutableRawPointer, reader: inout RowReader) throws(RowError) in
                let value = try V.decode(from: &reader)
                unsafe row.assumingMemoryBound(to: R.self).pointee[keyPath: path] = value
            },
            read: { unsafe $0.load(as: R.self)[keyPath: path].celValue })
    }

    private static func computed<R, V: RowValue>(_ path: WritableKeyPath<R, V?>) -> FieldAccess {
        unsafe FieldAccess(
            encode: { unsafe $0.load(as: R.self)[keyPath: path].encode(into: &$1) },
            decode: { (row: UnsafeMutableRawPointer, reader: inout RowReader) throws(RowError) in
                let value = try V?.decode(from: &reader)
                unsafe row.assumingMemoryBound(to: R.self).pointee[keyPath: path] = value
            },
            read: { unsafe $0.load(as: R.self)[keyPath: path]?.celValue })
    }

    /// The field of amounts as money in the currency that another field says; minor units alone where that is not a
    /// code.
    func money(in currency: FieldAccess) -> FieldAccess {
        let (amounts, code) = unsafe (read, currency.read)
        return unsafe FieldAccess(
            encode: encode, decode: decode,
            read: { row in
                guard let value = unsafe amounts(row) else { return nil }
                return unsafe code(row).flatMap { CurrencyCode($0) }.map { value.money(in: $0) } ?? value
            })
    }
}

extension Value {
    /// Minor units as money, a list of them as a list of it.
    fileprivate func money(in currency: CurrencyCode) -> Value {
        switch self {
        case .int(let minorUnits): .money(Money(minorUnits, currency))
        case .list(let values): .list(values.map { $0.money(in: currency) })
        default: self
        }
    }
}
