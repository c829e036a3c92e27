/// The UTF-8 of an expression and the way from an offset to a line and column.
struct SourceText {
    /// Code points an expression may have.
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
