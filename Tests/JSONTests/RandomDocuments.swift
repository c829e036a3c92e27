import TestSupport

/// Random JSON text with odd spacing, spelling and order.
struct RandomDocuments {
    var random: SeededGenerator

    private static let pieces = [
        "a", "b", "z", "é", "e\u{301}", "😀", "\u{FF00}", "\u{E000}", "\u{7F}", "\\n", "\\u0041", "\\u000b", "\\\"",
        "\\\\",
        "\\/", "\\ud83d\\ude00", "orderId", "the quick brown fox ", "\u{FFFE}", "{", "]", ",",
    ]
    private static let numbers = [
        "0", "-0", "1", "-17", "1.0", "2.50", "1e3", "1E-7", "0.1", "123456.789", "9007199254740991", "-1.5e-300",
        "33.333333333333336", "5e-324", "1e-400", "0.000001", "1234567890123.4567",
    ]

    private mutating func space() -> String { random.once(in: 4) ? random.pick([" ", "\n", "\t ", "\r\n"]) : "" }

    private mutating func string() -> String {
        "\"" + (0..<random.int(in: 0...6)).map { _ in random.pick(Self.pieces) }.joined() + "\""
    }

    /// A value with at most that many levels.
    mutating func value(_ levels: Int) -> String {
        let kind = random.int(in: 0...(levels > 0 ? 7 : 5))
        let text: String
        switch kind {
        case 0: text = random.pick(["true", "false", "null"])
        case 1, 2: text = random.pick(Self.numbers)
        case 3, 4, 5: text = string()
        case 6: text = "[" + (0..<random.int(in: 0...5)).map { _ in value(levels - 1) }.joined(separator: ",") + "]"
        default:
            // The number in each name keeps names distinct.
            let members = (0..<random.int(in: 0...(random.once(in: 20) ? 80 : 6))).map { i in
                let name = string()
                return space() + name.dropLast() + "\(i)\"" + space() + ":" + value(levels - 1)
            }
            text = "{" + members.shuffled(using: &random).joined(separator: ",") + "}"
        }
        return space() + text + space()
    }

    /// Bytes with a few of them changed, inserted or removed.
    mutating func damaged(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<random.int(in: 1...3) where !bytes.isEmpty {
            let at = random.int(in: 0...bytes.count - 1)
            switch random.int(in: 0...3) {
            case 0: bytes[at] = random.pick(Array("{}[]:,\"\\0e-.u\n\u{1}".utf8))
            case 1: bytes[at] ^= 1 << random.int(in: 0...7)
            case 2: bytes.remove(at: at)
            default: bytes = Array(bytes[..<at])
            }
        }
        return bytes
    }
}
