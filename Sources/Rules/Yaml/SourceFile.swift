import AgentKit

/// A file being read: its lines, and what is wrong with it so far.
package final class SourceFile {
    package let name: String
    let bytes: [UInt8]
    /// The byte offset at which each line starts.
    private let lineStarts: [Int]
    /// The errors noted so far, in the order of noting.
    package private(set) var errors: [RuleDiagnostic] = []
    /// Problems with which a rule set may not come into force, but that one in force may keep.
    private(set) var doubts: [RuleDiagnostic] = []
    private(set) var warnings: [RuleDiagnostic] = []

    package init(_ file: RuleFile) {
        name = file.name
        // YAML lets a byte order mark stand first; it is no part of the text.
        bytes = file.text.starts(with: Self.byteOrderMark) ? Array(file.text.dropFirst(3)) : file.text
        var starts = [0]
        for (index, byte) in bytes.enumerated() where byte == 0x0A { starts.append(index + 1) }
        lineStarts = starts
    }

    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    /// Files with more errors than this are not worth listing further.
    static let errorsMax = 100

    /// Notes an error, `length` code points from a place on.
    package func error(_ place: SourcePlace, _ message: String, length: Int = 1) {
        guard errors.count < Self.errorsMax else { return }
        let error = diagnostic(place, message, length)
        if !errors.contains(error) { errors.append(error) }
    }

    func doubt(_ place: SourcePlace, _ message: String, length: Int = 1) {
        guard doubts.count < Self.errorsMax else { return }
        doubts.append(diagnostic(place, message, length))
    }

    func warning(_ place: SourcePlace, _ message: String, length: Int = 1) {
        let warning = diagnostic(place, message, length)
        if !warnings.contains(warning) { warnings.append(warning) }
    }

    /// Sets aside everything noted after `count` errors.
    func forgetErrors(after count: Int) { errors.removeLast(errors.count - count) }

    private func diagnostic(_ place: SourcePlace, _ message: String, _ length: Int) -> RuleDiagnostic {
        let line = text(line: place.line)
        let carets = min(length, max(1, line.unicodeScalars.count - place.column + 1))
        let before = VisibleText.line(String(String.UnicodeScalarView(line.unicodeScalars.prefix(place.column - 1))))
        let excerpt =
            line.isEmpty
            ? ""
            : VisibleText.line(line) + "\n" + String(repeating: " ", count: before.unicodeScalars.count)
                + String(repeating: "^", count: max(1, carets))
        return RuleDiagnostic(
            file: name, line: place.line, column: place.column, message: message, excerpt: excerpt)
    }

    /// A line without its end; empty past the end of the file.
    func text(line: Int) -> String {
        guard line >= 1, line <= lineStarts.count else { return "" }
        let end = line < lineStarts.count ? lineStarts[line] - 1 : bytes.count
        var slice = bytes[lineStarts[line - 1]..<max(end, lineStarts[line - 1])]
        if slice.last == 0x0D { slice = slice.dropLast() }
        return String(decoding: slice, as: UTF8.self)
    }

    /// An item of a list as written: its lines without the indentation they share.
    func text(ofItem node: YamlNode) -> String {
        let indentation = node.place.column - 1
        var lines = [String(text(line: node.place.line).unicodeScalars.dropFirst(indentation).map(Character.init))]
        var line = node.place.line + 1
        while line <= lineCount {
            let text = self.text(line: line)
            let isBlank = text.utf8.allSatisfy { $0 == 0x20 }
            let blanks = text.utf8.prefix { $0 == 0x20 }.count
            guard isBlank || blanks >= indentation || line <= node.lastLine else { break }
            lines.append(isBlank ? "" : String(text.dropFirst(min(blanks, indentation))))
            line += 1
        }
        while lines.last == "" { lines.removeLast() }
        return lines.joined(separator: "\n")
    }

    var lineCount: Int { lineStarts.count }

    /// The byte offset of a place.
    func offset(_ place: SourcePlace) -> Int {
        guard place.line >= 1, place.line <= lineStarts.count else { return bytes.count }
        var offset = lineStarts[place.line - 1]
        var column = 1
        while offset < bytes.count, column < place.column {
            offset += 1
            while offset < bytes.count, bytes[offset] & 0xC0 == 0x80 { offset += 1 }
            column += 1
        }
        return offset
    }

    /// The place of a byte offset.
    func place(_ offset: Int) -> SourcePlace {
        var low = 0
        var high = lineStarts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if lineStarts[middle] <= offset { low = middle } else { high = middle }
        }
        let column = bytes[lineStarts[low]..<min(offset, bytes.count)].count { $0 & 0xC0 != 0x80 }
        return SourcePlace(line: low + 1, column: column + 1)
    }
}

/// A place in a file, both from 1; the column in code points.
package struct SourcePlace: Hashable, Sendable {
    package let line: Int
    package let column: Int

    package init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }
}
