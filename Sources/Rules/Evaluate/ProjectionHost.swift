import AgentKit

/// A projection as a map from key to row.
final class ProjectionHost: HostObject, @unchecked Sendable {
    private let table: AnyTable
    private let locals: RuleLocals
    /// The keys in order, collected when something iterates over the whole, and the evaluation in which they were.
    private var keys: [String] = []
    private var stamp: UInt64 = 0

    init(_ table: AnyTable, _ locals: RuleLocals) {
        self.table = table
        self.locals = locals
    }

    func count(_ node: UInt32) -> Int { collected().count }
    func member(_ node: UInt32, _ name: FieldName) -> Value? { table.value(name.text) }
    func member(_ node: UInt32, key: Value) -> Value? { key.stringValue.flatMap(table.value) }
    func key(_ node: UInt32, at position: Int) -> Value {
        let keys = collected()
        return position < keys.count ? .string(keys[position]) : .null
    }

    private func collected() -> [String] {
        if stamp == locals.stamp { return keys }
        var all: [String] = []
        table.forEachKey { key in
            all.append(key)
            return true
        }
        keys = all
        stamp = locals.stamp
        return all
    }
}
