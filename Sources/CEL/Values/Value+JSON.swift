/// The reason a value cannot be written as JSON.
package struct JSONMappingError: Error, CustomStringConvertible, Hashable {
    /// Lower case, without full stop.
    package let description: String
}

extension Value {
    /// The greatest magnitude of an integer that JSON carries exactly.
    private static let exactMax: UInt64 = 1 << 53 - 1

    /// The value as JSON text, mapped as the CEL specification says: integers beyond ±(2^53 − 1) are decimal strings,
    /// bytes base64, timestamps RFC 3339, durations seconds (`21600s`), money its parts
    /// (`{"currency":"PKR","minorUnits":100}`), types their names, infinities and NaN strings; an optional is its
    /// content. Members are in the order of RFC 8785; keys other than strings are written as by `string()`.
    /// - Throws: for an empty optional, for keys that coincide in JSON, and for an error.
    package func json() throws(JSONMappingError) -> [UInt8] {
        var output: [UInt8] = []
        try appendJSON(to: &output)
        return output
    }

    /// The value as JSON text, or the reason there is none.
    package var jsonDescription: String {
        do throws(JSONMappingError) { return String(decoding: try json(), as: UTF8.self) } catch { return "\(error)" }
    }

    private func appendJSON(to output: inout [UInt8]) throws(JSONMappingError) {
        switch self {
        case .null: output += Array("null".utf8)
        case .bool(let flag): output += Array((flag ? "true" : "false").utf8)
        case .int(let number): Self.append(String(number), number.magnitude <= Self.exactMax, to: &output)
        case .uint(let number): Self.append(String(number), number <= Self.exactMax, to: &output)
        case .double(let number): Self.append(NumberText.ecmaScript(number), number.isFinite, to: &output)
        case .bytes(let octets): Self.appendString(Array(Encoders.base64(octets).utf8), to: &output)
        case .timestamp(let time): Self.appendString(Array(TimeText.string(time).utf8), to: &output)
        case .duration(let length): Self.appendString(Array(TimeText.string(length).utf8), to: &output)
        case .type(let type): Self.appendString(Array(type.name.utf8), to: &output)
        case .money(let money):
            output += Array("{\"currency\":\"\(money.currency.text)\",\"minorUnits\":".utf8)
            Self.append(String(money.minorUnits), money.minorUnits.magnitude <= Self.exactMax, to: &output)
            output.append(UInt8(ascii: "}"))
        case .string, .text: Self.appendString(utf8Bytes ?? [], to: &output)
        case .optional(let content):
            guard let value = content.value else {
                throw JSONMappingError(
                    description: "JSON has no empty optional: say with `.orValue(…)` what stands for it")
            }
            try value.appendJSON(to: &output)
        case .list, .map, .host: try appendContainer(to: &output)
        case .error(let error): throw JSONMappingError(description: error.message)
        }
    }

    private func appendContainer(to output: inout [UInt8]) throws(JSONMappingError) {
        if let count = listCount {
            output.append(UInt8(ascii: "["))
            for index in 0..<count {
                if index > 0 { output.append(UInt8(ascii: ",")) }
                try element(index).appendJSON(to: &output)
            }
            output.append(UInt8(ascii: "]"))
            return
        }
        output.append(UInt8(ascii: "{"))
        let entries = (0..<(mapCount ?? 0)).map { (name: key(at: $0).jsonName, index: $0) }
            .sorted { $0.name.utf16.lexicographicallyPrecedes($1.name.utf16) }
        for (position, entry) in entries.enumerated() {
            if position > 0 {
                guard !entries[position - 1].name.utf8.elementsEqual(entry.name.utf8) else {
                    throw JSONMappingError(description: "two keys of the map are both `\(entry.name)` in JSON")
                }
                output.append(UInt8(ascii: ","))
            }
            Self.appendString(Array(entry.name.utf8), to: &output)
            output.append(UInt8(ascii: ":"))
            try value(at: entry.index).appendJSON(to: &output)
        }
        output.append(UInt8(ascii: "}"))
    }

    /// The name of a member for a map's key.
    private var jsonName: String {
        switch self {
        case .bool(let flag): flag ? "true" : "false"
        case .int(let number): String(number)
        case .uint(let number): String(number)
        default: stringValue ?? ""
        }
    }

    private static func append(_ number: String, _ isExact: Bool, to output: inout [UInt8]) {
        if isExact { output += Array(number.utf8) } else { appendString(Array(number.utf8), to: &output) }
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
