/// Conversions between types.
enum Conversions {
    private static func refuse(_ value: Value, _ wanted: String) -> Value {
        .failure(.invalidArgument, "\(value.shortText) is not a valid \(wanted)")
    }

    private static let outOfRange = Value.failure(.overflow, "the number is out of range")

    static func bool(_ value: Value, _ activation: Activation) -> Value {
        if case .bool = value { return value }
        guard let text = value.stringValue else { return .noOverload }
        switch text {
        case "1", "t", "T", "TRUE", "true", "True": return .bool(true)
        case "0", "f", "F", "FALSE", "false", "False": return .bool(false)
        default: return refuse(value, "bool")
        }
    }

    static func bytes(_ value: Value, _ activation: Activation) -> Value {
        if case .bytes = value { return value }
        return value.utf8Bytes.map(Value.bytes) ?? .noOverload
    }

    static func double(_ value: Value, _ activation: Activation) -> Value {
        switch value {
        case .double: return value
        case .int(let number): return .double(Double(number))
        case .uint(let number): return .double(Double(number))
        default:
            guard let text = value.stringValue else { return .noOverload }
            return NumberText.double(text).map(Value.double) ?? refuse(value, "double")
        }
    }

    static func int(_ value: Value, _ activation: Activation) -> Value {
        switch value {
        case .int: return value
        case .uint(let number): return Int64(exactly: number).map(Value.int) ?? outOfRange
        case .double(let number):
            guard number > -0x1p63, number < 0x1p63 else { return outOfRange }
            return .int(Int64(number))
        case .timestamp(let time): return .int(time.seconds)
        default:
            guard let text = value.utf8Bytes else { return .noOverload }
            return NumberText.int(text).map(Value.int) ?? refuse(value, "int")
        }
    }

    static func uint(_ value: Value, _ activation: Activation) -> Value {
        switch value {
        case .uint: return value
        case .int(let number): return UInt64(exactly: number).map(Value.uint) ?? outOfRange
        case .double(let number):
            guard number >= 0, number < 0x1p64 else { return outOfRange }
            return .uint(UInt64(number))
        default:
            guard let text = value.utf8Bytes else { return .noOverload }
            return NumberText.uint(text).map(Value.uint) ?? refuse(value, "uint")
        }
    }

    static func string(_ value: Value) -> Value {
        switch value {
        case .string, .text: return value
        case .bool(let flag): return .string(flag ? "true" : "false")
        case .int(let number): return .string(String(number))
        case .uint(let number): return .string(String(number))
        case .double(let number): return .string(NumberText.string(number))
        case .bytes(let octets):
            guard let text = String(validating: octets, as: UTF8.self) else {
                return .failure(.invalidArgument, "the bytes are not valid UTF-8")
            }
            return .string(text)
        case .timestamp(let time): return .string(TimeText.string(time))
        case .duration(let length): return .string(TimeText.string(length))
        default: return .noOverload
        }
    }

    static func timestamp(_ value: Value) -> Value {
        switch value {
        case .timestamp: return value
        case .int(let seconds): return Timestamp(seconds: seconds).map(Value.timestamp) ?? .outOfTime
        default:
            let parsed = value.withUTF8 { TimeText.timestamp($0) }
            guard let parsed else { return .noOverload }
            return parsed.map(Value.timestamp) ?? refuse(value, "timestamp")
        }
    }

    static func duration(_ value: Value) -> Value {
        if case .duration = value { return value }
        let parsed = value.withUTF8 { TimeText.duration($0) }
        guard let parsed else { return .noOverload }
        return parsed.map(Value.duration) ?? refuse(value, "duration")
    }
}

extension Library {
    static let conversions: [Builtin] = [
        Builtin("dyn", [.global(a, to: .dyn)], unary: { value, _ in value }),
        Builtin("type", [.global(a, to: .type(a))], unary: { value, _ in .type(value.runtimeType) }),
        Builtin("bool", to(.bool, from: .bool, .string), unary: Conversions.bool),
        Builtin("bytes", to(.bytes, from: .bytes, .string), unary: Conversions.bytes),
        Builtin("double", to(.double, from: .double, .int, .string, .uint), unary: Conversions.double),
        Builtin("int", to(.int, from: .int, .double, .string, .timestamp, .uint), unary: Conversions.int),
        Builtin("uint", to(.uint, from: .uint, .double, .int, .string), unary: Conversions.uint),
        Builtin(
            "string", to(.string, from: .string, .bool, .bytes, .double, .duration, .int, .timestamp, .uint),
            unary: { value, _ in Conversions.string(value) }),
        Builtin(
            "timestamp", to(.timestamp, from: .timestamp, .int, .string),
            unary: { value, _ in Conversions.timestamp(value) }),
        Builtin(
            "duration", to(.duration, from: .duration, .string), unary: { value, _ in Conversions.duration(value) }),
    ]

    private static func to(_ result: CELType, from types: CELType...) -> [Signature] {
        types.map { Signature([$0], result) }
    }
}

/// Base64 with the standard alphabet (RFC 4648 section 4); padding is written and may be left out when reading.
enum Encoders {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    static func encode(_ value: Value, _ activation: Activation) -> Value {
        guard case .bytes(let octets) = value else { return .noOverload }
        guard Strings.charge(octets.count, activation) else { return .costPassed }
        return .string(base64(octets))
    }

    static func base64(_ octets: [UInt8]) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((octets.count + 2) / 3 * 4)
        var index = 0
        while index < octets.count {
            let left = octets.count - index
            var group = UInt32(octets[index]) << 16
            if left > 1 { group |= UInt32(octets[index + 1]) << 8 }
            if left > 2 { group |= UInt32(octets[index + 2]) }
            text.append(alphabet[Int(group >> 18)])
            text.append(alphabet[Int(group >> 12 & 63)])
            text.append(left > 1 ? alphabet[Int(group >> 6 & 63)] : UInt8(ascii: "="))
            text.append(left > 2 ? alphabet[Int(group & 63)] : UInt8(ascii: "="))
            index += 3
        }
        return String(decoding: text, as: UTF8.self)
    }

    static func decode(_ value: Value, _ activation: Activation) -> Value {
        guard var text = value.utf8Bytes else { return .noOverload }
        guard Strings.charge(text.count, activation) else { return .costPassed }
        let problem = Value.failure(.invalidArgument, "the text is not valid base64")
        if text.count % 4 == 0 {
            for _ in 0..<2 where text.last == UInt8(ascii: "=") { text.removeLast() }
        }
        guard text.count % 4 != 1 else { return problem }
        var octets: [UInt8] = []
        var group: UInt32 = 0
        var bits = 0
        for byte in text {
            guard let digit = digit(byte) else { return problem }
            group = group << 6 | UInt32(digit)
            bits += 6
            if bits >= 8 {
                bits -= 8
                octets.append(UInt8(truncatingIfNeeded: group >> UInt32(bits)))
            }
        }
        return .bytes(octets)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte - UInt8(ascii: "A")
        case UInt8(ascii: "a")...UInt8(ascii: "z"): byte - UInt8(ascii: "a") + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0") + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}

extension Library {
    static let encoders: [Builtin] = [
        Builtin("base64.encode", [.global(.bytes, to: .string)], unary: Encoders.encode),
        Builtin("base64.decode", [.global(.string, to: .bytes)], unary: Encoders.decode),
    ]
}
