package import AgentKit
import CEL

/// Values as sentences say them.
package enum SentenceText {
    /// Returns true if a sentence can hold a value of the type.
    static func says(_ type: CELType) -> Bool {
        switch type {
        case .string, .int, .double, .bool, .timestamp, .duration, .money, .dyn: true
        case .optional(let inner), .list(let inner): says(inner)
        default: false
        }
    }

    /// A member of an entry's data; what is sealed is said to be, and what was erased.
    static func value(_ member: View, _ type: DeclaredType, _ host: JSONHost, isErased: Bool) -> Value {
        switch type {
        case .personal: .string(isErased || member["erased"]?.bool == true ? "(erased)" : member.string ?? "(sealed)")
        case .timestamp:
            member.string.flatMap { Instant(rfc3339: $0) }.flatMap { Timestamp(milliseconds: $0.milliseconds) }.map {
                .timestamp($0)
            } ?? .null
        case .duration:
            member.string.flatMap { SecondsText.nanoseconds($0) }.map { .duration(Duration(nanos: $0)) } ?? .null
        case .double: member.double.map { .double($0) } ?? .null
        case let type where type.holdsAmounts: host.value(member).amounts(of: host, member.node)
        // A function sees the elements, and not how they are declared.
        case .list(let element) where element.isRecordedOtherwise && member.kind == .array:
            .list(member.children.map { value($0, element, host, isErased: isErased) })
        default: host.value(member)
        }
    }

    /// A value in words: nothing for an error and for what is absent.
    static func shown(_ recorded: Value, as form: SentenceForm, _ context: SentenceContext) -> String {
        let value = form.value(recorded)
        if let text = value.stringValue {
            if case .code = form { return words(text) }
            return text
        }
        switch value {
        case .bool(let flag): return flag ? "true" : "false"
        case .int(let number): return String(number)
        case .double(let number): return "\(number)"
        case .timestamp(let time):
            return context.calendar.said(Instant(milliseconds: time.milliseconds), present: context.recorded)
        case .duration(let length): return said(nanoseconds: length.nanos)
        case .money(let money): return context.currencies.said(money)
        case .optional(let optional): return optional.value.map { shown($0, as: form, context) } ?? ""
        default: break
        }
        guard let count = value.listCount else { return "" }
        return list((0..<count).map { shown(value.element($0), as: form.element, context) })
    }

    /// Basis points as a percentage, `2.00 %`.
    package static func percentage(_ basisPoints: Int64) -> String {
        let hundredths = String(basisPoints.magnitude % 100)
        return (basisPoints < 0 ? "-" : "") + "\(basisPoints.magnitude / 100)."
            + (hundredths.utf8.count < 2 ? "0" : "") + hundredths + " %"
    }

    /// `a`, `a and b`, `a, b and c`.
    package static func list(_ texts: [String]) -> String {
        guard texts.count > 1, let last = texts.last else { return texts.first ?? "" }
        return texts.dropLast().joined(separator: ", ") + " and " + last
    }

    /// `delivery_delay` as `delivery delay`, `escrow.hold` as `escrow hold`; some codes are no plain words.
    package static func words(_ code: String) -> String {
        codes[code] ?? String(code.map { $0 == "_" || $0 == "." ? " " : $0 })
    }

    private static let codes: [String: String] = [
        "exceeds_credits": "not enough money in the account", "exceeds_debits": "more than was paid in",
        "no_such_key": "something it needs does not exist", "invalid_argument": "a value it cannot use",
    ]

    /// `1st`, `2nd`, `3rd`, `4th`, `11th`.
    package static func ordinal(_ number: Int64) -> String {
        let isTeen = (11...13).contains(number.magnitude % 100)
        let ending =
            switch number.magnitude % 10 {
            case 1 where !isTeen: "st"
            case 2 where !isTeen: "nd"
            case 3 where !isTeen: "rd"
            default: "th"
            }
        return "\(number)\(ending)"
    }

    /// `1 report`, `3 reports`, `2 replies`.
    package static func plural(_ number: Int64, _ one: String, _ many: String? = nil) -> String {
        "\(number) " + (number.magnitude == 1 ? one : many ?? one + "s")
    }

    /// In the largest unit that gives a whole number: `90 minutes`, `14 days`, `0.5 seconds`.
    package static func said(nanoseconds: Int64) -> String {
        let units: [(name: String, size: Int64)] = [
            ("day", 86_400_000_000_000), ("hour", 3_600_000_000_000), ("minute", 60_000_000_000),
            ("second", 1_000_000_000),
        ]
        for unit in units where nanoseconds != 0 && nanoseconds % unit.size == 0 {
            return plural(nanoseconds / unit.size, unit.name)
        }
        return String(SecondsText.text(nanoseconds: nanoseconds).dropLast()) + " seconds"
    }
}

