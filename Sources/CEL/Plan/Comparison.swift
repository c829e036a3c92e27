/// The comparison operators.
enum Comparison {
    case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual

    init?(_ function: String) {
        switch function {
        case "_==_": self = .equal
        case "_!=_": self = .notEqual
        case "_<_": self = .less
        case "_<=_": self = .lessOrEqual
        case "_>_": self = .greater
        case "_>=_": self = .greaterOrEqual
        default: return nil
        }
    }

    @inline(__always)
    func holds(_ ordering: Ordering) -> Bool {
        switch self {
        case .equal: ordering == .equal
        case .notEqual: ordering != .equal
        case .less: ordering == .less
        case .lessOrEqual: ordering == .less || ordering == .equal
        case .greater: ordering == .greater
        case .greaterOrEqual: ordering == .greater || ordering == .equal
        }
    }

    /// The operator that says the same with the operands exchanged.
    var exchanged: Comparison {
        switch self {
        case .less: .greater
        case .lessOrEqual: .greaterOrEqual
        case .greater: .less
        case .greaterOrEqual: .lessOrEqual
        default: self
        }
    }

    func compare(_ a: Value, _ b: Value, _ activation: Activation) -> Truth {
        if case .error = a { return Truth(a, activation) }
        if case .error = b { return Truth(b, activation) }
        switch self {
        case .equal: return Truth(a == b)
        case .notEqual: return Truth(a != b)
        default:
            let ordering = Value.order(a, b)
            guard ordering == .incomparable else { return Truth(holds(ordering)) }
            if case (.money, .money) = (a, b) { return Truth(.currenciesDiffer, activation) }
            return Truth(.noOverload, activation)
        }
    }
}
