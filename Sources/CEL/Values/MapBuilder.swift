/// Collects the entries of a map in key order.
struct MapBuilder {
    private(set) var keys: [Value] = []
    private(set) var values: [Value] = []

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

    static func find(_ key: Value, in keys: [Value]) -> (found: Int?, insertion: Int) { (nil, 0) }
}
