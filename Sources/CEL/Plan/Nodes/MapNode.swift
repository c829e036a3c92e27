final class MapNode: Node, @unchecked Sendable {
    private let entries: [(key: Node, value: Node, isOptional: Bool)]

    init(_ entries: [(key: Node, value: Node, isOptional: Bool)]) { self.entries = entries }

    override func evaluate(_ activation: Activation) -> Value {
        var builder = MapBuilder()
        builder.reserve(entries.count)
        for entry in entries {
            let key = entry.key.evaluate(activation)
            if case .error = key { return key }
            var value = entry.value.evaluate(activation)
            if case .error = value { return value }
            if entry.isOptional {
                guard case .optional(let content) = value else { return .noOverload }
                guard let inner = content.value else { continue }
                value = inner
            }
            if let failure = builder.add(key, value) { return failure }
        }
        return builder.finish()
    }
}
