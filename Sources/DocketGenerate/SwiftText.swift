import Rules

/// Generator of a module's Swift source.
struct SwiftText {
    let module: String
    /// Access modifier of the declarations: modules that are not agents keep theirs internal.
    let access: String

    init(_ module: String) {
        self.module = module
        access = ["Audit", "Engine", "Rules"].contains(module) ? "" : "package "
    }

    var header: String { header(access: access) }

    func header(access: String) -> String {
        """
        // Written by `tools/generate` from the declarations of event types and `folds.yaml`; change those.
        \(access)import AgentKit

        """
    }

    /// `OrderAccepted` of `order.accepted`.
    static func typeName(_ type: String) -> String {
        type.split { $0 == "." || $0 == "_" }.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    }

    /// `orderAccepted` of `order.accepted`.
    static func caseName(_ type: String) -> String {
        let name = typeName(type)
        return name.prefix(1).lowercased() + name.dropFirst()
    }

    /// The name of the record that a member is, or that its elements or values are.
    static func recordName(_ member: String, _ type: DeclaredType) -> String {
        let name = member.prefix(1).uppercased() + member.dropFirst()
        let one = (type.isList || type.isMap) && name.hasSuffix("s") ? String(name.dropLast()) : name
        return ["Document", "View"].contains(one) ? one + "Record" : one
    }

    /// `Transfer` of the record `_transfer`, given without the underscore.
    static func sharedName(_ name: some StringProtocol) -> String { name.prefix(1).uppercased() + name.dropFirst() }

    /// A member's name, in backticks where it is a keyword of Swift.
    static func escaped(_ name: String) -> String {
        ["in", "is", "as", "for", "where", "default", "case"].contains(name) ? "`" + name + "`" : name
    }
}

// MARK: Folds

extension SwiftText {
    /// The enum of the events that the reducer folds.
    func fold(_ events: [Wanted.Event], _ others: [Wanted.Event]) -> String {
        let name = module == "Engine" ? "EngineFold" : "Fold"
        let indent = module == "Engine" ? "" : "    "
        var lines = [header]
        if !indent.isEmpty { lines.append("extension \(module) {") }
        lines.append("\(indent)/// The events that the reducer folds.")
        lines.append("\(indent)\(access)enum \(name): EventFold {")
        for event in events {
            let payload = event.members.isEmpty ? "" : "(\(Self.typeName(event.type.name)))"
            lines.append("\(indent)    case \(Self.caseName(event.type.name))\(payload)")
        }
        lines.append("")
        lines.append("\(indent)    \(access)init(_ number: Int, _ data: View) {")
        lines.append("\(indent)        switch number {")
        for (number, event) in events.enumerated() {
            let type = Self.typeName(event.type.name)
            let payload = event.members.isEmpty ? "" : "(\(type)(data))"
            lines.append("\(indent)        case \(number): self = .\(Self.caseName(event.type.name))\(payload)")
        }
        lines.append("\(indent)        default: preconditionFailure(\"no fold of number \\(number)\")")
        lines += ["\(indent)        }", "\(indent)    }", ""]
        lines.append("\(indent)    \(access)static let readings: [EventReading] = [")
        lines += readings(events, indent + "        ")
        lines.append("\(indent)    ]")
        if !others.isEmpty {
            lines += ["", "\(indent)    \(access)static let otherReadings: [EventReading] = ["]
            lines += readings(others, indent + "        ")
            lines.append("\(indent)    ]")
        }
        lines.append("\(indent)}")
        if !indent.isEmpty { lines.append("}") }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The readings, with commas between them and after the last of several.
    private func readings(_ events: [Wanted.Event], _ indent: String) -> [String] {
        var lines = events.flatMap { reading($0, indent) }
        if events.count == 1, let last = lines.popLast() { lines.append(String(last.dropLast())) }
        return lines
    }

    private func reading(_ event: Wanted.Event, _ indent: String) -> [String] {
        let members = event.members.flatMap { readings($0, path: "") }
        guard !members.isEmpty else { return ["\(indent)EventReading(\"\(event.type.name)\", []),"] }
        let one = "\(indent)EventReading(\"\(event.type.name)\", [\(members.joined(separator: ", "))]),"
        guard one.count > 119 else { return [one] }
        return ["\(indent)EventReading(", "\(indent)    \"\(event.type.name)\",", "\(indent)    ["]
            + members.map { "\(indent)        \($0)," } + ["\(indent)    ]),"]
    }

    private func readings(_ member: Wanted.Member, path: String) -> [String] {
        let own = path + member.name
        let optional = member.isOptional ? ", isOptional: true" : ""
        let inner = own + (member.type.isList || member.type.isMap ? "[]." : ".")
        return [".init(\"\(own)\", .\(form(member))\(optional))"] + member.members.flatMap { readings($0, path: inner) }
    }

    private func form(_ member: Wanted.Member) -> String {
        if member.isMap { return "map" }
        switch member.type {
        case .string, .id, .oneOf: return "text"
        case .int, .money: return "integer"
        case .double: return "decimal"
        case .bool: return "flag"
        case .timestamp: return "moment"
        case .duration: return "length"
        case .dyn, .personal: return "any"
        case .list(.record): return "records"
        case .list: return "texts"
        case .map: return "map"
        case .record: return "record"
        }
    }
}
