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
            return ordering == .incomparable ? Truth(.noOverload, activation) : Truth(holds(ordering))
        }
    }
}

final class CompareNode: Node, @unchecked Sendable {
    private let comparison: Comparison
    private let left: Node
    private let right: Node

    init(_ comparison: Comparison, _ left: Node, _ right: Node) {
        self.comparison = comparison
        self.left = left
        self.right = right
    }

    override func evaluate(_ activation: Activation) -> Value { truth(activation).value(activation) }

    override func truth(_ activation: Activation) -> Truth {
        comparison.compare(left.evaluate(activation), right.evaluate(activation), activation)
    }
}

/// A comparison with a constant int.
final class CompareIntNode: Node, @unchecked Sendable {
    private let comparison: Comparison
    private let operand: Node
    private let number: Int64

    init(_ comparison: Comparison, _ operand: Node, _ number: Int64) {
        self.comparison = comparison
        self.operand = operand
        self.number = number
    }

    override func evaluate(_ activation: Activation) -> Value { truth(activation).value(activation) }

    override func truth(_ activation: Activation) -> Truth {
        let value = operand.evaluate(activation)
        if case .int(let found) = value { return Truth(comparison.holds(.of(found, number))) }
        return comparison.compare(value, .int(number), activation)
    }
}

/// Equality with a constant string.
final class EqualTextNode: Node, @unchecked Sendable {
    private let operand: Node
    private let text: Value
    private let bytes: [UInt8]
    private let isEqual: Bool

    init(_ operand: Node, _ text: Value, isEqual: Bool) {
        self.operand = operand
        self.text = text
        bytes = text.utf8Bytes ?? []
        self.isEqual = isEqual
    }

    override func evaluate(_ activation: Activation) -> Value { truth(activation).value(activation) }

    override func truth(_ activation: Activation) -> Truth {
        let value = operand.evaluate(activation)
        if let same = value.withUTF8({ other in bytes.withOctets { $0 == other } }) {
            return Truth(same == isEqual)
        }
        return (isEqual ? Comparison.equal : .notEqual).compare(value, text, activation)
    }
}

/// `operand in [constants]`.
final class ConstantMemberNode: Node, @unchecked Sendable {
    private let operand: Node
    private let set: ConstantSet

    init(_ operand: Node, _ set: ConstantSet) {
        self.operand = operand
        self.set = set
    }

    override func evaluate(_ activation: Activation) -> Value { truth(activation).value(activation) }

    override func truth(_ activation: Activation) -> Truth {
        let value = operand.evaluate(activation)
        if case .error = value { return Truth(value, activation) }
        return Truth(set.contains(value))
    }
}
