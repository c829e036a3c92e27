import AgentKit

/// A text that people read, with values in it. It never fails: what cannot be computed is left out.
struct TextPlan {
    enum Segment {
        case literal(String)
        case value(Program)
    }

    let segments: [Segment]
    /// The currencies in which amounts are formatted.
    let currencies: Currencies

    /// The number of values in it.
    var valueCount: Int { segments.count { if case .value = $0 { true } else { false } } }

    /// Bytes of a reason at most (log format, version 1).
    static let bytesMax = 1024

    /// The text, with each value evaluated by `evaluate`.
    func text(_ evaluate: (Program) -> Value) -> String {
        var text = ""
        for segment in segments {
            switch segment {
            case .literal(let literal): text += literal
            case .value(let program): text += shown(evaluate(program), as: SentenceForm(program.resultType))
            }
        }
        return Self.fitted(text)
    }

    /// The text; nil where a value in it is absent, fails, or leaves its end empty.
    func wholeText(_ evaluate: (Program) -> Value) -> String? {
        var isWhole = true
        let text = text { program in
            let value = evaluate(program)
            switch value {
            case .error, .null: isWhole = false
            case .optional(let optional): if optional.value == nil { isWhole = false }
            default: break
            }
            return value
        }
        return isWhole && text.last != " " ? text : nil
    }

    /// Returns true if a text can hold a value of the type.
    static func says(_ type: CELType) -> Bool {
        switch type {
        case .string, .int, .uint, .double, .bool, .timestamp, .duration, .money, .dyn: true
        case .optional(let inner), .list(let inner): says(inner)
        default: false
        }
    }

    /// A value as it is said: texts as they stand, an absent optional and an error as nothing, money with its currency,
    /// a duration in the largest unit that gives a whole number.
    private func shown(_ recorded: Value, as form: SentenceForm = .plain) -> String {
        let value = form.value(recorded)
        if let text = value.stringValue { return text }
        switch value {
        case .null: return ""
        case .bool(let flag): return flag ? "true" : "false"
        case .int(let number): return String(number)
        case .uint(let number): return String(number)
        case .duration(let duration): return SentenceText.said(nanoseconds: duration.nanos)
        case .money(let money): return currencies.said(money)
        case .timestamp(let time): return Instant(milliseconds: time.milliseconds).text
        case .optional(let optional): return optional.value.map { shown($0, as: form) } ?? ""
        default: break
        }
        guard let count = value.listCount else {
            return CanonicalValue.bytes(of: value).map { String(decoding: $0, as: UTF8.self) } ?? ""
        }
        return (0..<count).map { shown(value.element($0), as: form.element) }.joined(separator: ", ")
    }

    /// The text cut to what an entry holds: after the last `. `, `; ` or `, ` that leaves room for the mark, else at a
    /// character.
    static func fitted(_ text: String) -> String {
        let bytes = Array(text.utf8)
        guard bytes.count > bytesMax else { return text }
        let mark = "…"
        let room = bytesMax - mark.utf8.count
        for index in stride(from: room - 2, through: 1, by: -1) where bytes[index + 1] == UInt8(ascii: " ") {
            switch bytes[index] {
            case UInt8(ascii: "."), UInt8(ascii: ";"), UInt8(ascii: ","):
                return String(decoding: bytes[...(index + 1)], as: UTF8.self) + mark
            default: continue
            }
        }
        var left = room
        let whole = text.prefix { character in
            left -= character.utf8.count
            return left >= 0
        }
        guard whole.isEmpty else { return whole + mark }
        // One character of more bytes, of marks upon marks.
        left = room
        return String(
            text.unicodeScalars.prefix { scalar in
                left -= UTF8.width(scalar)
                return left >= 0
            }) + mark
    }
}
