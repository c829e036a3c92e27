import AgentKit

/// A projection as a map from key to row.
final class ProjectionHost: HostObject, @unchecked Sendable {
    private let table: AnyTable
    /// The keys in order, collected when something iterates over the whole.
    private var keys: [String]?

    init(_ table: AnyTable) { self.table = table }

    /// Forgets what an earlier evaluation collected: the table may have changed.
    func renew() { if keys != nil { keys = nil } }

    func count(_ node: UInt32) -> Int { collected().count }
    func member(_ node: UInt32, _ name: FieldName) -> Value? { table.value(name.text) }
    func member(_ node: UInt32, key: Value) -> Value? { key.stringValue.flatMap(table.value) }
    func key(_ node: UInt32, at position: Int) -> Value {
        let keys = collected()
        return position < keys.count ? .string(keys[position]) : .null
    }

    private func collected() -> [String] {
        if let keys { return keys }
        var all: [String] = []
        table.forEachKey { key in
            all.append(key)
            return true
        }
        keys = all
        return all
    }
}
