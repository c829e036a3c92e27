/// Conversions between types.
enum Conversions {
    private static func refuse(_ value: Value, _ wanted: String) -> Value {
        .failure(.invalidArgument, "\(value.shortText) is no \(wanted)")
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
                return .failure(.invalidArgument, "the bytes are no UTF-8")
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
