package import CEL
package import JSON

/// The rows of the tables that rule files declare. All lie in one table of the store, each table's behind its number,
/// so that a rule set which brings a table changes nothing in the store's layout.
package final class RecordStore {
    let rows: Table<RecordRow>
    let places: Table<IndexRow>

    package init(in tables: TableSet) {
        rows = tables.table("declaredRows", isProjection: false)
        places = tables.table("declaredIndexes", isProjection: false)
    }
}

/// The rows of one table that a rule file declares.
package final class RecordTable {
    private let store: RecordStore
    private let prefix: [UInt8]
    private let indexes: [(member: [UInt8], index: RecordIndex)]

    /// - Parameters:
    ///   - number: unique among all tables that the ledger ever had.
    ///   - indexes: the members by which rows are looked up, each with a number of the same kind.
    package init(_ store: RecordStore, number: Int64, indexes: [(member: String, number: Int64)]) {
        self.store = store
        prefix = Self.prefix(number)
        self.indexes = indexes.map { (Array($0.member.utf8), RecordIndex(store, Self.prefix($0.number))) }
    }

    private static func prefix(_ number: Int64) -> [UInt8] {
        Array((number.zeroPadded(to: 10) + "/").utf8)
    }

    /// The row of a key given as UTF-8.
    package func row(_ key: UnsafeRawBufferPointer) -> JSONHost? {
        unsafe withUnsafeTemporaryAllocation(byteCount: prefix.count + key.count, alignment: 1) { whole in
            unsafe whole.copyBytes(from: prefix)
            unsafe UnsafeMutableRawBufferPointer(rebasing: whole[prefix.count...]).copyMemory(from: key)
            return unsafe store.rows.row(UnsafeRawBufferPointer(whole))?.content
        }
    }

    package func row(_ key: String) -> JSONHost? { unsafe KeyIndex.withBytes(of: key) { unsafe row($0) } }

    /// Sets the row of a key; nil removes it.
    package func set(_ document: Document?, at key: String) {
        let before = indexes.isEmpty ? nil : row(key)
        store.rows[place(key)] = document.map(RecordRow.init)
        for (member, index) in indexes {
            let (old, new) = (
                RecordIndex.value(of: member, in: before?.document), RecordIndex.value(of: member, in: document)
            )
            guard old != new else { continue }
            if let old { index.remove(key, from: old) }
            if let new { index.add(key, to: new) }
        }
    }

    /// Every key in byte order, from the first one not before `from`, until `body` says false.
    package func forEachKey(from: String = "", _ body: (String) -> Bool) {
        store.rows.forEachKey(from: place(from)) { key in
            guard key.utf8.starts(with: prefix) else { return false }
            return body(String(decoding: key.utf8.dropFirst(prefix.count), as: UTF8.self))
        }
    }

    /// The keys of the rows in which an indexed member has a value, in byte order.
    package func keys(_ member: String, _ value: String) -> [String] {
        let keys = index(of: member)?.index.keys(of: value) ?? []
        return keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// The number of rows in which an indexed member has a value.
    package func count(_ member: String, _ value: String) -> Int {
        index(of: member)?.index.count(of: value) ?? 0
    }

    /// Enters every row into a new index.
    package func fill(_ member: String) {
        guard let (name, index) = index(of: member) else { return }
        forEachKey { key in
            if let value = RecordIndex.value(of: name, in: row(key)?.document) { index.add(key, to: value) }
            return true
        }
    }

    /// Removes every row.
    package func removeAll() { for key in keys { set(nil, at: key) } }

    /// Removes every row from an index that is dropped.
    package func empty(_ member: String) {
        guard let (name, index) = index(of: member) else { return }
        for key in keys {
            if let value = RecordIndex.value(of: name, in: row(key)?.document) { index.remove(key, from: value) }
        }
    }

    /// Every key in byte order, to be changed.
    package var keys: [String] {
        var keys: [String] = []
        forEachKey { key in
            keys.append(key)
            return true
        }
        return keys
    }

    private func index(of member: String) -> (member: [UInt8], index: RecordIndex)? {
        indexes.first { $0.member.elementsEqual(member.utf8) }
    }

    private func place(_ key: String) -> String { String(decoding: prefix, as: UTF8.self) + key }
}

/// The keys of rows by the value of one member: for each value they are numbered from 0, and the last takes the place
/// of one that goes, so that a change costs the same however many there are.
private struct RecordIndex {
    let store: RecordStore
    private let prefix: String

    init(_ store: RecordStore, _ prefix: [UInt8]) {
        self.store = store
        self.prefix = String(decoding: prefix, as: UTF8.self)
    }

    /// A member's value as the index knows it; nil where it is absent.
    static func value(of member: [UInt8], in document: Document?) -> String? {
        guard let document, let node = unsafe member.withUnsafeBytes({ unsafe document.member(of: 0, utf8: $0) })
        else { return nil }
        let view = View(document: document, node: node)
        if let text = view.string { return text }
        return unsafe view.withCanonicalBytes { unsafe String(decoding: $0, as: UTF8.self) }
    }

    func count(of value: String) -> Int { Int(clamping: max(0, store.places[counter(value)]?.number ?? 0)) }

    /// A count that says more than there are ends with the last.
    func keys(of value: String) -> [String] {
        var keys: [String] = []
        let count = count(of: value)
        while keys.count < count, let key = store.places[slot(value, Int64(keys.count))]?.key { keys.append(key) }
        return keys
    }

    func add(_ key: String, to value: String) {
        let number = Int64(count(of: value))
        store.places[slot(value, number)] = IndexRow(key: key)
        store.places[holder(key)] = IndexRow(number: number)
        store.places[counter(value)] = IndexRow(number: number &+ 1)
    }

    func remove(_ key: String, from value: String) {
        guard let number = store.places[holder(key)]?.number else { return }
        let last = Int64(count(of: value)) - 1
        if number != last, let moved = store.places[slot(value, last)]?.key {
            store.places[slot(value, number)] = IndexRow(key: moved)
            store.places[holder(moved)] = IndexRow(number: number)
        }
        store.places[slot(value, last)] = nil
        store.places[holder(key)] = nil
        store.places[counter(value)] = last > 0 ? IndexRow(number: last) : nil
    }

    private func counter(_ value: String) -> String { prefix + "c" + value }
    private func slot(_ value: String, _ number: Int64) -> String { prefix + "s" + String(number) + "/" + value }
    private func holder(_ key: String) -> String { prefix + "k" + key }
}

/// A row whose members a rule file declares: canonical JSON, read where it lies.
package struct RecordRow: Row {
    package var content = JSONHost(Document.emptyObject)

    package init() {}
    package init(_ document: Document) { content = JSONHost(document) }

    package static let name = "record"
    package static let fields: RowFields<RecordRow> = [.init("content", \.content)]
}

extension JSONHost: RowValue {
    package static var celType: CELType { .dyn }
    package var celValue: Value { .host(self, 0) }

    package func encode(into writer: inout RowWriter) { writer.octets(document.bytes) }

    package static func decode(from reader: inout RowReader) throws(RowError) -> JSONHost {
        let bytes = try reader.octets()
        do throws(JSONError) { return JSONHost(try Document(adopting: bytes)) } catch {
            throw RowError("a record that is not valid JSON: \(error)")
        }
    }
}

/// One row of an index: the number of keys of a value, the key at a number, or the number of a key.
struct IndexRow: Row {
    var key = ""
    var number: Int64 = 0

    static let name = "indexPlace"
    static let fields: RowFields<IndexRow> = [.init("key", \.key), .init("number", \.number)]
}
