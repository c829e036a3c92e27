import AgentKit

/// A row with a column of every kind.
struct Visit: Row, Equatable {
    enum Mood: String, RowValue { case good, bad }

    var id = ""
    var count: Int64 = 0
    var isNew = false
    var at = Instant(milliseconds: 0)
    var paid = Amount(0)
    var cause = EntrySequence(0)
    var mood = Mood.good
    var note: String?
    var left: Instant?
    var seats: Int64?
    var lastMood: Mood?
    var tags: [String] = []
    var totals: [String: Int64] = [:]
    static let name = "visit"
    static let fields: RowFields<Visit> = [
        .init("id", \.id), .init("count", \.count), .init("isNew", \.isNew), .init("at", \.at), .init("paid", \.paid),
        .init("cause", \.cause), .init("mood", \.mood), .init("note", \.note), .init("tags", \.tags),
        .init("totals", \.totals), .init("left", \.left), .init("seats", \.seats), .init("lastMood", \.lastMood),
        .init("isGood", \.isGood), .init("guide", \.guide),
    ]
}

extension Visit {
    /// Columns may be computed.
    var isGood: Bool {
        get { mood == .good }
        set { mood = newValue ? .good : .bad }
    }

    var guide: String? {
        get { tags.first { $0.hasPrefix("guide:") } }
        set {
            tags.removeAll { $0.hasPrefix("guide:") }
            if let newValue { tags.append(newValue) }
        }
    }
}

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
