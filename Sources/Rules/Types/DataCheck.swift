import AgentKit

/// Holds JSON data against a declared type.
package struct DataCheck {
    package enum Form: Sendable {
        /// As a producer sends it: personal fields readable, ids held to their pattern.
        case sent
        /// As the log holds it: personal fields sealed.
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

    /// Whether the data fits; allocates nothing where it is made of strings, numbers, lists and records.
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

    /// Whether an optional currency is there exactly where an amount is.
    func hasItsCurrency(_ view: View, _ schema: RecordSchema) -> Bool {
        guard schema.currency == .optional else { return true }
        return (view["currency"] != nil) == schema.amounts.contains { view.member($0) != nil }
    }

    private func isSealed(_ view: View) -> Bool {
        view.kind == .object && view.count == 2 && view["commitment"]?.kind == .string
            && view["sealed"]?.kind == .string
    }
}
