package import AgentKit
package import EventLog
import Glibc
package import LMDB

/// The views as who has no key reads them, beside a service that writes them: one snapshot. Their seal is not checked, so
/// nothing is proved by what they say.
package final class ViewReader: TableStore, RowSource {
    private let views: ViewTables
    private let reader: ReadTransaction
    private let mark: ViewMark
    /// Indicates that the rows are those of a snapshot mark, and not those of the present.
    private let isPast: Bool
    /// The number of blocks of words that can be searched.
    private let blocks: UInt64

    /// The number of entries folded.
    package var position: UInt64 { mark.position }

    /// Opens the views in the data directory of a log.
    /// - Parameters:
    ///   - names: the tables whose rows are read.
    ///   - end: the rows are those of the nearest snapshot that has folded no more entries.
    /// - Returns: nil where they are missing, of another layout, or do not follow from the log, and where no snapshot is
    ///   that old.
    package static func beside(
        _ log: EventLog, tables names: [String] = Machine.tableNames, before end: UInt64 = .max
    ) -> ViewReader? {
        guard log.directory.hasSuffix("/log") else { return nil }
        let directory = String(log.directory.dropLast(3)) + "views"
        guard unsafe access(directory + "/data.mdb", R_OK) == 0 else { return nil }
        return (try? ViewReader(directory: directory, names, log, end)).flatMap { $0 }
    }

    private init?(directory: String, _ names: [String], _ log: EventLog, _ end: UInt64) throws(LMDBError) {
        views = try ViewTables(directory: directory, names: names, mapSize: nil)
        reader = try views.environment.read()
        guard try views.identity(reader) == ViewTables.identity(origin: log.origin) else { return nil }
        let present = try views.mark(reader)
        // The views may know more entries than the log had when it was opened.
        try? log.refresh()
        guard present.position <= log.size, present.isOf(log) else { return nil }
        blocks = min(try views.wordBlocks(reader), present.position / WordBlock.entries)
        isPast = present.position > end
        guard isPast else {
            mark = present
            return
        }
        guard let past = try views.mark(atMost: end, reader), past.isOf(log) else { return nil }
        mark = past
    }

    package func rows(of table: String) -> any StoredRows {
        guard let named = views.rows[table] else { preconditionFailure("no views of a table `\(table)`") }
        return isPast
            ? PastRows(table, named, views.was, reader, at: mark.position) : ViewRows(named, reader)
    }

    package func rows(of table: String, _ body: (String, [UInt8]) -> Bool) throws(LMDBError) {
        guard let named = views.rows[table] else { return }
        guard isPast else { return try named.forEachRow(reader, body) }
        try PastRows(table, named, views.was, reader, at: mark.position).forEach(body)
    }

    /// The numbers of entries after which every row is known as it was, in order.
    package func snapshots() -> [UInt64] {
        var all: [UInt64] = []
        guard var cursor = try? reader.cursor(views.marks) else { return all }
        var item = try? cursor.first()
        while let found = item {
            if found.integerKey <= position { all.append(found.integerKey) }
            item = try? cursor.next()
        }
        return all
    }

    /// The snapshots behind which a row changed before the next one, in order.
    package func snapshots(changing row: RowName) -> [UInt64] {
        var all: [UInt64] = []
        let key = PastKey(row.table, ViewKey.stored(row.key))
        guard var cursor = try? reader.cursor(views.was) else { return all }
        var item = try? cursor.seek(key.prefix)
        while let found = item, unsafe found.key.starts(with: key.prefix) {
            if unsafe found.key.count == key.prefix.count + PastKey.markBytes {
                all.append(
                    unsafe UInt64(
                        bigEndian: found.key.loadUnaligned(fromByteOffset: key.prefix.count, as: UInt64.self)))
            }
            item = try? cursor.next()
        }
        return all
    }

    /// Returns true if an entry of a block may have one of the words.
    func mayHold(_ words: [Word], block number: UInt64) -> Bool {
        guard number < blocks, let block = unsafe try? reader.get(views.words, number) else { return true }
        return words.contains { unsafe WordBlock.contains(block, $0) }
    }

    /// The first entry that no block of words covers.
    var searchable: UInt64 { blocks * WordBlock.entries }
}

/// A search of a log for entries that have one of some words, which passes over the blocks of entries that have none of
/// them, as far as the index in the views goes.
package struct EntrySearch {
    private let log: EventLog
    private let views: ViewReader?

    /// - Parameter usesIndex: false reads every entry.
    package init(_ log: EventLog, usesIndex: Bool = true) {
        self.log = log
        views = usesIndex ? ViewReader.beside(log, tables: []) : nil
    }

    /// Reads in order every entry of a range that has one of the words, and others too, until `body` returns false.
    /// - Parameter words: asked before each block; nil reads every entry.
    /// - Returns: the sequence after the last entry that was read or passed over.
    @discardableResult
    package func scan(
        from: UInt64 = 0, to: UInt64 = .max, words: () -> [Word]?, body: (UInt64, UnsafeRawBufferPointer) -> Bool
    ) throws(EventLogError) -> UInt64 {
        var next = from
        var goesOn = true
        func read(to end: UInt64) throws(EventLogError) {
            unsafe try log.scan(from: next, to: end) { sequence, bytes in
                next = sequence + 1
                goesOn = unsafe body(sequence, bytes)
                return goesOn
            }
        }
        while goesOn, next < min(to, views?.searchable ?? 0) {
            guard let words = words() else { break }
            let block = next / WordBlock.entries
            let end = min(to, (block + 1) * WordBlock.entries)
            if views?.mayHold(words, block: block) ?? true { try read(to: end) } else { next = end }
        }
        if goesOn, next < to { try read(to: to) }
        return next
    }

    /// The same for words that are known before.
    @discardableResult
    package func scan(
        from: UInt64 = 0, to: UInt64 = .max, words: [String], body: (UInt64, UnsafeRawBufferPointer) -> Bool
    ) throws(EventLogError) -> UInt64 {
        let words = words.map { Word($0) }
        return unsafe try scan(from: from, to: to, words: { words }, body: body)
    }
}
