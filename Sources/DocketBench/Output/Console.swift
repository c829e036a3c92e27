import FoundationEssentials
import Glibc

/// Data goes to stdout, messages go to stderr.
enum Console {
    /// Writes a value as one line of JSON, its members in order.
    static func json(_ value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        print(String(decoding: try encoder.encode(value), as: UTF8.self))
    }

    /// Writes one line to stderr.
    static func message(_ text: String) {
        let line = Array((text + "\n").utf8)
        _ = write(2, line, line.count)
    }
}
