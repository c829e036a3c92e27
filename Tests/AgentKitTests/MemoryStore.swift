import AgentKit

/// Stored rows in a dictionary.
final class MemoryStore: TableStore {
    var rows: [String: [String: [UInt8]]] = [:]
    fileprivate(set) var reads = 0

    func rows(of table: String) -> any StoredRows { Rows(self, table) }

    func write(_ changes: TableChanges) {
        for (key, value) in changes.encoded() { rows[changes.table, default: [:]][key] = value }
    }

    private final class Rows: StoredRows {
        private let store: MemoryStore
        private let table: String

        init(_ store: MemoryStore, _ table: String) {
            self.store = store
            self.table = table
        }

        func row(_ key: UnsafeRawBufferPointer) -> [UInt8]? {
            store.reads += 1
            return store.rows[table]?[String(decoding: key, as: UTF8.self)]
        }

        func forEachKey(from: String, _ body: (String) -> Bool) {
            let keys = (store.rows[table] ?? [:]).keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
            for key in keys where !key.utf8.lexicographicallyPrecedes(from.utf8) {
                if !body(key) { return }
            }
        }
    }
}
