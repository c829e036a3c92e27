/// String functions that make new strings.
extension Strings {
    /// A new string made from the bytes of `a` by `body`, after charging for their length.
    private static func mapped(_ a: Value, _ activation: Activation, _ body: (inout [UInt8]) -> Void) -> Value {
        guard var bytes = a.utf8Bytes else { return .noOverload }
        guard charge(bytes.count, activation) else { return .costPassed }
        body(&bytes)
        return .string(String(decoding: bytes, as: UTF8.self))
    }

    static func lowerAscii(_ a: Value, _ activation: Activation) -> Value {
        mapped(a, activation) { bytes in
            for index in bytes.indices where bytes[index] >= UInt8(ascii: "A") && bytes[index] <= UInt8(ascii: "Z") {
                bytes[index] |= 0x20
            }
        }
    }

    static func upperAscii(_ a: Value, _ activation: Activation) -> Value {
        mapped(a, activation) { bytes in
            for index in bytes.indices where bytes[index] >= UInt8(ascii: "a") && bytes[index] <= UInt8(ascii: "z") {
                bytes[index] &= 0xDF
            }
        }
    }

    static func trim(_ a: Value, _ activation: Activation) -> Value {
        guard let text = a.stringValue else { return .noOverload }
        guard charge(text.utf8.count, activation) else { return .costPassed }
        var scalars = text.unicodeScalars[...]
        while let first = scalars.first, first.properties.isWhitespace { scalars.removeFirst() }
        while let last = scalars.last, last.properties.isWhitespace { scalars.removeLast() }
        return .string(String(scalars))
    }

    static func reverse(_ a: Value, _ activation: Activation) -> Value {
        if let count = a.listCount {
            guard activation.charge(UInt64(count)) else { return .costPassed }
            return .list((0..<count).reversed().map { a.element($0) })
        }
        guard let text = a.stringValue else { return .noOverload }
        guard charge(text.utf8.count, activation) else { return .costPassed }
        var result = String.UnicodeScalarView()
        result.append(contentsOf: text.unicodeScalars.reversed())
        return .string(String(result))
    }

    static func quote(_ a: Value, _ activation: Activation) -> Value {
        guard let bytes = a.utf8Bytes else { return .noOverload }
        guard charge(bytes.count, activation) else { return .costPassed }
        var result = [UInt8(ascii: "\"")]
        for byte in bytes {
            if let letter = escapeLetter(byte) {
                result += [UInt8(ascii: "\\"), letter]
            } else {
                result.append(byte)
            }
        }
        result.append(UInt8(ascii: "\""))
        return .string(String(decoding: result, as: UTF8.self))
    }

    private static func escapeLetter(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 7: UInt8(ascii: "a")
        case 8: UInt8(ascii: "b")
        case 9: UInt8(ascii: "t")
        case 10: UInt8(ascii: "n")
        case 11: UInt8(ascii: "v")
        case 12: UInt8(ascii: "f")
        case 13: UInt8(ascii: "r")
        case UInt8(ascii: "\\"), UInt8(ascii: "\""): byte
        default: nil
        }
    }

    static func join(_ list: Value, _ separator: Value, _ activation: Activation) -> Value {
        guard let count = list.listCount, let between = separator.utf8Bytes else { return .noOverload }
        guard charge(count * (between.count + 10), activation) else { return .costPassed }
        var result: [UInt8] = []
        for index in 0..<count {
            if index > 0 { result += between }
            guard let part = list.element(index).utf8Bytes else { return .noOverload }
            guard charge(part.count, activation) else { return .costPassed }
            result += part
        }
        return .string(String(decoding: result, as: UTF8.self))
    }

    /// The offsets of `part` in `text`, at most `limit` of them; an empty part occurs before and after each code point.
    private static func occurrences(_ part: [UInt8], in text: [UInt8], limit: Int) -> [Int] {
        var result: [Int] = []
        var start = 0
        while result.count < limit {
            if part.isEmpty {
                guard start <= text.count else { break }
                result.append(start)
                start += 1
                while start < text.count, text[start] & 0xC0 == 0x80 { start += 1 }
                continue
            }
            let hit = text.withOctets { bytes in part.withOctets { bytes.find($0, from: start) } }
            guard let hit else { break }
            result.append(hit)
            start = hit + part.count
        }
        return result
    }

    static func replace(_ arguments: Arguments) -> Value {
        guard arguments.count == 3 || arguments.count == 4, let text = arguments[0].utf8Bytes,
            let old = arguments[1].utf8Bytes, let new = arguments[2].utf8Bytes
        else { return .noOverload }
        var limit = Int.max
        if arguments.count == 4 {
            guard case .int(let count) = arguments[3] else { return .noOverload }
            if count >= 0 { limit = Int(count) }
        }
        guard charge(text.count, arguments.activation) else { return .costPassed }
        let places = occurrences(old, in: text, limit: limit)
        let (added, overflow) = places.count.multipliedReportingOverflow(by: new.count)
        guard !overflow, charge(added, arguments.activation) else { return .costPassed }
        var result: [UInt8] = []
        result.reserveCapacity(text.count + added)
        var start = 0
        for place in places {
            result += text[start..<place]
            result += new
            start = place + old.count
        }
        result += text[start...]
        return .string(String(decoding: result, as: UTF8.self))
    }

    static func split(_ a: Value, _ b: Value, _ activation: Activation) -> Value {
        pieces(a, b, limit: -1, activation)
    }

    static func splitLimited(_ arguments: Arguments) -> Value {
        guard arguments.count == 3, case .int(let limit) = arguments[2] else { return .noOverload }
        return pieces(arguments[0], arguments[1], limit: limit, arguments.activation)
    }

    private static func pieces(_ a: Value, _ b: Value, limit: Int64, _ activation: Activation) -> Value {
        guard let text = a.utf8Bytes, let separator = b.utf8Bytes else { return .noOverload }
        guard activation.charge(UInt64(text.count)) else { return .costPassed }
        if limit == 0 { return .list([]) }
        let most = limit < 0 ? Int.max : Int(limit) - 1
        var places = occurrences(separator, in: text, limit: separator.isEmpty && most < .max ? most + 1 : most)
        if separator.isEmpty {
            if text.isEmpty { return .list([]) }
            places.removeAll { $0 == 0 || $0 == text.count }
            if places.count > most { places.removeLast(places.count - most) }
        }
        var result: [Value] = []
        var start = 0
        for place in places {
            result.append(.string(String(decoding: text[start..<place], as: UTF8.self)))
            start = place + separator.count
        }
        result.append(.string(String(decoding: text[start...], as: UTF8.self)))
        return .list(result)
    }
}
