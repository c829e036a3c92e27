/// A part of a JSON Schema, its members in the order in which they are to be read.
indirect enum SchemaValue {
    case text(String)
    case integer(Int64)
    case flag(Bool)
    case list([SchemaValue])
    case object([(name: String, value: SchemaValue)])

    /// JSON, two blanks a level; a list of scalars on one line.
    func json(indentation: String = "") -> String {
        let inner = indentation + "  "
        switch self {
        case .text(let text): return Self.quoted(text)
        case .integer(let value): return String(value)
        case .flag(let value): return value ? "true" : "false"
        case .list(let values):
            let parts = values.map { $0.json(indentation: inner) }
            guard values.contains(where: { !$0.isScalar }) else { return "[" + parts.joined(separator: ", ") + "]" }
            return "[\n" + inner + parts.joined(separator: ",\n" + inner) + "\n" + indentation + "]"
        case .object(let members):
            guard !members.isEmpty else { return "{}" }
            let parts = members.map { Self.quoted($0.name) + ": " + $0.value.json(indentation: inner) }
            return "{\n" + inner + parts.joined(separator: ",\n" + inner) + "\n" + indentation + "}"
        }
    }

    private var isScalar: Bool {
        switch self {
        case .text, .integer, .flag: true
        case .list, .object: false
        }
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            if scalar.value < 0x20 {
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
                continue
            }
            if scalar == "\"" || scalar == "\\" { result += "\\" }
            result.unicodeScalars.append(scalar)
        }
        return result + "\""
    }
}
