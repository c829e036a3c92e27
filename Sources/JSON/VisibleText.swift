/// Text for people, with everything escaped that would control their terminal or turn the direction of what they read.
///
/// Escaped as in JSON, `\n` and `\u001b`, are the controls (U+0000 to U+001F, U+007F to U+009F), the line and paragraph
/// separators U+2028 and U+2029, and the bidirectional controls U+061C, U+200E, U+200F, U+202A to U+202E and U+2066 to
/// U+2069. Nothing else changes, a backslash neither. Machines read JSON instead, whose bytes stay as they are.
package enum VisibleText {
    /// Text for one line: its line feeds are escaped too, so that nobody can write a second one.
    package static func line(_ text: String) -> String { escaped(text, keepsLineFeeds: false) }

    /// Text that is already laid out in lines.
    package static func page(_ text: String) -> String { escaped(text, keepsLineFeeds: true) }

    /// Lays out lines, each of which stays one.
    package static func page(_ lines: [String]) -> String { lines.map(line).joined(separator: "\n") }

    private static func escaped(_ text: String, keepsLineFeeds: Bool) -> String {
        if text.utf8.allSatisfy({ !mayBegin($0) || ($0 == 0x0A && keepsLineFeeds) }) { return text }
        var result = ""
        for scalar in text.unicodeScalars {
            if !isControl(scalar) || (scalar == "\n" && keepsLineFeeds) {
                result.unicodeScalars.append(scalar)
            } else {
                result += escape(scalar)
            }
        }
        return result
    }

    /// Returns whether the UTF-8 of an escaped control may begin with this byte.
    private static func mayBegin(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == 0x7F || byte == 0xC2 || byte == 0xD8 || byte == 0xE2
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0...0x1F, 0x7F...0x9F, 0x61C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069: true
        default: false
        }
    }

    private static func escape(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "\n": return "\\n"
        case "\r": return "\\r"
        case "\t": return "\\t"
        default:
            let digits = String(scalar.value, radix: 16)
            return "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
        }
    }
}
