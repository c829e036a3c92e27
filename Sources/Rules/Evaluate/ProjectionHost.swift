import AgentKit

/// A projection as a map from key to row.
final class ProjectionHost: HostObject, @unchecked Sendable {
    private let table: AnyTable
    private let locals: RuleLocals
    /// Rows that the rule set itself gives, for keys that the projection does not have.
    private let given: [String: Value]
    /// The keys in order, collected when something iterates over the whole, and the evaluation in which they were.
    private var keys: [String] = []
    private var stamp: UInt64 = 0

    init(_ table: AnyTable, _ locals: RuleLocals, given: [String: Value] = [:]) {
        self.table = table
        self.locals = locals
        self.given = given
    }

    func count(_ node: UInt32) -> Int { collected().count }
    func member(_ node: UInt32, _ name: FieldName) -> Value? { member(node, key: .string(name.text)) }

    func member(_ node: UInt32, key: Value) -> Value? {
        if let row = row(key) { return .host(row, 0) }
        return given.isEmpty ? nil : key.stringValue.flatMap { given[$0] }
    }

    func contains(_ node: UInt32, key: Value) -> Bool {
        row(key) != nil || !given.isEmpty && key.stringValue.map { given[$0] != nil } ?? false
    }

    func key(_ node: UInt32, at position: Int) -> Value {
        let keys = collected()
        return position < keys.count ? .string(keys[position]) : .null
    }

    private func row(_ key: Value) -> RowHost? {
        switch key {
        case .string(let text): unsafe KeyIndex.withBytes(of: text) { unsafe table.host($0) }
        case .text(let host, let node): unsafe table.host(host.text(node))
        default: nil
        }
    }

    private func collected() -> [String] {
        if stamp == locals.stamp { return keys }
        var all: [String] = []
        table.forEachKey { key in
            all.append(key)
            return true
        }
        for key in given.keys where !table.contains(key) { all.append(key) }
        if !given.isEmpty { all.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) } }
        keys = all
        stamp = locals.stamp
        return all
    }
}
