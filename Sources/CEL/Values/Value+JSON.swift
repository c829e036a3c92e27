extension Value {
    /// The value as JSON text with members in key order.
    ///
    /// Bytes are base64, timestamps RFC 3339, durations seconds (`21600s`), types their names; an empty optional is
    /// null; numbers that JSON lacks are strings. An error is an object with its code and message.
    package var jsonDescription: String {
        var output: [UInt8] = []
        appendJSON(to: &output)
        return String(decoding: output, as: UTF8.self)
    }

    private func appendJSON(to output: inout [UInt8]) {
        switch self {
        case .null: output += Array("null".utf8)
        case .bool(let flag): output += Array((flag ? "true" : "false").utf8)
        case .int(let number): output += Array(String(number).utf8)
        case .uint(let number): output += Array(String(number).utf8)
        case .double(let number):
            let text = NumberText.ecmaScript(number)
            if number.isFinite { output += Array(text.utf8) } else { Self.appendString(Array(text.utf8), to: &output) }
        case .bytes(let octets): Self.appendString(Array(Encoders.base64(octets).utf8), to: &output)
        case .timestamp(let time): Self.appendString(Array(TimeText.string(time).utf8), to: &output)
        case .duration(let length): Self.appendString(Array(TimeText.string(length).utf8), to: &output)
        case .type(let type): Self.appendString(Array(type.name.utf8), to: &output)
        case .string, .text: Self.appendString(utf8Bytes ?? [], to: &output)
        case .optional(let content): (content.value ?? .null).appendJSON(to: &output)
        case .list, .map, .host: appendContainer(to: &output)
        case .error(let error):
            let fields = MapValue([("error", .string(error.ruleCode)), ("message", .string(error.message))])
            Value.map(fields).appendJSON(to: &output)
        }
    }

    private func appendContainer(to output: inout [UInt8]) {
        if let count = listCount {
            output.append(UInt8(ascii: "["))
            for index in 0..<count {
                if index > 0 { output.append(UInt8(ascii: ",")) }
                element(index).appendJSON(to: &output)
            }
            output.append(UInt8(ascii: "]"))
            return
        }
        output.append(UInt8(ascii: "{"))
        for index in 0..<(mapCount ?? 0) {
            if index > 0 { output.append(UInt8(ascii: ",")) }
            let key = key(at: index)
            let name = key.utf8Bytes ?? Array(key.jsonDescription.utf8)
            Self.appendString(name, to: &output)
            output.append(UInt8(ascii: ":"))
            value(at: index).appendJSON(to: &output)
        }
        output.append(UInt8(ascii: "}"))
    }

    private static func appendString(_ text: [UInt8], to output: inout [UInt8]) {
        let digits = Array("0123456789abcdef".utf8)
        output.append(UInt8(ascii: "\""))
        for byte in text {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): output += [UInt8(ascii: "\\"), byte]
            case 8: output += Array("\\b".utf8)
            case 9: output += Array("\\t".utf8)
            case 10: output += Array("\\n".utf8)
            case 12: output += Array("\\f".utf8)
            case 13: output += Array("\\r".utf8)
            case 0..<32: output += Array("\\u00".utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            default: output.append(byte)
            }
        }
        output.append(UInt8(ascii: "\""))
    }
}
