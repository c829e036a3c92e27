/// One problem in an expression, with its position.
package struct Diagnostic: Hashable, Sendable {
    /// From 1.
    package let line: Int
    /// From 1, in code points.
    package let column: Int
    /// In UTF-8 bytes from the start of the source.
    package let offset: Int
    /// In code points; at least 1.
    package let length: Int
    /// Lower case, without position.
    package let message: String

    package init(line: Int, column: Int, offset: Int, length: Int, message: String) {
        self.line = line
        self.column = column
        self.offset = offset
        self.length = length
        self.message = message
    }
}

/// All problems found in an expression, in source order.
package struct CompileError: Error, Sendable {
    package let diagnostics: [Diagnostic]

    package init(_ diagnostics: [Diagnostic]) { self.diagnostics = diagnostics }
}

extension CompileError: CustomStringConvertible {
    package var description: String {
        diagnostics.map { "\($0.line):\($0.column): \($0.message)" }.joined(separator: "\n")
    }
}

/// The UTF-8 of an expression, with the conversion of offsets to lines and columns.
struct SourceText {
    /// The greatest number of code points of an expression.
    static let codePointsMax = 100_000

    let utf8: [UInt8]

    init(_ source: String) { utf8 = Array(source.utf8) }

    var isTooLong: Bool {
        utf8.count > Self.codePointsMax && Self.codePoints(utf8[...]) > Self.codePointsMax
    }

    func text(_ range: Range<Int>) -> String { String(decoding: utf8[range], as: UTF8.self) }

    /// A diagnostic about the bytes of `range`.
    func diagnostic(_ range: Range<Int>, _ message: String) -> Diagnostic {
        let start = min(max(range.lowerBound, 0), utf8.count)
        let end = min(max(range.upperBound, start), utf8.count)
        var line = 1
        var lineStart = 0
        for index in 0..<start where utf8[index] == UInt8(ascii: "\n") {
            line += 1
            lineStart = index + 1
        }
        return Diagnostic(
            line: line, column: Self.codePoints(utf8[lineStart..<start]) + 1, offset: start,
            length: max(Self.codePoints(utf8[start..<end]), 1), message: message)
    }

    static func codePoints(_ bytes: ArraySlice<UInt8>) -> Int {
        var count = 0
        for byte in bytes where byte & 0xC0 != 0x80 { count += 1 }
        return count
    }
}

/// Spelling suggestions: the known name that a misspelt one was probably meant to be.
package enum Suggestion {
    /// ``, did you mean `x`?`` or an empty string.
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

    /// Damerau–Levenshtein distance (optimal string alignment): insertions, deletions, replacements and swaps of
    /// neighbours.
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
