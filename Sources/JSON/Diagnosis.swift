/// A second, byte-by-byte reading of refused input that finds the first error and its place.
@safe struct Diagnosis {
    private let bytes: UnsafeRawBufferPointer
    private var position = 0
    private var open: [Frame] = []

    /// An open container and the position in it.
    private struct Frame {
        let isObject: Bool
        var index = 0
        var name: [UInt8] = []
        var names: Set<[UInt8]> = []

        var token: String {
            isObject ? JSONPointer.escaped(String(decoding: name, as: UTF8.self)) : String(index)
        }
    }

    init(_ bytes: UnsafeRawBufferPointer) { unsafe self.bytes = bytes }

    /// The first error of the input; nil if it is strict I-JSON.
    mutating func firstError() -> JSONError? {
        do throws(JSONError) {
            try document()
            return nil
        } catch {
            return error
        }
    }

    private mutating func document() throws(JSONError) {
        if unsafe bytes.isEmpty { throw JSONError(.empty, offset: 0, message: "empty input") }
        if unsafe bytes.starts(with: [0xEF, 0xBB, 0xBF]) { throw error(.malformed, "byte order mark") }
        skipSpace()
        if unsafe position == bytes.count { throw error(.empty, "nothing but white space") }
        repeat {
            if try !value() { continue }
            while !open.isEmpty, try closes() {}
        } while !open.isEmpty
        skipSpace()
        if unsafe position < bytes.count { throw unexpected("the end") }
    }

    /// Reads a value; returns false if it opened a container, whose first value is next.
    private mutating func value() throws(JSONError) -> Bool {
        skipSpace()
        switch peek() {
        case UInt8(ascii: "\""): _ = try string()
        case UInt8(ascii: "{"): return try container(isObject: true)
        case UInt8(ascii: "["): return try container(isObject: false)
        case UInt8(ascii: "t"): try literal("true")
        case UInt8(ascii: "f"): try literal("false")
        case UInt8(ascii: "n"): try literal("null")
        case let byte? where byte == UInt8(ascii: "-") || Self.isDigit(byte): try number()
        default: throw unexpected("a value")
        }
        return true
    }

    private mutating func container(isObject: Bool) throws(JSONError) -> Bool {
        guard open.count < Limits.nestingLevelsMax else {
            throw error(.depth, "more than \(Limits.nestingLevelsMax) levels of nesting")
        }
        position += 1
        skipSpace()
        if peek() == (isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) {
            position += 1
            return true
        }
        open.append(Frame(isObject: isObject))
        if isObject { try name() }
        return false
    }

    /// Skips what follows a value; returns true if that closed the innermost container.
    private mutating func closes() throws(JSONError) -> Bool {
        let last = open.count - 1
        let isObject = open[last].isObject
        skipSpace()
        switch peek() {
        case UInt8(ascii: ","):
            position += 1
            open[last].index += 1
            if isObject {
                skipSpace()
                try name()
            }
            return false
        case isObject ? UInt8(ascii: "}") : UInt8(ascii: "]"):
            position += 1
            open.removeLast()
            return true
        default:
            throw unexpected(isObject ? "`,` or `}`" : "`,` or `]`")
        }
    }

    private mutating func name() throws(JSONError) {
        let last = open.count - 1
        let start = position
        guard peek() == Text.quote else {
            open[last].name = []
            throw unexpected("a name", in: open.count - 1)
        }
        let name = try string(in: open.count - 1)
        open[last].name = name
        guard open[last].names.insert(name).inserted else {
            throw error(.duplicateName, "duplicate name \(Self.quoted(name))", at: start)
        }
        skipSpace()
        guard peek() == UInt8(ascii: ":") else { throw unexpected("`:`") }
        position += 1
    }

    private mutating func literal(_ text: String) throws(JSONError) {
        for byte in text.utf8 {
            guard peek() == byte else { throw unexpected("`\(text)`") }
            position += 1
        }
    }

    private mutating func number() throws(JSONError) {
        let start = position
        if peek() == UInt8(ascii: "-") { position += 1 }
        if peek() == UInt8(ascii: "0") {
            position += 1
        } else {
            try digits()
        }
        if peek() == UInt8(ascii: ".") {
            position += 1
            try digits()
        }
        if peek() == UInt8(ascii: "e") || peek() == UInt8(ascii: "E") {
            position += 1
            if peek() == UInt8(ascii: "+") || peek() == UInt8(ascii: "-") { position += 1 }
            try digits()
        }
        if let next = peek(), Self.continuesNumber(next) { throw unexpected("the end of the number") }
        let spelling = unsafe bytes[start..<position]
        let value = unsafe Double(String(decoding: spelling, as: UTF8.self)) ?? .infinity
        guard value.isFinite else {
            throw unsafe error(.numberRange, "number \(Self.quoted(spelling)) overflows a double", at: start)
        }
        guard value.magnitude <= Double(Limits.integerMagnitudeMax) else {
            throw unsafe error(.integerRange, "integer \(Self.quoted(spelling)) outside ±2^53 − 1", at: start)
        }
    }

