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

    /// Whether it is a map. A host's map is not counted for this: that may mean to visit all of it.
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

    /// The value of a key of a map, or nil where it is absent.
    package func entry(_ key: Value) -> Value? {
        switch self {
        case .map(let map): map[key]
        case .host(let host, let node): host.member(node, key: key)
        default: nil
        }
    }

    /// Whether this is a map that has a key.
    func hasEntry(_ key: Value) -> Bool {
        guard case .host(let host, let node) = self else { return entry(key) != nil }
        return host.contains(node, key: key)
    }

    /// Whether this is a string, bytes, list or map without content, zero, false, or null.
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
