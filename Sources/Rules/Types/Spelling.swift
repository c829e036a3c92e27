/// The nearest known name to one that is not known.
package enum Spelling {
    /// `, did you mean ...?`, or nothing where no name is near.
    static func hint(_ name: String, among known: some Sequence<String>) -> String {
        nearest(name, among: known).map { ", did you mean `\($0)`?" } ?? ""
    }

    /// The first of the names at the least distance, at most a third of the name's length and at least 1; nil for a
    /// name of more than 64 bytes, which is not a misspelling.
    package static func nearest(_ name: String, among known: some Sequence<String>) -> String? {
        let wanted = Array(name.utf8.prefix(bytesMax + 1))
        guard wanted.count <= bytesMax else { return nil }
        var allowed = max(1, wanted.count / 3)
        var best: String?
        for candidate in known {
            // A name cannot be nearer than the difference in length.
            guard abs(candidate.utf8.count - wanted.count) <= allowed else { continue }
            let distance = Self.distance(wanted, Array(candidate.utf8))
            guard distance <= allowed else { continue }
            best = candidate
            guard distance > 0 else { break }
            allowed = distance - 1
        }
        return best
    }

    private static let bytesMax = 64

    /// The edit distance, swaps of neighbours included (optimal string alignment, a restricted Damerau-Levenshtein
    /// distance).
    static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
        // Only three rows of the table are kept: the current one and the two before it.
        var (oldest, older, row) = (Array(0...b.count), Array(0...b.count), Array(0...b.count))
        for i in stride(from: 1, through: a.count, by: 1) {
            swap(&oldest, &older)
            swap(&older, &row)
            row[0] = i
            for j in stride(from: 1, through: b.count, by: 1) {
                let cost = a[i - 1] == b[j - 1] ? 0 : 1
                row[j] = min(older[j] + 1, row[j - 1] + 1, older[j - 1] + cost)
                if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
                    row[j] = min(row[j], oldest[j - 2] + 1)
                }
            }
        }
        return row[b.count]
    }
}

/// The hints of one answer: the first few misspelt names get one, so that an answer to thousands costs no more.
package struct SpellingHints: Sendable {
    private static let countMax = 8
    private var left = countMax

    package init() {}

    /// `, did you mean ...?`, or nothing where no name is near or the answer has hints enough.
    package mutating func hint(_ name: String, among known: some Sequence<String>) -> String {
        guard left > 0 else { return "" }
        left -= 1
        return Spelling.hint(name, among: known)
    }
}
