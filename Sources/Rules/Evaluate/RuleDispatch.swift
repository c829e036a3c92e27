package import AgentKit

/// The rules to ask about entries of one type. Where the conditions of several start with a comparison of the same
/// member with constants, that member's text picks those that can hold; the others would stay silent.
package struct RuleDispatch {
    /// Every rule on the type, in the order of evaluation.
    package let all: [CompiledRule]
    private let member: [UInt8]
    private let cases: [Case]
    /// The rules that can hold whatever the member is.
    private let unguarded: [CompiledRule]

    private struct Case {
        let text: [UInt8]
        let rules: [CompiledRule]
    }

    init(_ rules: [CompiledRule]) {
        all = rules
        let members = rules.flatMap { $0.guards.map(\.member) }
        let counts = Dictionary(members.map { ($0, 1) }, uniquingKeysWith: +)
        let best = counts.max { ($0.value, $1.key) < ($1.value, $0.key) }
        guard let best else {
            member = []
            cases = []
            unguarded = rules
            return
        }
        member = Array(best.key.utf8)
        func texts(_ rule: CompiledRule) -> [[UInt8]]? { rule.guards.first { $0.member == best.key }?.texts }
        var known: [[UInt8]] = []
        for text in rules.compactMap(texts).flatMap({ $0 }) where !known.contains(text) { known.append(text) }
        cases = known.map { text in
            Case(text: text, rules: rules.filter { texts($0)?.contains(text) ?? true })
        }
        unguarded = rules.filter { texts($0) == nil }
    }

    /// The rules that may not be silent on an entry, in the order of evaluation.
    package func rules(for event: Event) -> [CompiledRule] {
        guard !member.isEmpty else { return all }
        let document = event.document
        guard let node = unsafe member.withUnsafeBytes({ unsafe document.member(of: event.data.node, utf8: $0) }),
            document.kind(of: node) == .string
        else { return all }
        let known = cases.first { known in
            unsafe known.text.withUnsafeBytes { unsafe document.isString(node, $0) }
        }
        return known?.rules ?? unguarded
    }
}
