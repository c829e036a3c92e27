/// A part of a declared constant. To the plan it is none: what depends on it is computed, and costs what it costs.
final class KnownNode: Node, @unchecked Sendable {
    private let value: Value

    init(_ value: Value) { self.value = value }

    override func evaluate(_ activation: Activation) -> Value { value }
}
