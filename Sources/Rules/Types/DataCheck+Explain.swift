package import AgentKit

extension DataCheck {
    /// Notes every place at which the data does not fit.
    package mutating func explain(_ view: View, _ type: DeclaredType, at pointer: String = "") {
        explain(view, type, nil, at: pointer)
    }

    private mutating func explain(_ view: View, _ type: DeclaredType, _ constraint: Constraint?, at pointer: String) {
        guard !fits(view, type, constraint) else { return }
        switch (type, view.kind) {
        case (.list(let element), .array):
            for (index, child) in view.children.enumerated() {
                explain(child, element, constraint, at: pointer + "/\(index)")
            }
        case (.map(let value), .object):
            for child in view.children { explain(child, value, at: pointer + "/" + Self.token(child.name ?? "")) }
        case (.record(let schema), .object): explain(view, schema, at: pointer)
        case (.personal(let inner), _) where form == .sent: explain(view, inner, at: pointer)
        case (.int, .int):
            note(pointer, view.int.flatMap { constraint?.problem($0) } ?? "is out of range")
        case (.int, .double): note(pointer, "must be an integer, is `\(view.double.map { "\($0)" } ?? "")`")
        case (.string, .string):
            note(pointer, "`\(shown(view))` is no id: 1 to 128 of the characters A-Z a-z 0-9 . _ @ : -")
        case (.oneOf(let values), .string):
            let hint = Spelling.hint(shown(view), among: values)
            note(pointer, "must be one of \(Self.listed(values)), is `\(shown(view))`\(hint)")
        case (.timestamp, .string):
            note(pointer, "`\(shown(view))` is no RFC 3339 timestamp with an offset")
        case (.duration, .string): note(pointer, "`\(shown(view))` is no duration in seconds like `21600s`")
        default: note(pointer, "must be \(type.described), is \(view.kind.described)")
        }
    }

    private mutating func explain(_ view: View, _ schema: RecordSchema, at pointer: String) {
        for child in view.children {
            let name = child.name ?? ""
            let place = pointer + "/" + Self.token(name)
            if let index = schema.index(of: name) {
                explain(child, schema.members[index].type, schema.members[index].constraint, at: place)
            } else {
                note(place, "unknown member `\(name)`\(Spelling.hint(name, among: schema.members.map(\.name)))")
            }
        }
        for index in schema.declaredOrder {
            let member = schema.members[index]
            guard !member.isOptional, view.member(member.name) == nil else { continue }
            note(pointer + "/" + Self.token(member.name), "missing member `\(member.name)`")
        }
    }

    private mutating func note(_ pointer: String, _ message: String) {
        guard violations.count < Self.violationsMax else { return }
        violations.append(Violation(pointer: pointer, message: message))
    }

    /// The violations one event's answer lists.
    package static let violationsMax = 32
    private static let shownCharactersMax = 64

    private func shown(_ view: View) -> String { String((view.string ?? "").prefix(Self.shownCharactersMax)) }

    private static func listed(_ values: [String]) -> String { values.map { "`\($0)`" }.joined(separator: ", ") }

    /// A name as RFC 6901 spells it in a pointer.
    static func token(_ name: String) -> String {
        guard name.utf8.contains(where: { $0 == 0x7E || $0 == 0x2F }) else { return name }
        var result = ""
        for scalar in name.unicodeScalars {
            switch scalar {
            case "~": result += "~0"
            case "/": result += "~1"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}

extension DeclaredType {
    fileprivate var described: String {
        switch self {
        case .string, .oneOf: "a string"
        case .int: "an integer"
        case .double: "a number"
        case .bool: "true or false"
        case .timestamp: "a timestamp"
        case .duration: "a duration"
        case .dyn: "a value"
        case .list: "a list"
        case .map, .record: "an object"
        case .personal: "a sealed field"
        }
    }
}

extension Kind {
    fileprivate var described: String {
        switch self {
        case .null: "null"
        case .bool: "true or false"
        case .int: "an integer"
        case .double: "a decimal number"
        case .string: "a string"
        case .array: "a list"
        case .object: "an object"
        }
    }
}
