package import AgentKit

/// A row by its table and its key; compared byte by byte.
package struct RowName: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let table: String
    package let key: String

    package init(table: String, key: String) {
        self.table = table
        self.key = key
    }

    package static func == (a: RowName, b: RowName) -> Bool {
        a.table.hasSameBytes(as: b.table) && a.key.hasSameBytes(as: b.key)
    }

    package func hash(into hasher: inout Hasher) {
        for text in [table, key] {
            var text = text
            text.withUTF8 { unsafe hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
            hasher.combine(0xFF as UInt8)
        }
    }

    package static func < (a: RowName, b: RowName) -> Bool {
        a.table.hasSameBytes(as: b.table)
            ? a.key.utf8.lexicographicallyPrecedes(b.key.utf8) : a.table.utf8.lexicographicallyPrecedes(b.table.utf8)
    }

    package var description: String { "`\(key)` of `\(table)`" }
}

/// A walk over the keys of a table in byte order, as far as it went.
package struct RowWalk: Hashable, Sendable {
    /// The table, and the first key that the walk might have met.
    package let from: RowName
    package let keys: [String]
    /// Indicates that nothing came behind the last of them.
    package let isWhole: Bool

    package init(from: RowName, keys: [String], isWhole: Bool) {
        self.from = from
        self.keys = keys
        self.isWhole = isWhole
    }
}

/// A store that passes on the rows of another machine's tables, and notes which were asked for.
///
/// Of what waits for the clock it shows only what comes first, as no more than one timer fires in a cascade.
package final class ReadRecorder: TableStore {
    /// The number of keys that walks over some tables meet at most.
    private static let keysMax = ["timersDue": 2, "scheduleItems": 2]

    private var tables: TableSet
    /// The rows that were looked for, in stored form; nil where there was none.
    package private(set) var rows: [RowName: [UInt8]?] = [:]
    private var walksByStart: [RowName: RowWalk] = [:]
    /// The number of keys that walks met.
    private var keyCount = 0

    package init(of tables: TableSet) { self.tables = tables }

    /// Passes on the rows of other tables from now on: those of a machine that stands elsewhere in the same log.
    package func turn(to tables: TableSet) { self.tables = tables }

    /// The longest walk from each place.
    package var walks: [RowWalk] { walksByStart.values.sorted { $0.from < $1.from } }

    /// The number of rows and keys that were read.
    package var count: Int { rows.count + keyCount }

    /// Forgets what was read so far.
    package func begin() {
        rows = [:]
        walksByStart = [:]
        keyCount = 0
    }

    package func rows(of table: String) -> any StoredRows {
        Reads(recorder: self, name: table)
    }

    fileprivate func table(named name: String) -> AnyTable? { tables.named(name) }

    fileprivate func note(_ row: [UInt8]?, _ name: RowName) { rows[name] = .some(row) }

    fileprivate func note(_ walk: RowWalk) {
        let before = walksByStart[walk.from]
        guard before.map({ !$0.isWhole && $0.keys.count <= walk.keys.count }) ?? true else { return }
        keyCount += walk.keys.count - (before?.keys.count ?? 0)
        walksByStart[walk.from] = walk
    }

    private final class Reads: StoredRows {
        private let recorder: ReadRecorder
        private let name: String
        private var table: AnyTable? { recorder.table(named: name) }

        init(recorder: ReadRecorder, name: String) {
            self.recorder = recorder
            self.name = name
        }

        func row(_ key: UnsafeRawBufferPointer) -> [UInt8]? {
            let key = unsafe String(decoding: key, as: UTF8.self)
            let row = table?.encoded(key)
            recorder.note(row, RowName(table: name, key: key))
            return row
        }

        func forEachKey(from: String, _ body: (String) -> Bool) {
            let most = ReadRecorder.keysMax[name] ?? .max
            var keys: [String] = []
            var goesOn = true
            table?.forEachKey(from: from) { key in
                guard keys.count < most else { return false }
                keys.append(key)
                goesOn = body(key)
                return goesOn
            }
            recorder.note(RowWalk(from: RowName(table: name, key: from), keys: keys, isWhole: goesOn))
        }
    }
}

/// A store of nothing but given rows, which notes the first that was asked for and not given.
package final class GivenRows: TableStore {
    private var rows: [RowName: [UInt8]?] = [:]
    private var walks: [RowName: RowWalk] = [:]
    /// What was asked for in vain, in words.
    package private(set) var missing: String?

    package init() {}

    /// Takes other rows and walks in place of all before.
    package func give(_ rows: [RowName: [UInt8]?], _ walks: [RowWalk]) {
        self.rows = rows
        self.walks = Dictionary(walks.map { ($0.from, $0) }) { first, _ in first }
        missing = nil
    }

    package func rows(of table: String) -> any StoredRows { Given(store: self, table: table) }

    private func row(_ name: RowName) -> [UInt8]? {
        if let row = rows[name] { return row }
        miss("row \(name)")
        return nil
    }

    private func forEachKey(from: RowName, _ body: (String) -> Bool) {
        guard let walk = walks[from] else { return miss("the keys of `\(from.table)` from `\(from.key)` on") }
        for key in walk.keys where !body(key) { return }
        if !walk.isWhole { miss("the keys of `\(from.table)` behind `\(walk.keys.last ?? from.key)`") }
    }

    private func miss(_ what: String) { missing = missing ?? what }

    private final class Given: StoredRows {
        private let store: GivenRows
        private let table: String

        init(store: GivenRows, table: String) {
            self.store = store
            self.table = table
        }

        func row(_ key: UnsafeRawBufferPointer) -> [UInt8]? {
            unsafe store.row(RowName(table: table, key: String(decoding: key, as: UTF8.self)))
        }

        func forEachKey(from: String, _ body: (String) -> Bool) {
            store.forEachKey(from: RowName(table: table, key: from), body)
        }
    }
}
