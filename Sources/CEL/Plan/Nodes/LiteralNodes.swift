/// A list literal; an empty optional element is left out.
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

/// A map literal; an entry with an empty optional value is left out.
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

/// A map literal with constant keys, which are sorted and checked for duplicates at compile time.
final class FixedMapNode: Node, @unchecked Sendable {
    /// In key order.
    private let keys: [Value]
    /// The entries in source order, each with its place in key order.
    private let entries: [(value: Node, place: Int, isOptional: Bool)]

    /// Nil if a key is not a constant, not of a key type or a duplicate.
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

/// A chain of `+` with a constant string in it: its parts are collected in one buffer and become a string once.
final class ConcatenationNode: Node, @unchecked Sendable {
    private let parts: [Node]

    private init(_ parts: [Node]) { self.parts = parts }

    /// The chain of both operands; nil if it need not be one of strings.
    static func of(_ left: Node, _ right: Node) -> ConcatenationNode? {
        if let chain = left as? ConcatenationNode { return ConcatenationNode(chain.parts + [right]) }
        for case .string in [left.constant, right.constant] { return ConcatenationNode([left, right]) }
        return nil
    }

    override func evaluate(_ activation: Activation) -> Value {
        let start = activation.octets.count
        defer { activation.octets.removeSubrange(start...) }
        for index in 0..<parts.count {
            let part = parts[index].evaluate(activation)
            let isString = part.withUTF8 { unsafe activation.octets.append(contentsOf: $0.raw) } != nil
            guard isString else {
                if case .error = part { return part }
                return .noOverload
            }
            guard index == 0 || activation.charge(UInt64(activation.octets.count - start) / 10) else {
                return .costPassed
            }
        }
        return unsafe activation.octets.withUnsafeBytes { bytes in
            unsafe .string(String(decoding: UnsafeRawBufferPointer(rebasing: bytes[start...]), as: UTF8.self))
        }
    }
}
