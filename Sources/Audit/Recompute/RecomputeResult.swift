import AgentKit
import JSON

/// The result of a recomputation, with the fields that `recompute --json` prints.
package struct RecomputeResult: Sendable {
    /// Differences listed; more are counted.
    package static let differencesMax = 10_000
    /// Differences shown to people.
    private static let shown = 20

    /// The number of entries before the first that was derived: what stood then was taken from the views.
    package let first: UInt64
    /// The number of entries at the end of what was derived or taken over.
    package let entries: UInt64
    /// The differences in order, of which at most 10,000 are listed.
    package let differences: [RecomputeDifference]
    package let differencesCount: Int
    /// The comparison of the views; nil where there are none, or where they are not of a position in the log.
    package private(set) var views: ViewsComparison?
    /// The views' own position; nil where there are none.
    package let viewsPosition: UInt64?
    /// The accounts that stand beyond their limit.
    package let overdrawn: [AccountLine]
    /// Indicates that the log was derived to its end.
    let isWhole: Bool
    /// The formatter of the rule set in force at the end.
    let formatter: EntryFormatter

    /// Indicates that everything that was derived is what is recorded.
    package var isOK: Bool {
        differencesCount == 0 && (views?.differentCount ?? 0) == 0 && views?.failure == nil && overdrawn.isEmpty
            && !areViewsAhead && !areViewsAstray
    }

    /// Indicates that the views have folded more than the log has, which was derived to its end.
    private var areViewsAhead: Bool { isWhole && viewsPosition.map { $0 > entries } ?? false }

    /// Indicates that the views say that they end within a cascade, where nobody writes them: whoever changed that hides
    /// their rows from the comparison.
    private var areViewsAstray: Bool { viewsPosition.map { $0 <= entries } ?? false && views == nil }

    /// The result for a whole log whose first part another one derived, without differences.
    func joined(_ first: Recompute) -> RecomputeResult {
        var whole = self
        whole.views = first.comparison ?? views
        return whole
    }

    /// Adds rows of a snapshot that were found to differ.
    mutating func add(_ snapshot: ViewsComparison) {
        guard !snapshot.isEqual else { return }
        views = views ?? ViewsComparison(sound: 0)
        views?.add(snapshot)
    }

    /// `{bad, badCount, entries, from, overdrawn, reason, verdict, views}` on one line without a line feed.
    package var json: String {
        var writer = CanonicalWriter()
        writer.beginObject()
        writer.key("bad")
        writer.beginArray()
        for difference in differences { difference.write(to: &writer) }
        writer.endArray()
        writer.key("badCount")
        writer.int(Int64(differencesCount))
        writer.key("entries")
        writer.int(Int64(clamping: entries))
        writer.key("from")
        writer.int(Int64(clamping: first))
        writer.key("overdrawn")
        writer.beginArray()
        for line in overdrawn { line.write(to: &writer) }
        writer.endArray()
        writer.key("reason")
        if isOK { writer.null() } else { writer.string("recompute") }
        writer.key("verdict")
        writer.string(isOK ? "OK" : "FAIL")
        writer.key("views")
        writeViews(to: &writer)
        writer.endObject()
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    private func writeViews(to writer: inout CanonicalWriter) {
        guard let viewsPosition else { return writer.null() }
        writer.beginObject()
        writer.key("bad")
        writer.beginArray()
        for row in views?.different ?? [] { row.write(to: &writer) }
        writer.endArray()
        writer.key("badCount")
        writer.int(Int64(views?.differentCount ?? 0))
        writer.key("position")
        writer.int(Int64(clamping: viewsPosition))
        writer.key("rows")
        writer.int(Int64(views?.count ?? 0))
        writer.endObject()
    }

    /// The verdict for people, with the first differences and the money that each moved.
    package var text: String {
        guard !isOK else {
            return "OK: \(entries - first) entries derived again, byte for byte\(beginning)\(viewsSentence)"
        }
        var lines = ["FAIL: \(summary) in \(entries - first) entries\(beginning)\(viewsSentence)"]
        for difference in differences.prefix(Self.shown) {
            lines.append("  entry \(difference.sequence): \(difference.what)")
            if !difference.expected.isEmpty { lines.append("    derived  \(Self.cut(difference.expected))") }
            if !difference.found.isEmpty { lines.append("    recorded \(Self.cut(difference.found))") }
            for item in difference.money {
                lines.append(
                    "    \(item.account): \(amount(item.derived, item.account)) derived, "
                        + "\(amount(item.recorded, item.account)) recorded")
            }
        }
        if differencesCount > Self.shown {
            lines.append("  and \(differencesCount - Self.shown) more (--json has them)")
        }
        for row in (views?.different ?? []).prefix(Self.shown) {
            lines.append("  views, \(row.table) `\(row.key)`:")
            lines.append("    derived  \(row.expected.map(Self.cut) ?? "no such row")")
            lines.append("    stored   \(row.found.map(Self.cut) ?? "no such row")")
        }
        if let failure = views?.failure { lines.append("  views: \(failure)") }
        for line in overdrawn.prefix(Self.shown) {
            lines.append("  \(line.id) stands at \(amount(line.balance, line.id)), beyond its limit")
        }
        return VisibleText.page(lines)
    }

    /// A sum on an account, in the currency that the account's path ends in.
    private func amount(_ total: Total, _ account: String) -> String {
        formatter.amount(total, account.split(separator: "/").last.map(String.init) ?? "")
    }

    private var summary: String {
        var parts: [String] = []
        if differencesCount > 0 {
            parts.append(differencesCount == 1 ? "1 difference" : "\(differencesCount) differences")
        }
        if let count = views?.differentCount, count > 0 {
            parts.append(count == 1 ? "1 row of the views" : "\(count) rows of the views")
        }
        if views?.failure != nil { parts.append("views that cannot be read") }
        if areViewsAhead { parts.append("views ahead of the log") }
        if areViewsAstray { parts.append("views that end within a cascade") }
        if !overdrawn.isEmpty {
            let count = overdrawn.count
            parts.append(count == 1 ? "1 account beyond its limit" : "\(count) accounts beyond their limit")
        }
        return parts.joined(separator: ", ")
    }

    private var beginning: String {
        first == 0 ? "" : ", from entry \(first) on; what stood before it is what the views say"
    }

    private var viewsSentence: String {
        guard let viewsPosition else { return "; there are no views to compare" }
        guard let views else { return "; the views are of \(viewsPosition) entries and were not compared" }
        return "; \(views.count) rows of the views compared at \(viewsPosition)"
    }

    private static let cutBytesMax = 400

    private static func cut(_ text: String) -> String {
        text.utf8.count <= cutBytesMax
            ? text : String(decoding: text.utf8.prefix(cutBytesMax), as: UTF8.self) + "… (--json has all)"
    }
}

extension ViewsComparison.Row {
    /// `{expected, found, key, table}`, canonical; rows are JSON, or null where there is none.
    func write(to writer: inout CanonicalWriter) {
        writer.beginObject()
        writer.key("expected")
        unsafe expected.map { Array($0.utf8) }?.withUnsafeBytes { unsafe writer.raw($0) } ?? writer.null()
        writer.key("found")
        unsafe found.map { Array($0.utf8) }?.withUnsafeBytes { unsafe writer.raw($0) } ?? writer.null()
        writer.key("key")
        writer.string(key)
        writer.key("table")
        writer.string(table)
        writer.endObject()
    }
}
