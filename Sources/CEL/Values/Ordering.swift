/// How two values stand to each other.
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

    /// Range first, then as doubles, as the conformance suite has it.
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
