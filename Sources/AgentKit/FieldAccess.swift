import CEL

/// How a field is read and written in a row that is given by its address.
@safe struct FieldAccess {
    let encode: (UnsafeRawPointer, inout RowWriter) -> Void
    let decode: (UnsafeMutableRawPointer, inout RowReader) throws(RowError) -> Void
    /// The value rules see; nil where it is absent.
    let read: (UnsafeRawPointer) -> Value?

    /// Where a field is a stored property it is found by its offset: following its path calls the runtime.
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

    /// The field of amounts as money in the currency that another field says; minor units alone where that is no code.
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
