package import AgentKit

/// Checks JSON data against a declared type.
package struct DataCheck {
    package enum Form: Sendable {
        /// The form in which a producer sends it: personal fields readable, ids held to their pattern.
        case sent
        /// The form in which the log holds it: personal fields sealed.
        case recorded
    }

    /// The violations one event's answer lists.
    package static let violationsMax = 32

    let form: Form
    /// The search for violations ends with that many.
    let countMax: Int
    package internal(set) var violations: [Violation] = []
    package internal(set) var hints: SpellingHints

    package init(_ form: Form, atMost countMax: Int = violationsMax, hints: SpellingHints = SpellingHints()) {
        self.form = form
        self.countMax = countMax
        self.hints = hints
    }

    /// Returns true if the data fits; allocates nothing where it is made of strings, numbers, lists and records.
    func fits(_ view: View, _ type: DeclaredType, _ constraint: Constraint? = nil) -> Bool {
        switch type {
        case .string: return view.kind == .string
        case .id:
            guard view.kind == .string else { return false }
            guard form == .sent else { return true }
            return unsafe view.withText(Constraint.isIdentifier)
        case .int, .money:
            guard let value = view.int else { return false }
            return constraint?.problem(value) == nil
        case .double: return view.kind == .int || view.kind == .double
        case .bool: return view.kind == .bool
        case .timestamp: return view.string.flatMap { Instant(rfc3339: $0) } != nil
        case .duration: return view.string.flatMap { SecondsText.nanoseconds($0) } != nil
        case .dyn: return true
        case .oneOf(let values): return view.kind == .string && values.contains { view.equals($0) }
        case .list(let element):
            guard view.kind == .array else { return false }
            for child in view.children where !fits(child, element, constraint) { return false }
            return true
        case .map(let value):
            guard view.kind == .object else { return false }
            for child in view.children where !fits(child, value) { return false }
            return true
        case .record(let schema): return fits(view, schema)
        case .personal(let type): return form == .sent ? fits(view, type) : isSealed(view)
        }
    }

    private func fits(_ view: View, _ schema: RecordSchema) -> Bool {
        guard view.kind == .object else { return false }
        var found = 0
        for member in schema.members {
            let child = unsafe member.utf8.withUnsafeBytes { unsafe view.member(utf8: $0) }
            if let child {
                guard fits(child, member.type, member.constraint) else { return false }
                found += 1
            } else if !member.isOptional {
                return false
            }
        }
        return found == view.count && hasItsCurrency(view, schema)
    }

    /// Returns true if an optional currency is there exactly where an amount is.
    func hasItsCurrency(_ view: View, _ schema: RecordSchema) -> Bool {
        guard schema.currency == .optional else { return true }
        return (view["currency"] != nil) == schema.amounts.contains { view.member($0) != nil }
    }

    private func isSealed(_ view: View) -> Bool {
        view.kind == .object && view.count == 2 && view["commitment"]?.kind == .string
            && view["sealed"]?.kind == .string
    }
}

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

/// A constraint that a member's type or name puts on its value.
enum Constraint: Hashable, Sendable {
    /// Money or a stock: 0 or more.
    case notNegative
    /// A quantity: 1 or more.
    case positive

    static let identifierBytesMax = 128
    /// The pattern of an id, as a regular expression.
    static let identifierPattern = "^[A-Za-z0-9._:-]{1,128}$"

    init?(name: String, type: DeclaredType) {
        switch (name, type) {
        case (_, let type) where type.holdsAmounts: self = .notNegative
        case ("stock", .int), ("refundAmount", .int): self = .notNegative
        case ("quantity", .int): self = .positive
        default: return nil
        }
    }

    /// The problem with an integer; nil where there is none.
    func problem(_ value: Int64) -> String? {
        switch self {
        case .notNegative: value >= 0 ? nil : "`\(value)` is less than 0"
        case .positive: value >= 1 ? nil : "`\(value)` is less than 1"
        }
    }

    /// Returns true if the bytes spell an id.
    @unsafe static func isIdentifier(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard bytes.count >= 1, bytes.count <= identifierBytesMax else { return false }
        return unsafe bytes.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2E, 0x5F, 0x3A, 0x2D: true
            default: false
            }
        }
    }
}

/// One way in which data does not fit its declared type.
package struct Violation: Sendable, Hashable {
    /// RFC 6901, from the data.
    package let pointer: String
    /// Lower case, no full stop, input in backticks.
    package let message: String

    package init(pointer: String, message: String) {
        self.pointer = pointer
        self.message = message
    }
}

extension Violation: CustomStringConvertible {
    package var description: String { pointer.isEmpty ? message : "\(pointer): \(message)" }
}