    private mutating func digits() throws(JSONError) {
        guard let first = peek(), Self.isDigit(first) else { throw unexpected("a digit") }
        while let next = peek(), Self.isDigit(next) { position += 1 }
    }

    /// Reads a string and returns its text; `levels` is the number of levels in the pointer of an error in it.
    private mutating func string(in levels: Int? = nil) throws(JSONError) -> [UInt8] {
        position += 1
        var text: [UInt8] = []
        while let byte = peek() {
            switch byte {
            case Text.quote:
                position += 1
                return text
            case Text.backslash: try escape(&text, in: levels)
            case 0..<0x20:
                throw error(.malformed, "control character \(Self.hexadecimal(byte)) in a string", in: levels)
            case 0x20..<0x80:
                text.append(byte)
                position += 1
            default:
                let length = unsafe Self.characterBytes(unsafe bytes[position...])
                guard length > 0 else { throw error(.invalidUTF8, "invalid UTF-8", in: levels) }
                unsafe text.append(contentsOf: bytes[position..<position + length])
                position += length
            }
        }
        throw unexpected("`\"`", in: levels)
    }

    private mutating func escape(_ text: inout [UInt8], in levels: Int?) throws(JSONError) {
        if unsafe position + 1 < bytes.count, let plain = unsafe Text.unescaped(bytes[position + 1]) {
            text.append(plain)
            position += 2
            return
        }
        guard let unit = unsafe Surrogates.unit(bytes, position) else {
            if unsafe position + 1 >= bytes.count {
                position += 1
                throw unexpected("an escape", in: levels)
            }
            throw error(.malformed, "invalid escape", in: levels)
        }
        var scalar = UInt32(unit)
        var length = 6
        if unit & 0xF800 == 0xD800 {
            guard unit < 0xDC00, let low = unsafe Surrogates.unit(bytes, position + 6), low & 0xFC00 == 0xDC00 else {
                let spelling = unsafe Self.quoted(bytes[position..<position + 6])
                throw error(.loneSurrogate, "lone surrogate \(spelling)", in: levels)
            }
            scalar = 0x10000 + (scalar - 0xD800) << 10 + (UInt32(low) - 0xDC00)
            length = 12
        }
        position += length
        if let scalar = Unicode.Scalar(scalar) { text.append(contentsOf: UTF8.encode(scalar)!) }
    }
}

extension Diagnosis {
    private func peek() -> UInt8? { unsafe position < bytes.count ? unsafe bytes[position] : nil }

    private mutating func skipSpace() {
        while let byte = peek(), byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    private func error(
        _ code: JSONError.Code, _ message: String, at offset: Int? = nil, in levels: Int? = nil
    ) -> JSONError {
        let path = open.prefix(levels ?? open.count).map { "/" + $0.token }.joined()
        return JSONError(code, offset: offset ?? position, pointer: path, message: message)
    }

    private func unexpected(_ wanted: String, in levels: Int? = nil) -> JSONError {
        guard let byte = peek() else { return error(.malformed, "the input ends before \(wanted)", in: levels) }
        if byte < 0x80 {
            let found = byte < 0x20 || byte == 0x7F ? Self.hexadecimal(byte) : Self.quoted([byte])
            return error(.malformed, "\(found) where \(wanted) should be", in: levels)
        }
        let length = unsafe Self.characterBytes(unsafe bytes[position...])
        if length == 0 { return error(.invalidUTF8, "invalid UTF-8", in: levels) }
        let found = unsafe Self.quoted(bytes[position..<position + length])
        return error(.malformed, "\(found) where \(wanted) should be", in: levels)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }

    private static func continuesNumber(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x20, 0x0A, 0x0D, 0x09, UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "}"): false
        default: true
        }
    }

    private static func hexadecimal(_ byte: UInt8) -> String {
        "0x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }

    /// Input in backticks, cut after 64 bytes, control characters replaced.
    private static func quoted(_ bytes: some Collection<UInt8>) -> String {
        let shown = String(decoding: bytes.prefix(64), as: UTF8.self).unicodeScalars
            .map { $0.properties.generalCategory == .control ? "\u{FFFD}" : String($0) }.joined()
        return "`" + shown + (bytes.count > 64 ? "…" : "") + "`"
    }

    /// Length of the well-formed UTF-8 sequence at the start of the bytes (Unicode, table 3-7), or 0.
    private static func characterBytes(_ bytes: some Collection<UInt8>) -> Int {
        var iterator = bytes.makeIterator()
        var decoder = UTF8()
        guard case .scalarValue(let scalar) = decoder.decode(&iterator) else { return 0 }
        return UTF8.width(scalar)
    }
}
