import EventLog
import LMDB

/// What bare LMDB takes to store what a log holds: the same bytes with the same commits, each synced, and nothing else.
struct StoreLimit {
    private let log: EventLog
    private let environment: Environment
    private let entries: NamedTable
    private let sizes: [UInt64]

    /// - Parameters:
    ///   - log: the log whose commits are repeated.
    ///   - directory: an empty directory to store into.
    ///   - after: the tree size from which on commits are repeated.
    init(of log: EventLog, in directory: String, after: UInt64 = 0) throws {
        self.log = log
        environment = try Environment(path: directory)
        entries = try environment.table("entries", keys: .integer, create: true)
        var found: [UInt64] = []
        try log.checkpoints(from: after) { size, _ in
            found.append(size)
            return true
        }
        sizes = found
    }

    /// The number of commits that will be repeated.
    var commits: Int { max(0, sizes.count - 1) }
    /// The number of entries in them.
    var count: Int { Int((sizes.last ?? 0) - (sizes.first ?? 0)) }

    /// Stores everything; the time this takes is the limit.
    func run() throws {
        for (start, end) in zip(sizes, sizes.dropFirst()) {
            let transaction = try environment.write()
            var failure: (any Error)?
            try unsafe log.scan(from: start, to: end) { sequence, bytes in
                do {
                    unsafe try transaction.put(entries, sequence, bytes, .append)
                    return true
                } catch {
                    failure = error
                    return false
                }
            }
            if let failure { throw failure }
            try transaction.commit()
        }
    }
}
