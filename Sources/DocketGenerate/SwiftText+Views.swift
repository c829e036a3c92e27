import Rules

extension SwiftText {
    /// The views of events' data and of shared records.
    func views(_ events: [Wanted.Event], _ records: [Wanted.Record]) -> String {
        header + events.filter { !$0.members.isEmpty }.map { "\n" + view($0) }.joined()
            + records.map { record in
                let name = Self.sharedName(record.name.dropFirst()) + "View"
                let lines = self.record(name, "A `\(record.name)`", record.members, indent: "")
                return "\n" + lines.joined(separator: "\n") + "\n"
            }.joined()
    }

    private func view(_ event: Wanted.Event) -> String {
        var lines = [
            "/// The data of `\(event.type.name)`, as far as it is read here.",
            "\(access)struct \(Self.typeName(event.type.name)): EventView {",
            "    \(access)static let type = \"\(event.type.name)\"",
            "    \(access)let data: View", "",
            "    \(access)init(_ data: View) { self.data = data }", "",
        ]
        for member in event.members {
            lines += property(
                member, document: "data.document", node: "Field.node(data, \"\(member.name)\")", indent: "    ")
        }
        for member in event.members where !member.members.isEmpty { lines += [""] + record(member, indent: "    ") }
        return (lines + ["}"]).joined(separator: "\n") + "\n"
    }

    private func record(_ member: Wanted.Member, indent: String) -> [String] {
        let what = member.type.isList ? "An element of" : member.type.isMap ? "A value of" : "The record"
        return record(
            Self.recordName(member.name, member.type), "\(what) `\(member.name)`", member.members, indent: indent)
    }

    private func record(_ name: String, _ what: String, _ members: [Wanted.Member], indent: String) -> [String] {
        var lines = [
            "\(indent)/// \(what).", "\(indent)\(access)struct \(name): RecordView {",
            "\(indent)    \(access)let document: Document",
        ]
        for inner in members {
            lines.append("\(indent)    \(access)private(set) var \(inner.name)Node: UInt32 = 0")
        }
        lines += [
            "", "\(indent)    \(access)init(_ document: Document, _ object: UInt32) {",
            "\(indent)        self.document = document",
            "\(indent)        guard object != 0, document.kind(of: object) == .object else { return }",
            "\(indent)        var node = object + 1", "\(indent)        let end = document.nodeAfter(object)",
            "\(indent)        while node < end {",
        ]
        lines += switched(members, indent: indent + "            ")
        lines += [
            "\(indent)            node = document.nodeAfter(node)", "\(indent)        }", "\(indent)    }", "",
        ]
        for inner in members {
            lines += property(inner, document: "document", node: inner.name + "Node", indent: indent + "    ")
        }
        for inner in members where !inner.members.isEmpty {
            lines += [""] + record(inner, indent: indent + "    ")
        }
        return lines + ["\(indent)}"]
    }

    /// The switch that notes the node of a member by its name; the name's length leaves few to compare.
    private func switched(_ members: [Wanted.Member], indent: String) -> [String] {
        var lines = ["\(indent)switch document.nameLength(of: node) {"]
        for length in Set(members.map(\.name.utf8.count)).sorted() {
            for member in members where member.name.utf8.count == length {
                lines.append(
                    "\(indent)case \(length) where document.isNamed(node, \"\(member.name)\"): \(member.name)Node = node"
                )
            }
        }
        return lines + ["\(indent)default: break", "\(indent)}"]
    }

    private func property(_ member: Wanted.Member, document: String, node: String, indent: String) -> [String] {
        let (type, reader) = swift(member)
        let head = "\(indent)\(access)var \(Self.escaped(member.name)): \(type) {"
        let body = reader.replacing("$", with: "\(document), \(node)")
        let one = head + " " + body + " }"
        return one.count <= 120 ? [one] : [head, "\(indent)    " + body, indent + "}"]
    }

    /// The type of a member in Swift and the call that reads it, with `$` for its location.
    private func swift(_ member: Wanted.Member) -> (type: String, reader: String) {
        func optional(_ type: String, _ reader: String) -> (String, String) {
            member.isOptional ? (type + "?", "Field.\(reader)IfAny($)") : (type, "Field.\(reader)($)")
        }
        if member.isMap { return ("View?", "Field.view($)") }
        let record = Self.recordName(member.name, member.type)
        switch member.type {
        case .string, .id, .oneOf, .duration: return optional("String", "text")
        case .int, .money: return optional("Int64", "integer")
        case .bool: return optional("Bool", "flag")
        case .timestamp: return optional("Instant", "moment")
        case .map(.record): return ("RecordMap<\(record)>", "RecordMap($)")
        case .double, .dyn, .personal, .map: return ("View?", "Field.view($)")
        case .list(.record): return ("RecordList<\(record)>", "RecordList($)")
        case .list: return ("[String]", "Field.texts($)")
        case .record: return (record, "\(record)($)")
        }
    }
}
