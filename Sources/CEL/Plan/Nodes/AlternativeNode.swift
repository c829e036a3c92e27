/// `or` and `orValue`: the alternative is evaluated where it is needed.
final class AlternativeNode: Node, @unchecked Sendable {
    private let optional: Node
    private let alternative: Node
    private let unwraps: Bool

    init(_ optional: Node, _ alternative: Node, unwraps: Bool) {
        self.optional = optional
        self.alternative = alternative
        self.unwraps = unwraps
    }

    override func evaluate(_ activation: Activation) -> Value {
        let value = optional.evaluate(activation)
        guard case .optional(let content) = value else {
            if case .error = value { return value }
            return .noOverload
        }
        if let inner = content.value { return unwraps ? inner : value }
        let other = alternative.evaluate(activation)
        if unwraps { return other }
        switch other {
        case .optional, .error: return other
        default: return .noOverload
        }
    }
}
