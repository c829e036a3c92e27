/// The function `format` with its clauses `%s %d %f %e %b %o %x %X %%`.
enum Format {
    private static let precisionMax = 1000

    static func format(_ text: Value, _ list: Value, _ activation: Activation) -> Value {
        guard let pattern = text.utf8Bytes, let count = list.listCount else { return .noOverload }
        guard Strings.charge(pattern.count, activation) else { return .costPassed }
        var output: [UInt8] = []
        var next = 0
        var index = 0
        while index < pattern.count {
            let byte = pattern[index]
            index += 1
            guard byte == UInt8(ascii: "%") else {
                output.append(byte)
                continue
            }
            guard index < pattern.count else { return problem("the pattern ends in `%`") }
            if pattern[index] == UInt8(ascii: "%") {
                output.append(byte)
                index += 1
                continue
            }
            var precision = 6
            if pattern[index] == UInt8(ascii: ".") {
                guard let number = readPrecision(pattern, &index) else { return problem("malformed precision") }
                precision = number
            }
            guard index < pattern.count else { return problem("the pattern ends in an unfinished `%`") }
            let letter = pattern[index]
            index += 1
            guard next < count else { return problem("too few arguments") }
            let start = output.count
            if let failure = append(list.element(next), letter, precision, &output) { return failure }
            next += 1
            guard Strings.charge(output.count - start, activation) else { return .costPassed }
        }
        return .string(String(decoding: output, as: UTF8.self))
    }

    private static func problem(_ message: String) -> Value { .failure(.invalidArgument, "format: " + message) }

    private static func readPrecision(_ pattern: [UInt8], _ index: inout Int) -> Int? {
        index += 1
        var number = 0
        let start = index
        while index < pattern.count, Lexer.isDigit(pattern[index]) {
            number = number * 10 + Int(pattern[index] - UInt8(ascii: "0"))
            if number > precisionMax { return nil }
            index += 1
        }
        return index == start ? nil : number
    }

    private static func append(_ value: Value, _ letter: UInt8, _ precision: Int, _ output: inout [UInt8]) -> Value? {
        let text: String?
        switch letter {
        case UInt8(ascii: "s"): return appendText(value, &output)
        case UInt8(ascii: "d"): text = decimal(value)
        case UInt8(ascii: "f"): text = floating(value, precision, scientific: false)
        case UInt8(ascii: "e"): text = floating(value, precision, scientific: true)
        case UInt8(ascii: "b"):
            if case .bool(let flag) = value { text = flag ? "1" : "0" } else { text = integer(value, 2, false) }
        case UInt8(ascii: "o"): text = integer(value, 8, false)
        case UInt8(ascii: "x"), UInt8(ascii: "X"): text = hex(value, isUpper: letter == UInt8(ascii: "X"))
        default:
            return problem("unknown clause `%\(String(decoding: [letter], as: UTF8.self))`")
        }
        guard let text else {
            let clause = String(decoding: [letter], as: UTF8.self)
            return .failure(.noSuchOverload, "format: `%\(clause)` does not take `\(value.typeName)`")
        }
        output += Array(text.utf8)
        return nil
    }

    private static func decimal(_ value: Value) -> String? {
        if case .double(let number) = value { return NumberText.plain(number) }
        return integer(value, 10, false)
    }

    private static func floating(_ value: Value, _ precision: Int, scientific: Bool) -> String? {
        switch value {
        case .double(let number): NumberText.fixed(number, precision: precision, scientific: scientific)
        case .int(let number): NumberText.fixed(Double(number), precision: precision, scientific: scientific)
        case .uint(let number): NumberText.fixed(Double(number), precision: precision, scientific: scientific)
        default: nil
        }
    }

    private static func integer(_ value: Value, _ radix: Int, _ isUpper: Bool) -> String? {
        switch value {
        case .int(let number): String(number, radix: radix, uppercase: isUpper)
        case .uint(let number): String(number, radix: radix, uppercase: isUpper)
        default: nil
        }
    }

    private static func hex(_ value: Value, isUpper: Bool) -> String? {
        var bytes: [UInt8]?
        if case .bytes(let octets) = value { bytes = octets } else { bytes = value.utf8Bytes }
        guard let bytes else { return integer(value, 16, isUpper) }
        let digits = Array((isUpper ? "0123456789ABCDEF" : "0123456789abcdef").utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    /// Appends the text for `%s`; returns the error if the value has none.
    private static func appendText(_ value: Value, _ output: inout [UInt8]) -> Value? {
        switch value {
        case .null: output += Array("null".utf8)
        case .double(let number): output += Array(NumberText.plain(number).utf8)
        case .bytes(let octets): output += octets
        case .type(let type): output += Array(type.name.utf8)
        case .string, .text: output += value.utf8Bytes ?? []
        case .bool, .int, .uint, .timestamp, .duration:
            output += Conversions.string(value).utf8Bytes ?? []
        case .list, .map, .host: return appendContainer(value, &output)
        case .money, .optional, .error:
            return .failure(.noSuchOverload, "format: `%s` does not take `\(value.typeName)`")
        }
        return nil
    }

    private static func appendContainer(_ value: Value, _ output: inout [UInt8]) -> Value? {
        if let count = value.listCount {
            output.append(UInt8(ascii: "["))
            for index in 0..<count {
                if index > 0 { output += Array(", ".utf8) }
                if let failure = appendText(value.element(index), &output) { return failure }
            }
            output.append(UInt8(ascii: "]"))
            return nil
        }
        var entries: [(key: [UInt8], text: [UInt8])] = []
        for index in 0..<(value.mapCount ?? 0) {
            var key: [UInt8] = []
            var text: [UInt8] = []
            if let failure = appendText(value.key(at: index), &key) { return failure }
            if let failure = appendText(value.value(at: index), &text) { return failure }
            entries.append((key, text))
        }
        entries.sort { $0.key.lexicographicallyPrecedes($1.key) }
        output.append(UInt8(ascii: "{"))
        for (index, entry) in entries.enumerated() {
            if index > 0 { output += Array(", ".utf8) }
            output += entry.key + Array(": ".utf8) + entry.text
        }
        output.append(UInt8(ascii: "}"))
        return nil
    }
}
