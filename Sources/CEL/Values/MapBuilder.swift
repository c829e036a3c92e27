/// Collects the entries of a map in key order.
struct MapBuilder {
    private(set) var keys: [Value] = []
    private(set) var values: [Value] = []
    private var isSorted = true

    mutating func reserve(_ count: Int) {
        keys.reserveCapacity(count)
        values.reserveCapacity(count)
    }

    /// Replaces the value of an equal key.
    mutating func set(_ key: Value, _ value: Value) {
        let place = Self.find(key, in: keys)
        if let index = place.found {
            values[index] = value
        } else {
            keys.insert(key, at: place.insertion)
            values.insert(value, at: place.insertion)
        }
    }

    /// Adds an entry in any order; the error where the key is of no key type.
    mutating func add(_ key: Value, _ value: Value) -> Value? {
        guard key.isKey else {
            return .failure(.invalidArgument, "a map has no key of type `\(key.typeName)`")
        }
        if isSorted, let last = keys.last, Value.keyOrder(last, key) != .less { isSorted = false }
        keys.append(key)
        values.append(value)
        return nil
    }

    /// The map of what was added; an error where a key came twice.
    func finish() -> Value {
        if isSorted { return .map(MapValue(sortedKeys: keys, values: values)) }
        let order = keys.indices.sorted { Value.keyOrder(keys[$0], keys[$1]) == .less }
        for (a, b) in zip(order, order.dropFirst()) where Value.keyOrder(keys[a], keys[b]) == .equal {
            return .failure(.invalidArgument, "a map has the key \(keys[a].shortText) twice")
        }
        return .map(MapValue(sortedKeys: order.map { keys[$0] }, values: order.map { values[$0] }))
    }

    static func find(_ key: Value, in keys: [Value]) -> (found: Int?, insertion: Int) {
        var low = 0
        var high = keys.count
        while low < high {
            let middle = (low + high) / 2
            switch Value.keyOrder(keys[middle], key) {
            case .less: low = middle + 1
            case .equal: return (middle, middle)
            case .unordered: return (nil, keys.count)
            case .greater, .incomparable: high = middle
            }
        }
        return (nil, low)
    }
}
