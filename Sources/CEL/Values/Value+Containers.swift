/// Lists and maps, whether CEL's own or a host's.
extension Value {
    /// The number of elements of a list; nil for any other type.
    package var listCount: Int? {
        switch self {
        case .list(let elements): elements.count
        case .host(let host, let node) where host.kind(node) == .list: host.count(node)
        default: nil
        }
    }

    /// The number of entries of a map; nil for any other type.
    package var mapCount: Int? {
        switch self {
        case .map(let map): map.count
        case .host(let host, let node) where host.kind(node) == .map: host.count(node)
        default: nil
        }
    }

    /// Indicates a map, without counting a host's map, which may mean visiting all of it.
    package var isMap: Bool {
        switch self {
        case .map: true
        case .host(let host, let node): host.kind(node) == .map
        default: false
        }
    }

    /// One element of a list; an error past its end.
    package func element(_ index: Int) -> Value {
        switch self {
        case .list(let elements) where index >= 0 && index < elements.count: elements[index]
        case .host(let host, let node) where index >= 0: host.element(node, index) ?? .outOfRange(index)
        default: .outOfRange(index)
        }
    }

    /// The key at one position of a map, in key order.
    package func key(at position: Int) -> Value {
        switch self {
        case .map(let map) where position >= 0 && position < map.count: map.keys[position]
        case .host(let host, let node): host.key(node, at: position)
        default: .outOfRange(position)
        }
    }

    /// The value at one position of a map, in key order.
    package func value(at position: Int) -> Value {
        switch self {
        case .map(let map) where position >= 0 && position < map.count: map.values[position]
        case .host(let host, let node): host.member(node, key: host.key(node, at: position)) ?? .outOfRange(position)
        default: .outOfRange(position)
        }
    }

    /// The value of a key of a map; nil if it is absent.
    package func entry(_ key: Value) -> Value? {
        switch self {
        case .map(let map): map[key]
        case .host(let host, let node): host.member(node, key: key)
        default: nil
        }
    }

    /// Returns whether this is a map that has the key.
    func hasEntry(_ key: Value) -> Bool {
        guard case .host(let host, let node) = self else { return entry(key) != nil }
        return host.contains(node, key: key)
    }

    /// Indicates an empty string, bytes, list or map, zero, false, or null.
    var isZero: Bool {
        switch self {
        case .null: true
        case .bool(let value): !value
        case .int(let value): value == 0
        case .uint(let value): value == 0
        case .double(let value): value == 0
        case .bytes(let octets): octets.isEmpty
        case .string, .text: withUTF8(\.isEmpty) ?? true
        case .duration(let value): value.nanos == 0
        case .timestamp(let value): value.seconds == 0 && value.nanos == 0
        case .money(let value): value.minorUnits == 0
        case .list, .map, .host: (listCount ?? mapCount ?? 0) == 0
        case .optional(let content): content.value == nil
        case .type, .error: false
        }
    }

    static func outOfRange(_ index: Int) -> Value { .failure(.indexOutOfRange, "index \(index) is out of range") }
}

/// A map whose entries stand in key order: false, true, numbers by value, strings as UTF-8.
package final class MapValue: Sendable {
    package let keys: [Value]
    package let values: [Value]

    /// Entries that are in key order already and free of duplicates.
    package init(sortedKeys keys: [Value], values: [Value]) {
        self.keys = keys
        self.values = values
    }

    /// A map with string keys; of equal keys the last stands.
    package convenience init(_ entries: [(String, Value)]) {
        var builder = MapBuilder()
        for (key, value) in entries { builder.set(.string(key), value) }
        self.init(sortedKeys: builder.keys, values: builder.values)
    }

    /// A map of entries in any order; of equal keys the last stands.
    package convenience init(entries: [(Value, Value)]) {
        var builder = MapBuilder()
        for (key, value) in entries { builder.set(key, value) }
        self.init(sortedKeys: builder.keys, values: builder.values)
    }

    package var count: Int { keys.count }

    /// The value of `key`, numbers compared across their types; nil if it is absent.
    package subscript(_ key: Value) -> Value? {
        guard let index = MapBuilder.find(key, in: keys).found else { return nil }
        return values[index]
    }

    package subscript(_ name: String) -> Value? { self[.string(name)] }

    /// Maps of more keys are looked up by hash.
    private static let fewKeys = 8

    /// The value of a key known when the program was compiled; nil if it is absent.
    func member(_ name: FieldName) -> Value? {
        guard keys.count <= Self.fewKeys, name.isASCII else { return self[.string(name.text)] }
        for index in keys.indices {
            // A text that has as many bytes as an ASCII text and equals it has the same bytes.
            if case .string(let key) = keys[index], key == name.text, key.utf8.count == name.utf8.count {
                return values[index]
            }
        }
        return self[.string(name.text)]
    }
}

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

    /// Adds an entry in any order; returns an error if the key is not of a key type.
    mutating func add(_ key: Value, _ value: Value) -> Value? {
        guard key.isKey else {
            return .failure(.invalidArgument, "a map has no key of type `\(key.typeName)`")
        }
        if isSorted, let last = keys.last, Value.keyOrder(last, key) != .less { isSorted = false }
        keys.append(key)
        values.append(value)
        return nil
    }

    /// The map of the added entries; an error if a key was added twice.
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
