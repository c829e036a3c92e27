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

    /// The equivalent operator for exchanged operands.
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

/// A comparison of two operands.
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

/// A comparison with a constant int; money can be compared only with 0.
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
        if case .money(let money) = value, number == 0 { return Truth(comparison.holds(.of(money.minorUnits, 0))) }
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

/// `text.matches(pattern)` with a constant pattern.
final class MatchNode: Node, @unchecked Sendable {
    private let text: Node
    private let regex: Regex

    init(_ text: Node, _ regex: Regex) {
        self.text = text
        self.regex = regex
    }

    override func evaluate(_ activation: Activation) -> Value {
        let value = text.evaluate(activation)
        if case .error = value { return value }
        return regex.matches(value, activation) ?? .noOverload
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

/// Hash set of the elements of a constant list.
struct ConstantSet: Sendable {
    private static let linearMax = 4

    private let elements: [Value]
    /// The strings among them, concatenated, so that reading one need not retain an array of its own.
    private let octets: [UInt8]
    /// The end of each string in `octets`.
    private let ends: [Int]
    /// Positions in `ends` by hash (linear probing), -1 if empty; the length is a power of two.
    private var table: [Int32] = []
    private let ints: Set<Int64>
    private let isNumeric: Bool

    init(_ elements: [Value]) {
        self.elements = elements
        let texts = elements.compactMap(\.utf8Bytes)
        octets = texts.flatMap { $0 }
        var end = 0
        ends = texts.map {
            end += $0.count
            return end
        }
        ints = Set(elements.compactMap(\.intValue))
        isNumeric = elements.contains { if case .uint = $0 { true } else if case .double = $0 { true } else { false } }
        guard texts.count > Self.linearMax else { return }
        var size = 8
        while size < texts.count * 2 { size *= 2 }
        table = [Int32](repeating: -1, count: size)
        for (position, text) in texts.enumerated() {
            var place = text.withOctets(Self.hash) & (size - 1)
            while table[place] >= 0 { place = (place + 1) & (size - 1) }
            table[place] = Int32(position)
        }
    }

    /// FNV-1a hash.
    private static func hash(_ text: Octets) -> Int {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for index in 0..<text.count { hash = (hash ^ UInt64(text[index])) &* 0x100_0000_01b3 }
        return Int(truncatingIfNeeded: hash ^ hash >> 32) & Int.max
    }

    private func isText(_ position: Int, _ text: Octets, in all: Octets) -> Bool {
        all[(position == 0 ? 0 : ends[position - 1])..<ends[position]] == text
    }

    private func contains(text: Octets) -> Bool {
        octets.withOctets { all in
            if table.isEmpty {
                for position in ends.indices where isText(position, text, in: all) { return true }
                return false
            }
            var place = Self.hash(text) & (table.count - 1)
            while table[place] >= 0 {
                if isText(Int(table[place]), text, in: all) { return true }
                place = (place + 1) & (table.count - 1)
            }
            return false
        }
    }

    func contains(_ value: Value) -> Bool {
        if let found = value.withUTF8({ contains(text: $0) }) { return found }
        if case .int(let number) = value, !isNumeric { return ints.contains(number) }
        return elements.contains(value)
    }
}
