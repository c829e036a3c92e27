import AgentKit
import LMDB

/// The rows of one table as they were at a snapshot mark: what `was` keeps of those that changed since, and of all others
/// the present row.
final class PastRows: StoredRows {
    private let table: NamedTable
    private let name: String
    private let was: NamedTable
    private let reader: ReadTransaction
    private let mark: UInt64

    init(_ name: String, _ table: NamedTable, _ was: NamedTable, _ reader: ReadTransaction, at mark: UInt64) {
        self.name = name
        self.table = table
        self.was = was
        self.reader = reader
        self.mark = mark
    }

    func row(_ key: UnsafeRawBufferPointer) -> [UInt8]? {
        let isLong = key.count > ViewKey.plainBytesMax
        let stored = unsafe ViewKey.stored(String(decoding: key, as: UTF8.self))
        let value = table.read { () throws(LMDBError) -> [UInt8]? in
            switch try past(stored) {
            case .row(let value): value
            case .absent: nil
            case .stored: try reader.get(table, stored)
            }
        }
        return isLong ? value.map(ViewKey.unwrapped) : value
    }

    private func past(_ stored: [UInt8]) throws(LMDBError) -> PastRow.Value {
        let key = PastKey(name, stored)
        var cursor = try reader.cursor(was)
        guard let item = try cursor.seek(key.at(mark)), unsafe item.key.starts(with: key.prefix),
            unsafe item.key.count == key.prefix.count + PastKey.markBytes,
            let record = unsafe PastRecord(
                item.key, item.value, head: PastKey.head(name).count, isHashed: key.isHashed)
        else { return .stored }
        return unsafe record.value.map { unsafe .row([UInt8]($0)) } ?? .absent
    }

    func forEachKey(from: String, _ body: (String) -> Bool) {
        table.read { () throws(LMDBError) in
            try unsafe walk(from: from.isEmpty ? [] : ViewKey.stored(from)) { key, _ in body(key) }
        }
    }

    /// Calls `body` with the key and the stored form of each row, in the order of their stored keys, until it returns
    /// false.
    func forEach(_ body: (String, [UInt8]) -> Bool) throws(LMDBError) {
        try unsafe walk(from: []) { key, value in unsafe body(key, ViewKey.row(value, of: key)) }
    }

    /// Walks over present and past rows together, both in the order of their stored keys.
    private func walk(
        from: [UInt8], _ body: (String, UnsafeRawBufferPointer) -> Bool
    ) throws(LMDBError) {
        var present = try reader.cursor(table)
        let past = try PastWalk(name, was, reader, at: mark, from: from)
        var now = from.isEmpty ? try present.first() : try present.seek(from)
        var then = try past.next()
        while now != nil || then != nil {
            let isThen = now.map { now in then.map { unsafe !now.key.lexicographicallyPrecedes($0.row) } ?? false }
            if isThen ?? true, let record = then {
                if let item = now, unsafe item.key.elementsEqual(record.row) { now = try present.next() }
                if let value = record.value, unsafe !Self.visit(record.row, value, body) { return }
                then = try past.next()
            } else if let item = now {
                guard unsafe body(ViewKey.key(item.key, item.value), item.value) else { return }
                now = try present.next()
            }
        }
    }

    private static func visit(
        _ row: [UInt8], _ value: [UInt8], _ body: (String, UnsafeRawBufferPointer) -> Bool
    ) -> Bool {
        unsafe row.withUnsafeBytes { row in
            unsafe value.withUnsafeBytes { value in unsafe body(ViewKey.key(row, value), value) }
        }
    }
}

/// A walk over the rows of a table that changed since a mark, in the order of their stored keys, each as it was then.
private final class PastWalk {
    struct Record {
        let row: [UInt8]
        let value: [UInt8]?
    }

    private let head: [UInt8]
    private let mark: UInt64
    private var cursor: Cursor
    private var item: Cursor.Item?
    /// Those whose keys are hashed, the last first.
    private var hashed: [Record] = []
    private var plain: Record?

    init(
        _ name: String, _ was: NamedTable, _ reader: ReadTransaction, at mark: UInt64, from: [UInt8]
    ) throws(LMDBError) {
        head = PastKey.head(name)
        self.mark = mark
        cursor = try reader.cursor(was)
        let hashedHead = PastKey.hashedHead(name)
        item = try cursor.seek(hashedHead)
        while let record = try nextRecord(under: hashedHead, isHashed: true) {
            if !record.row.lexicographicallyPrecedes(from) { hashed.append(record) }
        }
        hashed.sort { $1.row.lexicographicallyPrecedes($0.row) }
        item = try cursor.seek(head + (from.isEmpty ? [ViewKey.mark] : from))
        plain = try nextRecord(under: head, isHashed: false)
    }

    func next() throws(LMDBError) -> Record? {
        if let last = hashed.last, plain.map({ last.row.lexicographicallyPrecedes($0.row) }) ?? true {
            return hashed.removeLast()
        }
        let found = plain
        if found != nil { plain = try nextRecord(under: head, isHashed: false) }
        return found
    }

    /// The next row that has a record at the mark or behind it.
    private func nextRecord(under prefix: [UInt8], isHashed: Bool) throws(LMDBError) -> Record? {
        while let found = item, unsafe found.key.starts(with: prefix) {
            guard let record = unsafe PastRecord(found.key, found.value, head: head.count, isHashed: isHashed) else {
                item = try cursor.next()
                continue
            }
            let group = unsafe Array(found.key.dropLast(PastKey.markBytes))
            if record.mark < mark {
                item = try cursor.seek(group + PastKey.bytes(mark))
                continue
            }
            let row = unsafe Record(row: Array(record.row), value: record.value.map { unsafe Array($0) })
            // No key continues behind its zero with a one here but that of another row.
            item = try cursor.seek(group.dropLast() + [1])
            return row
        }
        return nil
    }
}
