import Rules

extension SwiftText {
    /// The encoders of events and shared records, with the members in the order of RFC 8785; they are internal to the
    /// module.
    func encoders(_ wanted: Wanted) -> String {
        header(access: "") + wanted.emits.map { "\n" + encoder($0) }.joined()
            + wanted.records.map { "\n" + encoder($0, wanted.lines) }.joined()
    }

    /// The encoder of a shared record, `event.posted` of `_posted`.
    private func encoder(_ record: RecordSchema, _ lines: Set<String>) -> String {
        let name = String(record.name.split(separator: ".").last ?? "")
        let names = record.members.map { "\"\($0.name)\"" }.joined(separator: ", ")
        var text = [
            "/// A `_\(name)` to record.", "struct \(Self.sharedName(name))Record {",
            "    static let members = [", "        \(names),", "    ]", "",
        ]
        text += members(record, indent: "    ") + ["}"]
        if lines.contains("_" + name), let plain = plainLine(record, Self.sharedName(name)) { text += [""] + plain }
        return text.joined(separator: "\n") + "\n"
    }

    /// A function that writes a record without its optional members at once; nil where one of the others is not a text,
    /// an integer or an amount.
    private func plainLine(_ record: RecordSchema, _ name: String) -> [String]? {
        let members = record.members.filter { !$0.isOptional }
        guard members.allSatisfy({ $0.type.isText || $0.type == .int || $0.type == .money }) else { return nil }
        var pieces: [String] = []
        var before = "{"
        for member in members {
            pieces.append(before + "\"\(member.name)\":" + (member.type.isText ? "\"" : ""))
            before = member.type.isText ? "\"," : ","
        }
        pieces.append(before.dropLast() + "}")
        let texts = members.filter(\.type.isText)
        let integers = members.count - texts.count
        func literal(_ piece: String) -> String { "\"" + piece.replacing("\"", with: "\\\"") + "\"" }
        func values(_ member: RecordSchema.Member) -> String {
            Self.escaped(member.name) + ": " + (member.type.isText ? "some LineText" : "Int64")
        }
        var lines = ["extension \(Self.sharedName(name))Record {"]
        lines.append("    /// The bytes of a plain line at most, those of its texts left out.")
        lines.append("    static let plainBytesMax = \(pieces.map(\.utf8.count).reduce(0, +)) + \(integers) * 20")
        lines.append("")
        lines.append(
            "    /// Lays out a record without its optional members, whose texts hold nothing that JSON escapes.")
        lines.append("    static func put(")
        lines.append(contentsOf: members.map { "        \(values($0))," })
        lines.append("        into line: inout ByteLine")
        lines.append("    ) {")
        for (piece, member) in zip(pieces, members) {
            lines.append("        line.put(fixed: \(literal(piece)))")
            let name = Self.escaped(member.name)
            lines.append(member.type.isText ? "        \(name).put(into: &line)" : "        line.put(\(name))")
        }
        lines.append("        line.put(fixed: \(literal(pieces[pieces.count - 1])))")
        return lines + ["    }", "}"]
    }

    private func encoder(_ type: EventType) -> String {
        let lines =
            [
                "/// The data of a `\(type.name)` to record.",
                "struct \(Self.typeName(type.name))Data: EventData {",
                "    static let type = \"\(type.name)\"",
            ] + members(type.schema, indent: "    ") + ["}"]
        return lines.joined(separator: "\n") + "\n"
    }

    private func members(_ schema: RecordSchema, indent: String) -> [String] {
        var lines: [String] = []
        for member in schema.members {
            let type = swiftType(member.name, member.type)
            lines.append(
                "\(indent)var \(Self.escaped(member.name)): " + type + (member.isOptional ? "?" : ""))
        }
        lines += ["", "\(indent)func write(to writer: inout CanonicalWriter) {"]
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
            lines += ["", "\(indent)/// An element of `\(member.name)`.", "\(indent)struct \(name) {"]
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
        // Canonical JSON, written as it is.
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
