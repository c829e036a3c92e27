package import AgentKit

/// The rules to ask about entries of one type. Where the conditions of several ask whether one member is some text, that
/// member's text picks those that can hold; the others would stay silent.
package final class RuleDispatch {
    /// Every rule on the type, in the order of evaluation.
    package let all: [CompiledRule]
    private let type: String
    /// Worked out with the first entry, as it takes the rules compiled.
    private lazy var choice = Choice(all, on: type)

    init(_ rules: [CompiledRule], on type: String) {
        all = rules
        self.type = type
    }

    /// The rules that may not be silent on an entry, in the order of evaluation.
    package func rules(for event: Event) -> [CompiledRule] { choice.rules(for: event) ?? all }
}

/// The member that picks rules, and the rules by its texts.
private struct Choice {
    private let member: [UInt8]
    private let cases: [Case]
    /// The rules that can hold where the member is any other text.
    private let others: [CompiledRule]

    private struct Case {
        let text: [UInt8]
        let rules: [CompiledRule]
    }

    init(_ rules: [CompiledRule], on type: String) {
        let asked = rules.map { $0.guards.texts }
        let counts = Dictionary(asked.flatMap { Set($0.map(\.member)) }.map { ($0, 1) }, uniquingKeysWith: +)
        let best = counts.max { ($0.value, $1.key) < ($1.value, $0.key) }
        guard let best = best?.key else {
            member = []
            cases = []
            others = rules
            return
        }
        member = Array(best.utf8)
        func picked(_ text: [UInt8]?) -> [CompiledRule] {
            rules.filter { $0.guards.holds(type: type, member: best, text: text) != false }
        }
        var known: [[UInt8]] = []
        for text in asked.flatMap({ $0 }).filter({ $0.member == best }).flatMap(\.texts) where !known.contains(text) {
            known.append(text)
        }
        cases = known.map { Case(text: $0, rules: picked($0)) }
        others = picked(nil)
    }

    /// Nil where any of them may hold.
    func rules(for event: Event) -> [CompiledRule]? {
        guard !member.isEmpty else { return nil }
        let document = event.document
        guard let node = unsafe member.withUnsafeBytes({ unsafe document.member(of: event.data.node, utf8: $0) }),
            document.kind(of: node) == .string
        else { return nil }
        for index in cases.indices {
            let isCase = unsafe cases[index].text.withUnsafeBytes { unsafe document.isString(node, $0) }
            if isCase { return cases[index].rules }
        }
        return others
    }
}
