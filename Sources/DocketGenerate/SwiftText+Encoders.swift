import Rules

extension SwiftText {
    /// What writes the data of events, each member at its place by RFC 8785.
    func encoders(_ types: [EventType]) -> String {
        header + "import JSON\n" + types.map { "\n" + encoder($0) }.joined()
    }

    private func encoder(_ type: EventType) -> String {
        let lines =
            [
                "/// The data of a `\(type.name)` to record.",
                "\(access)struct \(Self.typeName(type.name))Data: EventData {",
                "    \(access)static let type = \"\(type.name)\"",
            ] + members(type.schema, indent: "    ") + ["}"]
        return lines.joined(separator: "\n") + "\n"
    }

    private func members(_ schema: RecordSchema, indent: String) -> [String] {
        var lines: [String] = []
        for member in schema.members {
            let type = swiftType(member.name, member.type)
            lines.append(
                "\(indent)\(access)var \(Self.escaped(member.name)): " + type + (member.isOptional ? "?" : ""))
        }
        lines += ["", "\(indent)\(access)func write(to writer: inout CanonicalWriter) {"]
        lines.append("\(indent)    writer.beginObject()")
        for member in schema.members {
            let name = Self.escaped(member.name)
            let inner = indent + (member.isOptional ? "        " : "    ")
            if member.isOptional { lines.append("\(indent)    if let \(name) {") }
            lines.append("\(inner)writer.key(\"\(member.name)\")")
            lines += write(name, member.type).map { inner + $0 }
            if member.isOptional { lines.append("\(indent)    }") }
        }
        lines += ["\(indent)    writer.endObject()", "\(indent)}"]
        for member in schema.members {
            guard let record = member.type.record else { continue }
            let name = Self.recordName(member.name, member.type)
            lines += ["", "\(indent)/// An element of `\(member.name)`.", "\(indent)\(access)struct \(name) {"]
            lines += members(record, indent: indent + "    ") + ["\(indent)}"]
        }
        return lines
    }

    private func swiftType(_ name: String, _ type: DeclaredType) -> String {
        switch type {
        case .string, .id, .oneOf, .duration: "String"
        case .int, .money: "Int64"
        case .double: "Double"
        case .bool: "Bool"
        case .timestamp: "Instant"
        case .list(.record): "[\(Self.recordName(name, type))]"
        case .list(let element): "[\(swiftType(name, element))]"
        case .map(.string): "[String: String]"
        case .record: Self.recordName(name, type)
        // Canonical JSON as it is to stand there.
        case .map, .dyn, .personal: "[UInt8]"
        }
    }

    private func write(_ name: String, _ type: DeclaredType) -> [String] {
        switch type {
        case .string, .id, .oneOf, .duration: return ["writer.string(\(name))"]
        case .int, .money: return ["writer.int(\(name))"]
        case .double: return ["try? writer.double(\(name))"]
        case .bool: return ["writer.bool(\(name))"]
        case .timestamp: return ["writer.string(\(name).text)"]
        case .list(let element):
            return ["writer.beginArray()", "for element in \(name) {"]
                + write("element", element).map { "    " + $0 } + ["}", "writer.endArray()"]
        case .map(.string):
            return [
                "writer.beginObject()",
                "for (name, text) in \(name).sorted(by: { JCS.precedes($0.key, $1.key) }) {",
                "    writer.key(name)", "    writer.string(text)", "}", "writer.endObject()",
            ]
        case .record: return ["\(name).write(to: &writer)"]
        case .map, .dyn, .personal: return ["unsafe \(name).withUnsafeBytes { unsafe writer.raw($0) }"]
        }
    }
}
