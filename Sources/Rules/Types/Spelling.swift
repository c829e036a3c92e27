/// The nearest known name to one that is not known.
package enum Spelling {
    /// `, did you mean ...?`, or nothing where no name is near.
    static func hint(_ name: String, among known: some Sequence<String>) -> String {
        nearest(name, among: known).map { ", did you mean `\($0)`?" } ?? ""
    }

    /// The first of the names at the least distance, at most a third of the name's length and at least 1.
    package static func nearest(_ name: String, among known: some Sequence<String>) -> String? {
        let wanted = Array(name.utf8.prefix(bytesMax))
        var best: (name: String, distance: Int)?
        for candidate in known {
            let distance = Self.distance(wanted, Array(candidate.utf8.prefix(bytesMax)))
            guard distance <= max(1, wanted.count / 3), distance < best?.distance ?? .max else { continue }
            best = (candidate, distance)
        }
        return best?.name
    }

    private static let bytesMax = 64

    /// Insertions, deletions, replacements and swaps of neighbours that lead from one to the other.
    static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
        var rows = Array(repeating: Array(repeating: 0, count: b.count + 1), count: a.count + 1)
        for i in 0...a.count { rows[i][0] = i }
        for j in 0...b.count { rows[0][j] = j }
        for i in stride(from: 1, through: a.count, by: 1) {
            for j in stride(from: 1, through: b.count, by: 1) {
                let cost = a[i - 1] == b[j - 1] ? 0 : 1
                rows[i][j] = min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + cost)
                if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
                    rows[i][j] = min(rows[i][j], rows[i - 2][j - 2] + 1)
                }
            }
        }
        return rows[a.count][b.count]
    }
}
