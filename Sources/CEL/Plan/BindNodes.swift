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

/// `cel.block`: values computed on first use, at most once.
final class BlockNode: Node, @unchecked Sendable {
    private let base: Int
    private let count: Int
    private let body: Node

    init(base: Int, count: Int, _ body: Node) {
        self.base = base
        self.count = count
        self.body = body
    }

    override func evaluate(_ activation: Activation) -> Value {
        for index in base..<(base + count * 2) { activation.setFrameLocal(index, .null) }
        let result = body.evaluate(activation)
        for index in base..<(base + count * 2) { activation.setFrameLocal(index, .null) }
        return result
    }
}

/// One value of a block: a local that says whether it is known, and one that holds it.
final class LazyNode: Node, @unchecked Sendable {
    private let index: Int
    private let value: Node

    init(_ index: Int, _ value: Node) {
        self.index = index
        self.value = value
    }

    override func evaluate(_ activation: Activation) -> Value {
        if case .bool = activation.frameLocal(index) { return activation.frameLocal(index + 1) }
        let result = value.evaluate(activation)
        activation.setFrameLocal(index + 1, result)
        activation.setFrameLocal(index, .bool(true))
        return result
    }
}
