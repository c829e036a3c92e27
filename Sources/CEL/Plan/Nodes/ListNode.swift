final class ListNode: Node, @unchecked Sendable {
    private let elements: [(node: Node, isOptional: Bool)]

    init(_ elements: [(node: Node, isOptional: Bool)]) { self.elements = elements }

    override func evaluate(_ activation: Activation) -> Value {
        var result: [Value] = []
        result.reserveCapacity(elements.count)
        for element in elements {
            let value = element.node.evaluate(activation)
            if case .error = value { return value }
            guard element.isOptional else {
                result.append(value)
                continue
            }
            guard case .optional(let content) = value else { return .noOverload }
            if let inner = content.value { result.append(inner) }
        }
        return .list(result)
    }
}
