/// Finds the known name that a misspelt one was probably meant to be.
package enum Suggestion {
    /// `, did you mean `x`?` or nothing.
    package static func text(for name: String, among candidates: some Sequence<String>) -> String {
        nearest(to: name, among: candidates).map { ", did you mean `\($0)`?" } ?? ""
    }

    static func nearest(to name: String, among candidates: some Sequence<String>) -> String? {
        let target = Array(name.utf8)
        guard target.count <= 64 else { return nil }
        let limit = max(1, target.count / 3)
        var best: (distance: Int, name: String)?
        for candidate in candidates {
            let other = Array(candidate.utf8)
            guard other.count <= 64, abs(other.count - target.count) <= limit else { continue }
            let distance = distance(target, other)
            if distance > limit || distance >= max(target.count, other.count) { continue }
            if let known = best, (known.distance, known.name) <= (distance, candidate) { continue }
            best = (distance, candidate)
        }
        return best?.name
    }

    /// Insertions, deletions, replacements and swaps of neighbours.
    private static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
        var before = [Int](repeating: 0, count: b.count + 1)
        var previous = Array(0...b.count)
        for i in 0..<a.count {
            var current = [i + 1]
            for j in 0..<b.count {
                var cost = min(previous[j + 1] + 1, current[j] + 1, previous[j] + (a[i] == b[j] ? 0 : 1))
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, before[j - 1] + 1) }
                current.append(cost)
            }
            (before, previous) = (previous, current)
        }
        return previous[b.count]
    }
}
