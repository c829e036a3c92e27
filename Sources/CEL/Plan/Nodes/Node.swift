/// A compiled expression: one call gives its value.
class Node: @unchecked Sendable {
    func evaluate(_ activation: Activation) -> Value { .noOverload }

    /// The value as a condition; where it is none, `activation.failure` says why.
    func truth(_ activation: Activation) -> Truth { Truth(evaluate(activation), activation) }

    /// The value, where it is known when compiling.
    var constant: Value? { nil }
}
