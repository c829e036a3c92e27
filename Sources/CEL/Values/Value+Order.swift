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

    /// Whether a map may have this key.
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
