import AgentKit

/// A declared table as rules see it: a map from key to row.
final class RecordTableHost: HostObject, @unchecked Sendable {
    private let table: DeclaredTable
    private let locals: RuleLocals
    /// The keys in order, collected when something iterates over the whole, and the evaluation in which they were.
    private var keys: [String] = []
    private var stamp: UInt64 = 0

    init(_ table: DeclaredTable, _ locals: RuleLocals) {
        self.table = table
        self.locals = locals
    }

    func count(_ node: UInt32) -> Int { collected().count }
    func member(_ node: UInt32, _ name: FieldName) -> Value? { member(node, key: .string(name.text)) }
    func member(_ node: UInt32, key: Value) -> Value? { row(key).map { .host($0, 0) } }
    func contains(_ node: UInt32, key: Value) -> Bool { row(key) != nil }

    func key(_ node: UInt32, at position: Int) -> Value {
        let keys = collected()
        return position < keys.count ? .string(keys[position]) : .null
    }

    private func row(_ key: Value) -> JSONHost? {
        switch key {
        case .string(let text): table.rows?.row(text)
        case .text(let host, let node): unsafe table.rows?.row(host.text(node))
        default: nil
        }
    }

    private func collected() -> [String] {
        if stamp == locals.stamp { return keys }
        var all: [String] = []
        table.rows?.forEachKey { key in
            all.append(key)
            return true
        }
        keys = all
        stamp = locals.stamp
        return all
    }
}
