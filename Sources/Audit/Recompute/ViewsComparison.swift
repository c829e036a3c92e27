import AgentKit
import Engine
import EventLog
import JSON
import LMDB
import Rules

/// Comparison of every row of `views/` with the row that was derived from the log.
package struct ViewsComparison: Sendable {
    /// A row that is not what the log gives.
    package struct Row: Sendable, Hashable {
        package let table: String
        package let key: String
        /// The derived row as JSON; nil where there is none.
        package let expected: String?
        /// The stored row as JSON; nil where there is none.
        package let found: String?
    }

    /// Rows listed.
    private static let rowsMax = 1000

    /// The number of stored rows.
    package private(set) var count = 0
    /// The rows that differ, of which at most 1,000 are listed.
    package private(set) var different: [Row] = []
    package private(set) var differentCount = 0
    /// The reason why some rows could not be read; nil if all were.
    package private(set) var failure: String?

    /// Indicates that every row could be read and is as derived.
    var isEqual: Bool { differentCount == 0 && failure == nil }

    /// The comparison of views that another process found to be what the log gives.
    /// - Parameter count: the number of their rows.
    init(sound count: Int) { self.count = count }

    /// Adds the rows that another comparison found to differ.
    mutating func add(_ other: ViewsComparison) {
        differentCount += other.differentCount
        different += other.different.prefix(max(0, Self.rowsMax - different.count))
        failure = failure ?? other.failure
    }

    /// Compares rows as they were at a snapshot, too, and lists those that differ as rows of that time.
    /// - Parameter machine: folded to the snapshot.
    mutating func compare(_ snapshot: ViewReader, with machine: Machine) {
        let stored = count
        for table in machine.tables.tables {
            do throws(LMDBError) {
                try compare(table, with: snapshot, called: "\(table.name), as of \(snapshot.position) entries")
            } catch { failure = "\(error)" }
        }
        count = stored
    }

    /// - Parameter machine: folded to the views' position.
    /// - Parameter log: the one whose entries the index of words is of.
    init(of views: StoredViews, with machine: Machine, log: EventLog) {
        for table in machine.tables.tables {
            do throws(LMDBError) { try compare(table, with: views, called: table.name) } catch { failure = "\(error)" }
        }
        do throws(LMDBError) { try compareWords(of: views, with: log) } catch { failure = "\(error)" }
    }

    /// Compares the index by which entries are searched: a word that is left out there hides an entry from `log --about`.
    private mutating func compareWords(of views: StoredViews, with log: EventLog) throws(LMDBError) {
        let words = try views.words(comparedWith: log)
        count += words.blocks
        differentCount += words.different.count
        for first in words.different.prefix(max(0, Self.rowsMax - different.count)) {
            different.append(
                Row(
                    table: "words", key: "\(first)", expected: #""the words of the entries from here on""#,
                    found: #""others""#))
        }
    }

    private mutating func compare(
        _ table: AnyTable, with views: some RowSource, called name: String
    ) throws(LMDBError) {
        var same = 0
        var stored: Set<String> = []
        var found: [Row] = []
        var changed = 0
        var rows = 0
        try views.rows(of: table.name) { key, value in
            rows += 1
            if let derived = table.encoded(key) {
                if derived == value {
                    same += 1
                    return true
                }
                stored.insert(key)
            }
            changed += 1
            if found.count < Self.rowsMax {
                found.append(
                    Row(
                        table: name, key: key, expected: table.value(key).map { Self.json($0) },
                        found: Self.json(table.value(stored: value))))
            }
            return true
        }
        count += rows
        var missing = -same - stored.count
        table.forEachKey { _ in
            missing += 1
            return true
        }
        if missing > 0 {
            var present: Set<String> = []
            try views.rows(of: table.name) { key, _ in
                present.insert(key)
                return true
            }
            table.forEachKey { key in
                if !present.contains(key), found.count < Self.rowsMax {
                    found.append(Row(table: name, key: key, expected: Self.json(table.value(key)), found: nil))
                }
                return true
            }
        }
        differentCount += changed + max(0, missing)
        different += found.prefix(max(0, Self.rowsMax - different.count))
    }

    /// A row as JSON; one that cannot be read says so.
    private static func json(_ row: Value?) -> String {
        guard let row, let bytes = CanonicalValue.bytes(of: row) else { return "\"unreadable\"" }
        return String(decoding: bytes, as: UTF8.self)
    }
}
