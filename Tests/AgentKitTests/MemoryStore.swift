import AgentKit

/// Stored rows in a dictionary.
final class MemoryStore: TableStore {
    var rows: [String: [String: [UInt8]]] = [:]
    private(set) var reads = 0

    func row(_ table: String, _ key: String) -> [UInt8]? {
        reads += 1
        return rows[table]?[key]
    }

    func keys(_ table: String, from: String, _ body: (String) -> Bool) {
        let keys = (rows[table] ?? [:]).keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        for key in keys where !key.utf8.lexicographicallyPrecedes(from.utf8) {
            if !body(key) { return }
        }
    }

    func write(_ changes: TableChanges) {
        for (key, value) in changes.encoded() { rows[changes.table, default: [:]][key] = value }
    }
}
