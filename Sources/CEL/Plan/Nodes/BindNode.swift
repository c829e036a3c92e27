/// `cel.bind` and the optional maps: a value in a local, then an expression that uses it.
final class BindNode: Node, @unchecked Sendable {
    private let kind: Expression.BindKind
    private let index: Int
    private let value: Node
    private let body: Node

    init(_ kind: Expression.BindKind, _ index: Int, _ value: Node, _ body: Node) {
        self.kind = kind
        self.index = index
        self.value = value
        self.body = body
    }

    override func evaluate(_ activation: Activation) -> Value {
        var bound = value.evaluate(activation)
        if kind != .plain {
            guard case .optional(let content) = bound else {
                if case .error = bound { return bound }
                return .noOverload
            }
            guard let inner = content.value else { return bound }
            bound = inner
        }
        activation.setFrameLocal(index, bound)
        let result = body.evaluate(activation)
        activation.setFrameLocal(index, .null)
        switch (kind, result) {
        case (.plain, _), (_, .error): return result
        case (.optionalMap, _): return .some(result)
        case (.optionalFlatMap, .optional): return result
        case (.optionalFlatMap, _): return .noOverload
        }
    }
}
