package import AgentKit
import EventLog
import Glibc
import LMDB
import Sodium

/// `views/`: the disposable tables in LMDB. Reads see one snapshot, which the sequencer renews between commits; one
/// background thread writes.
///
/// Rows decide: a wallet raised in here would be paid out. So every write carries a seal on (`ViewSeal`), in the same
/// transaction as the rows: the hash of each table without the row that was there and with the new one. When the views
/// are opened every row is hashed and compared with it (`ViewCheck`); views that differ are made again from the log.
package final class ViewStore: TableStore, AdmittedStore, @unchecked Sendable {
    /// Hashes written in one transaction: LMDB keeps every page that a transaction changed in memory, and never gives it
    /// back, so that without this memory would grow with the index.
    private static let admittedPerTransaction = 8_192
    /// Past rows written in one transaction, for the same reason.
    private static let pastPerTransaction = 8_192
    /// Blocks of words written in one transaction, for the same reason.
    private static let blocksPerTransaction: UInt64 = 256
    /// Blocks of words written at a time: a million entries; views made again fall behind in them for a while.
    private static let blocksMax: UInt64 = 4_096

    private let views: ViewTables
    private let identity: [UInt8]
    private let secret: ViewSecret
    private let reader: ReadTransaction
    /// The seal that this process wrote last; two of them while it is not known which one the disk holds.
    private var written: [ViewSeal] = []

    /// Opens the views, or makes them: a directory of another layout or log is emptied first, one that was changed too,
    /// one that is damaged removed.
    static func open(
        directory: String, tables names: [String], log: EventLog, secret: ViewSecret, mapSize: Int
    ) throws(LMDBError) -> ViewStore {
        func open() throws(LMDBError) -> ViewStore {
            try ViewStore(ViewTables(directory: directory, names: names, mapSize: mapSize), log, secret)
        }
        do throws(LMDBError) { return try open() } catch {
            guard error.code == .damaged else { throw error }
            Notice.say("\(error); the views are made again from the log")
            for name in ["data.mdb", "lock.mdb"] where unsafe unlink("\(directory)/\(name)") != 0 && errno != ENOENT {
                throw LMDBError(errno, "remove")
            }
            return try open()
        }
    }

    private init(_ views: ViewTables, _ log: EventLog, _ secret: ViewSecret) throws(LMDBError) {
        self.views = views
        self.secret = secret
        identity = ViewTables.identity(origin: log.origin)
        reader = try views.environment.read()
        if try isSound(log) { written = [try seal(in: reader)] } else { try empty() }
    }

    /// Returns true if the views are this ledger's and hold what was written; says it where they are changed.
    private func isSound(_ log: EventLog) throws(LMDBError) -> Bool {
        guard try views.identity(reader) == identity else { return false }
        let check = try ViewCheck(views, identity: identity, log, secret, tables: views.sealed)
        guard !check.changes.isEmpty else { return true }
        let findings = check.changes.map(\.description).joined(separator: "; ")
        Notice.say("the views were changed: \(findings); they are made again from the log")
        return false
    }

    /// Begins anew. A crash before the transaction ends leaves views that the next start empties again.
    private func empty() throws(LMDBError) {
        let write = try views.environment.write()
        try write.removeAll(views.meta)
        for table in views.sealed + views.history { try write.removeAll(table) }
        try write.put(views.meta, ViewTables.MetaKey.identity, identity)
        try commit(ViewSeal(), write)
        try renew()
    }

    /// The number of entries that the views have folded.
    package var position: UInt64 { (try? views.mark(reader).position) ?? 0 }

    /// The newest snapshot mark; 0 before the first.
    var newestMark: UInt64 { (try? views.mark(atMost: .max, reader)?.position) ?? 0 }

    /// Looks at the newest write.
    func renew() throws(LMDBError) {
        reader.reset()
        try reader.renew()
    }

    package func rows(of table: String) -> any StoredRows {
        guard let named = views.rows[table] else { preconditionFailure("no views of a table `\(table)`") }
        return ViewRows(named, reader)
    }

    package func sequence(of hash: UInt64) -> UInt64? {
        guard let value = unsafe try? reader.get(views.admitted, hash), value.count == 8 else { return nil }
        return unsafe value.loadUnaligned(as: UInt64.self)
    }

    // MARK: Writing

    /// Writes changes in key order, the rows in one transaction with the position they bring the views to. If the process
    /// dies here the views stay at the position before, and the tail is folded again from the log; events of the tail
    /// that are in the index already are found there as the same.
    /// - Parameter log: holds the entries up to that position.
    func write(_ changes: ViewChanges, of log: EventLog) throws(LMDBError) {
        try write(changes.admitted)
        try writeWords(of: log, upTo: changes.mark.position)
        try writePast(changes.tables)
        let transaction = try views.environment.write()
        var seal = try current(in: transaction)
        for table in changes.tables {
            guard let named = views.rows[table.table], table.count > 0 else { continue }
            let hasher = secret.hasher(of: named.name)
            var hash = seal[named.name]
            for (key, value) in table.encoded() {
                try Self.set(
                    value.map { ViewKey.value($0, of: key) }, at: ViewKey.stored(key), of: named, in: transaction,
                    hasher, &hash)
            }
            seal[named.name] = hash
        }
        try Self.set(changes.snapshots, in: transaction, views, secret, &seal)
        seal.mark = changes.mark
        try commit(seal, transaction)
    }

    private static func set(
        _ marks: [ViewMark], in transaction: borrowing WriteTransaction, _ views: ViewTables, _ secret: ViewSecret,
        _ seal: inout ViewSeal
    ) throws(LMDBError) {
        guard !marks.isEmpty else { return }
        let hasher = secret.hasher(of: views.marks.name)
        var hash = seal[views.marks.name]
        for mark in marks {
            try set(Array(mark.head.utf8), at: bytes(mark.position), of: views.marks, in: transaction, hasher, &hash)
        }
        seal[views.marks.name] = hash
    }

    /// Writes rows as they were at snapshot marks. Of a row those of older marks go first, and a record that is there
    /// stays: then each says the truth about its mark wherever the process dies, whether the mark is noted or not.
    private func writePast(_ tables: [TableChanges]) throws(LMDBError) {
        let rows = tables.flatMap { table in
            views.rows[table.table].map { named in table.pasts().map { (table.table, named, $0) } } ?? []
        }
        let hasher = secret.hasher(of: views.was.name)
        for start in stride(from: 0, to: rows.count, by: Self.pastPerTransaction) {
            let transaction = try views.environment.write()
            var seal = try current(in: transaction)
            var hash = seal[views.was.name]
            for (name, named, row) in rows[start..<min(start + Self.pastPerTransaction, rows.count)] {
                let stored = ViewKey.stored(row.key)
                let key = PastKey(name, stored)
                guard try transaction.get(views.was, key.at(row.mark)) == nil else { continue }
                let value: [UInt8]? =
                    switch row.value {
                    case .row(let bytes): ViewKey.value(bytes, of: row.key)
                    case .absent: nil
                    case .stored: try transaction.get(named, stored)
                    }
                try Self.set(key.value(value), at: key.at(row.mark), of: views.was, in: transaction, hasher, &hash)
            }
            seal[views.was.name] = hash
            try commit(seal, transaction)
        }
    }

    private func write(_ index: [UInt64: UInt64]) throws(LMDBError) {
        let hasher = secret.hasher(of: views.admitted.name)
        let hashes = index.keys.sorted()
        for start in stride(from: 0, to: hashes.count, by: Self.admittedPerTransaction) {
            let transaction = try views.environment.write()
            var seal = try current(in: transaction)
            var sum = seal[views.admitted.name]
            for hash in hashes[start..<min(start + Self.admittedPerTransaction, hashes.count)] {
                try Self.set(
                    Self.bytes(index[hash] ?? 0), at: Self.bytes(hash), of: views.admitted, in: transaction, hasher,
                    &sum)
            }
            seal[views.admitted.name] = sum
            try commit(seal, transaction)
        }
    }

    /// Writes the words of blocks that are full now. Where the log cannot be read, the index stays behind it: whoever
    /// searches reads the rest.
    private func writeWords(of log: EventLog, upTo end: UInt64) throws(LMDBError) {
        let hasher = secret.hasher(of: views.words.name)
        var next = try views.wordBlocks(views.environment.read())
        let last = min(end / WordBlock.entries, next + Self.blocksMax)
        while next < last {
            let until = min(last, next + Self.blocksPerTransaction)
            guard let blocks = WordBlock.blocks(next..<until, of: log) else { return }
            let transaction = try views.environment.write()
            var seal = try current(in: transaction)
            var sum = seal[views.words.name]
            for (number, block) in zip(next..<until, blocks) {
                try Self.set(block, at: Self.bytes(number), of: views.words, in: transaction, hasher, &sum)
            }
            seal[views.words.name] = sum
            try commit(seal, transaction)
            next = until
        }
    }

    private static func bytes(_ number: UInt64) -> [UInt8] {
        unsafe withUnsafeBytes(of: number) { unsafe Array($0) }
    }

    /// Sets a row, or removes it where there is no value, and keeps up the hash of its table.
    private static func set(
        _ value: [UInt8]?, at key: [UInt8], of table: NamedTable, in transaction: borrowing WriteTransaction,
        _ hasher: RecordHasher, _ hash: inout SetHash
    ) throws(LMDBError) {
        unsafe try key.withBytes { key throws(LMDBError) in
            let old = unsafe try transaction.get(table, key)
            if let old = unsafe old {
                if let value, unsafe old.elementsEqual(value) { return }
                unsafe hash -= hasher.hash(key, old)
            }
            guard let value else {
                if unsafe old != nil { unsafe try transaction.delete(table, key) }
                return
            }
            unsafe try value.withBytes { value throws(LMDBError) in
                unsafe hash += hasher.hash(key, value)
                unsafe try transaction.put(table, key, value)
            }
        }
    }

    // MARK: The seal

    private func seal(in transaction: borrowing some Transaction & ~Copyable) throws(LMDBError) -> ViewSeal {
        guard let bytes = try transaction.get(views.meta, ViewTables.MetaKey.seal),
            let seal = secret.opened(bytes, identity: identity)
        else { throw LMDBError.damaged(views.environment.path + "/data.mdb", "the seal cannot be read") }
        return seal
    }

    /// The seal to go on from.
    private func current(in transaction: borrowing WriteTransaction) throws(LMDBError) -> ViewSeal {
        let seal = try? seal(in: transaction)
        guard let seal, written.contains(seal) else {
            Notice.end("the views are not what this process wrote; the next start makes them again")
        }
        return seal
    }

    /// Commits with a seal. If the process dies before this returns the disk has the rows and the seal of before, or
    /// both as they are now.
    private func commit(_ seal: ViewSeal, _ transaction: consuming WriteTransaction) throws(LMDBError) {
        let bytes = secret.sealed(seal, identity: identity)
        try transaction.put(views.meta, ViewTables.MetaKey.position, seal.mark.stored)
        try transaction.put(views.meta, ViewTables.MetaKey.seal, bytes)
        if written.last != seal { written.append(seal) }
        try transaction.commit()
        written = [seal]
    }
}

/// Everything that changed up to a position, set aside to be written.
struct ViewChanges: Sendable {
    let tables: [TableChanges]
    let admitted: [UInt64: UInt64]
    /// The entries folded.
    let mark: ViewMark
    /// The places since the last write from which on changed rows were kept as they were.
    var snapshots: [ViewMark] = []
}
