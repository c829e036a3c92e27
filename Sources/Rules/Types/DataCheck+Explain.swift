package import AgentKit

extension DataCheck {
    /// Notes the places at which the data does not fit, as many as are wanted.
    package mutating func explain(_ view: View, _ type: DeclaredType, at pointer: String = "") {
        explain(view, type, nil, at: pointer)
    }

    private mutating func explain(_ view: View, _ type: DeclaredType, _ constraint: Constraint?, at pointer: String) {
        guard !isDone, !fits(view, type, constraint) else { return }
        switch (type, view.kind) {
        case (.list(let element), .array):
            for (index, child) in view.children.enumerated() where !isDone {
                explain(child, element, constraint, at: pointer + "/\(index)")
            }
        case (.map(let value), .object):
            for child in view.children where !isDone { explain(child, value, at: Self.place(child, in: pointer)) }
        case (.record(let schema), .object): explain(view, schema, at: pointer)
        case (.personal(let inner), _) where form == .sent: explain(view, inner, at: pointer)
        case (.int, .int), (.money, .int):
            note(pointer, view.int.flatMap { constraint?.problem($0) } ?? "is out of range")
        case (.int, .double), (.money, .double):
            note(pointer, "must be an integer, is `\(view.double.map { "\($0)" } ?? "")`")
        case (.id, .string):
            note(pointer, "`\(shown(view))` is not a valid id: 1 to 128 of the characters A-Z a-z 0-9 . _ : -")
        case (.oneOf(let values), .string):
            let hint = hints.hint(view.string ?? "", among: values)
            note(pointer, "must be one of \(Self.listed(values)), is `\(shown(view))`\(hint)")
        case (.timestamp, .string):
            note(pointer, "`\(shown(view))` is not an RFC 3339 timestamp with an offset")
        case (.duration, .string): note(pointer, "`\(shown(view))` is not a duration in seconds like `21600s`")
        default: note(pointer, "must be \(type.described), is \(view.kind.described)")
        }
    }

    private mutating func explain(_ view: View, _ schema: RecordSchema, at pointer: String) {
        for child in view.children {
            guard !isDone else { return }
            let name = child.name ?? ""
            let place = Self.place(child, in: pointer)
            if let index = schema.index(of: name) {
                explain(child, schema.members[index].type, schema.members[index].constraint, at: place)
            } else {
                let hint = hints.hint(name, among: schema.members.lazy.map(\.name))
                note(place, "unknown member `\(Self.shown(name))`\(hint)")
            }
        }
        for index in schema.declaredOrder {
            let member = schema.members[index]
            guard !member.isOptional, view.member(member.name) == nil else { continue }
            note(pointer + "/" + Self.token(member.name), "missing member `\(member.name)`")
        }
        guard !hasItsCurrency(view, schema) else { return }
        let present = schema.amounts.first { view.member($0) != nil }
        note(
            pointer + "/currency",
            present.map { "missing member `currency`, in which `\($0)` is" }
                ?? "there is no amount in this currency: \(Self.listed(schema.amounts))")
    }

    private var isDone: Bool { violations.count >= countMax }

    private mutating func note(_ pointer: String, _ message: String) {
        guard !isDone else { return }
        violations.append(Violation(pointer: pointer, message: message))
    }

    private static let shownCharactersMax = 64

    private func shown(_ view: View) -> String { Self.shown(view.string ?? "") }

    private static func shown(_ text: String) -> String { String(text.prefix(shownCharactersMax)) }

    /// The pointer to a member; to the object where the name is too long to be repeated.
    private static func place(_ member: View, in pointer: String) -> String {
        let name = member.name ?? ""
        return name.utf8.count <= namePointedBytesMax ? pointer + "/" + token(name) : pointer
    }

    private static let namePointedBytesMax = 1024

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
        case .string, .id, .oneOf: "a string"
        case .int, .money: "an integer"
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