extension Calendar {
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// `16 Feb 21:00` in the calendar's zone, and `16 Feb 2024 21:00` in another year than that of `present` or where
    /// that is not known.
    package func said(_ instant: Instant, present: Instant?) -> String {
        // `2024-02-16T21:00:00+05:00`
        let text = Array(self.text(instant).utf8)
        func piece(_ range: Range<Int>) -> String { String(decoding: text[range], as: UTF8.self) }
        let month = Self.months[max(0, min(11, (Int(piece(5..<7)) ?? 1) - 1))]
        let year = piece(0..<4)
        let isThisYear = present.map { self.text($0).utf8.prefix(4).elementsEqual(year.utf8) } ?? false
        return piece(8..<10) + " " + month + (isThisYear ? " " : " " + year + " ") + piece(11..<16)
    }
}

extension DeclaredType {
    /// Indicates that a value of it is recorded as something else: a time as a text, `3.0` as `3`.
    fileprivate var isRecordedOtherwise: Bool {
        switch self {
        case .timestamp, .duration, .double: true
        case .list(let element): element.isRecordedOtherwise
        default: false
        }
    }
}

/// The form in which a value is said, as far as its type tells and not the value: recorded times, lengths and codes are
/// texts.
indirect enum SentenceForm: Sendable {
    case plain
    /// A text of an enum.
    case code
    case time
    case length
    case decimal
    case list(SentenceForm)

    init(_ type: CELType) {
        switch type {
        case .timestamp: self = .time
        case .duration: self = .length
        case .double: self = .decimal
        case .list(let element): self = .list(SentenceForm(element))
        case .optional(let content): self = SentenceForm(content)
        default: self = .plain
        }
    }

    init(_ type: DeclaredType) {
        switch type {
        case .oneOf: self = .code
        case .timestamp: self = .time
        case .duration: self = .length
        case .double: self = .decimal
        case .list(let element): self = .list(SentenceForm(element))
        default: self = .plain
        }
    }

    /// The form of a list's elements.
    var element: SentenceForm {
        if case .list(let element) = self { return element }
        return .plain
    }

    /// A value as the form has it: what was recorded as a text or as a whole number may be more than that.
    func value(_ recorded: Value) -> Value {
        switch (self, recorded) {
        case (.decimal, .int(let number)): return .double(Double(number))
        case (.time, _):
            guard let text = recorded.stringValue, let time = Instant(rfc3339: text) else { return recorded }
            return Timestamp(milliseconds: time.milliseconds).map { .timestamp($0) } ?? recorded
        case (.length, _):
            guard let text = recorded.stringValue, let nanoseconds = SecondsText.nanoseconds(text) else {
                return recorded
            }
            return .duration(Duration(nanos: nanoseconds))
        default: return recorded
        }
    }
}

extension SentenceForm {
    /// The form of an expression: that of the member it is, or of an element or a part of one, else that of its type.
    /// - Parameter members: the types of what has a name in it.
    init(_ view: SyntaxView, _ type: CELType, members: (String) -> DeclaredType?) {
        self = Self.declared(view, members).map(SentenceForm.init) ?? SentenceForm(type)
    }

    private static func declared(_ view: SyntaxView, _ members: (String) -> DeclaredType?) -> DeclaredType? {
        switch view.form {
        case .variable(let name): return members(name)
        case .member(let operand, let name):
            switch declared(operand, members) {
            case .record(let schema): return schema.type(of: name)
            case .map(let value): return value
            default: return nil
            }
        case .element(let container, _):
            switch declared(container, members) {
            case .list(let element): return element
            case .map(let value): return value
            default: return nil
            }
        case .call("orValue", let arguments): return arguments.first.flatMap { declared($0, members) }
        case .conditional(_, let first, let second):
            guard let one = declared(first, members), let two = declared(second, members) else { return nil }
            if case (.oneOf, .oneOf) = (one, two) { return one }
            return one == two ? one : nil
        default: return nil
        }
    }
}
