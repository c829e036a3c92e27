/// The outer form of an expression: a map literal with constant keys, a list literal, or something else. Found on the
/// text alone; its parts are left to the compiler.
enum LiteralShape: Equatable {
    struct Entry: Equatable {
        let key: String
        /// In UTF-8 bytes of the text, quotes included.
        let keyOffset: Int
        let isOptional: Bool
        let value: Range<Int>
    }

    case map([Entry])
    case list([Range<Int>])
    case other

    init(_ text: String) {
        var scanner = LiteralScanner(Array(text.utf8))
        self = scanner.shape() ?? .other
    }
}

/// Splits a literal at its commas and colons, minding strings, comments and brackets.
struct LiteralScanner {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func shape() -> LiteralShape? {
        skipBlanks()
        switch current {
        case UInt8(ascii: "{"): return map()
        case UInt8(ascii: "["): return list()
        default: return nil
        }
    }

    /// The offset of the brace that ends the expression that starts at `start`: the first outside of strings and
    /// brackets.
    static func end(of bytes: [UInt8], from start: Int) -> Int? {
        var scanner = LiteralScanner(bytes)
        scanner.position = start
        var depth = 0
        while let byte = scanner.current {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "'"):
                guard scanner.skipString() else { return nil }
                continue
            case UInt8(ascii: "}") where depth == 0: return scanner.position
            case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"): depth = max(0, depth - 1)
            default: break
            }
            scanner.position += 1
        }
        return nil
    }

    private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skip(_ byte: Unicode.Scalar) -> Bool {
        guard current == UInt8(ascii: byte) else { return false }
        position += 1
        return true
    }

    private mutating func map() -> LiteralShape? {
        position += 1
        var entries: [LiteralShape.Entry] = []
        while true {
            skipBlanks()
            if skip("}") { break }
            let isOptional = skip("?")
            skipBlanks()
            let keyOffset = position
            guard let key = plainKey() else { return nil }
            skipBlanks()
            guard skip(":"), let value = part(endingAt: UInt8(ascii: "}")) else { return nil }
            guard !entries.contains(where: { $0.key.utf8.elementsEqual(key.utf8) }) else { return nil }
            entries.append(
                LiteralShape.Entry(key: key, keyOffset: keyOffset, isOptional: isOptional, value: value))
            if skip(",") { continue }
            guard skip("}") else { return nil }
            break
        }
        return isAtEnd ? .map(entries) : nil
    }

    private mutating func list() -> LiteralShape? {
        position += 1
        var elements: [Range<Int>] = []
        while true {
            skipBlanks()
            if skip("]") { break }
            guard current != UInt8(ascii: "?"), let element = part(endingAt: UInt8(ascii: "]")) else { return nil }
            elements.append(element)
            if skip(",") { continue }
            guard skip("]") else { return nil }
            break
        }
        return isAtEnd ? .list(elements) : nil
    }

    private var isAtEnd: Bool {
        var rest = self
        rest.skipBlanks()
        return rest.position == bytes.count
    }

    /// A string literal without prefix and escapes.
    private mutating func plainKey() -> String? {
        guard let quote = current, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else { return nil }
        let start = position + 1
        var end = start
        while end < bytes.count, bytes[end] != quote {
            if bytes[end] == UInt8(ascii: "\\") || bytes[end] == 0x0A { return nil }
            end += 1
        }
        guard end < bytes.count, end > start else { return nil }
        position = end + 1
        return String(decoding: bytes[start..<end], as: UTF8.self)
    }

    /// The text up to a comma or the closing bracket at this level, without blanks around it.
    private mutating func part(endingAt close: UInt8) -> Range<Int>? {
        skipBlanks()
        let start = position
        var open: [UInt8] = []
        while let byte = current {
            if open.isEmpty, byte == UInt8(ascii: ",") || byte == close { break }
            switch byte {
            case UInt8(ascii: "("): open.append(UInt8(ascii: ")"))
            case UInt8(ascii: "["): open.append(UInt8(ascii: "]"))
            case UInt8(ascii: "{"): open.append(UInt8(ascii: "}"))
            case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"):
                guard open.popLast() == byte else { return nil }
            case UInt8(ascii: "\""), UInt8(ascii: "'"):
                guard skipString() else { return nil }
                continue
            case UInt8(ascii: "/") where position + 1 < bytes.count && bytes[position + 1] == byte:
                skipBlanks()
                continue
            default: break
            }
            position += 1
        }
        guard position < bytes.count else { return nil }
        var end = position
        while end > start, Self.isBlank(bytes[end - 1]) { end -= 1 }
        return end > start ? start..<end : nil
    }

    /// Moves past a string literal; the letter before its quote tells if it is raw.
    private mutating func skipString() -> Bool {
        let quote = bytes[position]
        let isRaw = position > 0 && [0x72, 0x52].contains(bytes[position - 1]) && isPrefix(position - 1)
        let isTriple = position + 2 < bytes.count && bytes[position + 1] == quote && bytes[position + 2] == quote
        position += isTriple ? 3 : 1
        while position < bytes.count {
            if bytes[position] == UInt8(ascii: "\\"), !isRaw {
                position += 2
            } else if bytes[position] == quote {
                if !isTriple {
                    position += 1
                    return true
                }
                if position + 2 < bytes.count, bytes[position + 1] == quote, bytes[position + 2] == quote {
                    position += 3
                    return true
                }
                position += 1
            } else {
                position += 1
            }
        }
        return false
    }

    /// Returns true if the letter stands alone, or after `b`, as the prefix of a string.
    private func isPrefix(_ index: Int) -> Bool {
        guard index > 0 else { return true }
        let before = bytes[index - 1]
        if before == 0x62 || before == 0x42 { return index < 2 || !Self.isLetter(bytes[index - 2]) }
        return !Self.isLetter(before)
    }

    private mutating func skipBlanks() {
        while let byte = current {
            if Self.isBlank(byte) {
                position += 1
            } else if byte == UInt8(ascii: "/"), position + 1 < bytes.count, bytes[position + 1] == byte {
                while let next = current, next != 0x0A { _ = next; position += 1 }
            } else {
                return
            }
        }
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0A || byte == 0x09 || byte == 0x0D || byte == 0x0C
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (byte >= 0x61 && byte <= 0x7A) || (byte >= 0x41 && byte <= 0x5A) || (byte >= 0x30 && byte <= 0x39)
            || byte == 0x5F
    }
}
