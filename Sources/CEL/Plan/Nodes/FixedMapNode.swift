/// A map literal whose keys are constants: sorted and compared when it was compiled.
final class FixedMapNode: Node, @unchecked Sendable {
    /// In key order.
    private let keys: [Value]
    /// The entries in the order of the source with their places in key order.
    private let entries: [(value: Node, place: Int, isOptional: Bool)]

    /// Nil where a key is no constant, of no key type or there twice.
    init?(_ entries: [(key: Node, value: Node, isOptional: Bool)]) {
        var builder = MapBuilder()
        for (position, entry) in entries.enumerated() {
            guard let key = entry.key.constant, builder.add(key, .int(Int64(position))) == nil else { return nil }
        }
        guard case .map(let sorted) = builder.finish() else { return nil }
        keys = sorted.keys
        var places = [Int](repeating: 0, count: entries.count)
        for (place, position) in sorted.values.enumerated() { places[Int(position.intValue ?? 0)] = place }
        self.entries = zip(entries, places).map { ($0.value, $1, $0.isOptional) }
    }

    override func evaluate(_ activation: Activation) -> Value {
        var values = [Value](repeating: .null, count: keys.count)
        var absent: [Int] = []
        for entry in entries {
            let value = entry.value.evaluate(activation)
            if case .error = value { return value }
            guard entry.isOptional else {
                values[entry.place] = value
                continue
            }
            guard case .optional(let content) = value else { return .noOverload }
            if let inner = content.value { values[entry.place] = inner } else { absent.append(entry.place) }
        }
        if absent.isEmpty { return .map(MapValue(sortedKeys: keys, values: values)) }
        let present = keys.indices.filter { !absent.contains($0) }
        return .map(MapValue(sortedKeys: present.map { keys[$0] }, values: present.map { values[$0] }))
    }
}
