extension Value {
    /// The order of `<`: numbers across their types, strings as UTF-8, none between currencies.
    static func order(_ a: Value, _ b: Value) -> Ordering {
        switch a {
        case .int, .uint, .double: return numberOrder(a, b)
        case .string, .text:
            let result = a.withUTF8 { x in b.withUTF8 { y in Ordering(Octets.order(x, y)) } }
            return (result ?? nil) ?? .incomparable
        case .bool(let x):
            guard case .bool(let y) = b else { return .incomparable }
            return x == y ? .equal : x ? .greater : .less
        case .bytes(let x):
            guard case .bytes(let y) = b else { return .incomparable }
            return x.withOctets { p in y.withOctets { Ordering(Octets.order(p, $0)) } }
        case .timestamp(let x):
            guard case .timestamp(let y) = b else { return .incomparable }
            return .of(x, y)
        case .duration(let x):
            guard case .duration(let y) = b else { return .incomparable }
            return .of(x.nanos, y.nanos)
        case .money(let x):
            guard case .money(let y) = b, Money.common(x, y) != nil else { return .incomparable }
            return .of(x.minorUnits, y.minorUnits)
        default: return .incomparable
        }
    }

    static func numberOrder(_ a: Value, _ b: Value) -> Ordering {
        switch (a, b) {
        case (.int(let x), .int(let y)): .of(x, y)
        case (.uint(let x), .uint(let y)): .of(x, y)
        case (.double(let x), .double(let y)): .doubles(x, y)
        case (.int(let x), .uint(let y)): .int(x, uint: y)
        case (.uint(let x), .int(let y)): Ordering.int(y, uint: x).reversed
        case (.int(let x), .double(let y)): .int(x, double: y)
        case (.double(let x), .int(let y)): Ordering.int(y, double: x).reversed
        case (.uint(let x), .double(let y)): .uint(x, double: y)
        case (.double(let x), .uint(let y)): Ordering.uint(y, double: x).reversed
        default: .incomparable
        }
    }

    /// Indicates a type that keys of maps may have.
    var isKey: Bool {
        switch self {
        case .bool, .int, .uint, .string, .text: true
        default: false
        }
    }

    /// The order of map keys: bools, numbers, strings.
    static func keyOrder(_ a: Value, _ b: Value) -> Ordering {
        let result = order(a, b)
        return result == .incomparable ? .of(a.keyRank, b.keyRank) : result
    }

    private var keyRank: Int {
        switch self {
        case .bool: 0
        case .int, .uint, .double: 1
        case .string, .text: 2
        default: 3
        }
    }
}

extension Value: Equatable {
    /// CEL's `==`: numbers across their types, maps in any order, false for different types and currencies, NaN
    /// unlike itself.
    package static func == (a: Value, b: Value) -> Bool {
        switch a {
        case .null: if case .null = b { true } else { false }
        case .bool(let x): if case .bool(let y) = b { x == y } else { false }
        case .int(let x): if case .int(let y) = b { x == y } else { numberOrder(a, b) == .equal }
        case .uint, .double: numberOrder(a, b) == .equal
        case .string, .text:
            (a.withUTF8 { x in b.withUTF8 { x == $0 } } ?? nil) ?? false
        case .bytes(let x): if case .bytes(let y) = b { x == y } else { false }
        case .timestamp(let x): if case .timestamp(let y) = b { x == y } else { false }
        case .duration(let x): if case .duration(let y) = b { x == y } else { false }
        case .money(let x): if case .money(let y) = b { Money.isSame(x, y) } else { false }
        case .type(let x): if case .type(let y) = b { x.name == y.name } else { false }
        case .optional(let x): if case .optional(let y) = b { x.value == y.value } else { false }
        case .list, .map, .host: containersEqual(a, b)
        case .error: false
        }
    }

    private static func containersEqual(_ a: Value, _ b: Value) -> Bool {
        if let count = a.listCount {
            guard b.listCount == count else { return false }
            for index in 0..<count where a.element(index) != b.element(index) { return false }
            return true
        }
        guard let count = a.mapCount, b.mapCount == count else { return false }
        for index in 0..<count {
            guard let other = b.entry(a.key(at: index)), a.value(at: index) == other else { return false }
        }
        return true
    }
}

/// The outcome of comparing two values.
enum Ordering {
    case less, equal, greater
    /// NaN is neither less, equal nor greater.
    case unordered
    /// The types have no order between them.
    case incomparable

    init(_ difference: Int) { self = difference < 0 ? .less : difference > 0 ? .greater : .equal }

    @inline(__always)
    static func of<T: Comparable>(_ a: T, _ b: T) -> Ordering { a < b ? .less : a == b ? .equal : .greater }

    @inline(__always)
    static func doubles(_ a: Double, _ b: Double) -> Ordering {
        a < b ? .less : a > b ? .greater : a == b ? .equal : .unordered
    }

    /// Compares by range first, then as doubles, as the conformance suite requires.
    static func int(_ a: Int64, double b: Double) -> Ordering {
        if b < -0x1p63 { return .greater }
        if b > 0x1p63 { return .less }
        return doubles(Double(a), b)
    }

    static func uint(_ a: UInt64, double b: Double) -> Ordering {
        if b < 0 { return .greater }
        if b > 0x1p64 { return .less }
        return doubles(Double(a), b)
    }

    static func int(_ a: Int64, uint b: UInt64) -> Ordering { a < 0 ? .less : of(UInt64(a), b) }

    var reversed: Ordering {
        switch self {
        case .less: .greater
        case .greater: .less
        default: self
        }
    }
}
