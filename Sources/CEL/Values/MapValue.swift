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

    /// The value of `key`, numbers compared across their types; nil where it is absent.
    package subscript(_ key: Value) -> Value? {
        guard let index = MapBuilder.find(key, in: keys).found else { return nil }
        return values[index]
    }

    package subscript(_ name: String) -> Value? { self[.string(name)] }
}
