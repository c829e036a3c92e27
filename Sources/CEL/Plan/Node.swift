/// A compiled expression: one call gives its value.
class Node: @unchecked Sendable {
    func evaluate(_ activation: Activation) -> Value { .noOverload }

    /// The value as a condition; where it is none, `activation.failure` says why.
    func truth(_ activation: Activation) -> Truth { Truth(evaluate(activation), activation) }

    /// The value, where it is known when compiling.
    var constant: Value? { nil }
}

/// A condition's outcome.
enum Truth {
    case no, yes
    /// An error or no bool: see `Activation.failure`.
    case failed

    @inline(__always)
    init(_ value: Value, _ activation: Activation) {
        switch value {
        case .bool(let flag): self = flag ? .yes : .no
        case .error:
            activation.failure = value
            self = .failed
        default:
            activation.failure = .noOverload
            self = .failed
        }
    }

    @inline(__always)
    init(_ flag: Bool) { self = flag ? .yes : .no }

    @inline(__always)
    func value(_ activation: Activation) -> Value {
        switch self {
        case .no: .bool(false)
        case .yes: .bool(true)
        case .failed: activation.failure
        }
    }
}

final class ConstantNode: Node, @unchecked Sendable {
    private let value: Value

    init(_ value: Value) { self.value = value }

    override func evaluate(_ activation: Activation) -> Value { value }
    override var constant: Value? { if case .error = value { nil } else { value } }
}

final class SlotNode: Node, @unchecked Sendable {
    let slot: Int

    init(_ slot: Int) { self.slot = slot }

    override func evaluate(_ activation: Activation) -> Value { activation[slot] }
}

final class LocalNode: Node, @unchecked Sendable {
    let index: Int

    init(_ index: Int) { self.index = index }

    override func evaluate(_ activation: Activation) -> Value { activation.frameLocal(index) }
}
