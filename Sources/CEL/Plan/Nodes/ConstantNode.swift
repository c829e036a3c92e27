final class ConstantNode: Node, @unchecked Sendable {
    private let value: Value

    init(_ value: Value) { self.value = value }

    override func evaluate(_ activation: Activation) -> Value { value }
    override var constant: Value? { if case .error = value { nil } else { value } }
}
