import AgentKit

/// Reads one cell of a decision table: a literal of the input's type or, for numbers, `>= 5`, `< 5`, `5..9`.
enum CellTest {
    /// Nil after noting in the file what is wrong.
    static func read(_ node: YamlNode, as type: CELType, in file: SourceFile) -> TablePlan.Test? {
        switch (type, node.scalar) {
        case (.string, .string(let text)): return .equals(.string(text))
        case (.string, let scalar?):
            guard let text = node.text, scalar != .null else { break }
            return .equals(.string(text))
        case (.bool, .bool(let value)): return .equals(.bool(value))
        case (.int, .int(let value)): return .equals(.int(value))
        case (.double, .int(let value)): return .equals(.double(Double(value)))
        case (.double, .double(let value)): return .equals(.double(value))
        case (.int, .string(let text)), (.double, .string(let text)):
            if let test = range(text) { return test }
        case (.dyn, .string(let text)): return .equals(.string(text))
        case (.dyn, .bool(let value)): return .equals(.bool(value))
        case (.dyn, .int(let value)): return .equals(.int(value))
        default: break
        }
        let what = type == .money ? "money: make `.minorUnits` the input" : "a \(TypeText.describe(type))"
        file.error(node.place, "\(node.described) is not a condition on \(what)")
        return nil
    }

    private static func range(_ text: String) -> TablePlan.Test? {
        if let bound = bound(text, after: ">=") { return test(lower: bound, true, upper: nil, false) }
        if let bound = bound(text, after: "<=") { return test(lower: nil, false, upper: bound, true) }
        if let bound = bound(text, after: ">") { return test(lower: bound, false, upper: nil, false) }
        if let bound = bound(text, after: "<") { return test(lower: nil, false, upper: bound, false) }
        let bytes = Array(text.utf8)
        guard let dots = bytes.indices.dropLast().first(where: { bytes[$0] == 0x2E && bytes[$0 + 1] == 0x2E }),
            let lower = number(String(decoding: bytes[..<dots], as: UTF8.self)),
            let upper = number(String(decoding: bytes[(dots + 2)...], as: UTF8.self)), lower <= upper
        else { return nil }
        return test(lower: lower, true, upper: upper, true)
    }

    private static func test(lower: Double?, _ low: Bool, upper: Double?, _ high: Bool) -> TablePlan.Test {
        .range(lower: lower, lowerIsIncluded: low, upper: upper, upperIsIncluded: high)
    }

    private static func bound(_ text: String, after sign: String) -> Double? {
        text.hasPrefix(sign) ? number(String(text.dropFirst(sign.count))) : nil
    }

    private static func number(_ text: String) -> Double? {
        var digits = text[...]
        while digits.first == " " { digits = digits.dropFirst() }
        while digits.last == " " { digits = digits.dropLast() }
        switch YamlScalar(plain: String(digits)) {
        case .int(let value) where value.magnitude <= Limits.integerMagnitudeMax.magnitude: return Double(value)
        case .double(let value) where value.isFinite: return value
        default: return nil
        }
    }
}

extension TablePlan.Test {
    /// Whether an input's value passes.
    func holds(_ value: Value) -> Bool {
        switch (self, value) {
        case (.equals(.string(let wanted)), _):
            return value.stringValue.map { $0.utf8.elementsEqual(wanted.utf8) } ?? false
        case (.equals(.bool(let wanted)), .bool(let found)): return wanted == found
        case (.equals(.int(let wanted)), .int(let found)): return wanted == found
        case (.equals(.double(let wanted)), .double(let found)): return wanted == found
        case (.range(let lower, let low, let upper, let high), .int(let found)):
            return Self.isWithin(Double(found), lower, low, upper, high)
        case (.range(let lower, let low, let upper, let high), .double(let found)):
            return Self.isWithin(found, lower, low, upper, high)
        default: return false
        }
    }

    private static func isWithin(_ value: Double, _ lower: Double?, _ low: Bool, _ upper: Double?, _ high: Bool) -> Bool
    {
        if let lower, !(low ? value >= lower : value > lower) { return false }
        if let upper, !(high ? value <= upper : value < upper) { return false }
        return true
    }
}
