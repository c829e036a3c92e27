package import AgentKit

/// The values behind the names that a rule's expressions read on one event.
package struct RuleValues {
    private typealias Path = RuleReads.Path

    private let rule: CompiledRule
    private let data: View
    private let variables: [String: Document]
    /// The texts of the expressions that were evaluated before the rule decided.
    private let evaluated: [String]
    private let hasActed: Bool

    /// - Parameter outcome: what the rule gave on the event.
    package init(_ rule: CompiledRule, on event: Event, _ outcome: RuleOutcome, _ trace: RuleTrace) {
        self.rule = rule
        data = event.data
        variables = Dictionary(
            trace.variables.compactMap { variable in
                variable.json.flatMap { try? Document(adopting: Array($0.utf8)) }.map { (variable.name, $0) }
            }, uniquingKeysWith: { first, _ in first })
        let variables = trace.variables + trace.tableInputs + trace.tableOutputs
        let conditions = trace.conjuncts + trace.refusals
        evaluated = variables.map(\.source) + conditions.map(\.source)
        if case .decided(let decisions) = outcome { hasActed = !decisions.isOtherwise } else { hasActed = false }
    }

    private var paths: [Path] {
        evaluated.flatMap(rule.reads.paths) + (hasActed ? rule.reads.acting : [])
    }

    /// The parameters that were read, by name, each once; of a table of parameters only the one that was asked for, where
    /// that is known.
    package var parameters: [RuleTrace.Variable] {
        var found: [String: RuleTrace.Variable] = [:]
        for path in paths where path.root == .parameters && path != .parameters {
            let resolved = resolved(path)
            guard let value = parameter(resolved) else { continue }
            found[resolved.text] = RuleTrace.Variable(name: resolved.text, json: value)
        }
        let whole = Set(found.keys)
        // Beside a whole table one of its members tells nothing new.
        let listed = found.filter { name, _ in !whole.contains { name.hasPrefix($0 + ".") } }
        return listed.values.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }

    /// The values that an expression of the rule reads, in the order of its text, as far as they were worked out; `null` of
    /// what the event or a record does not have.
    package func read(by expression: String) -> [RuleTrace.Variable] {
        rule.reads.paths(in: expression).compactMap { path in
            let resolved = resolved(path)
            if case .variable(let name) = resolved.root, variables[name] == nil { return nil }
            return RuleTrace.Variable(name: resolved.text, json: json(resolved) ?? "null")
        }
    }

    /// The members that were read of a variable's record; nil where all of it was.
    package func members(of variable: String) -> [String]? {
        var members: Set<String> = []
        for path in paths where path.root == .variable(variable) {
            guard let first = path.firstMember else { return nil }
            members.insert(first)
        }
        return members.isEmpty ? nil : members.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// The names, as explanations say them, of values that are basis points.
    package var shares: Set<String> {
        let paths = rule.reads.shares.paths { unit in value(.member(.parameters, unit))?.stringValue }
        return Set(paths.map { resolved($0).text })
    }

    // MARK: Values

    /// The path with members by name for those that a value names; cut before one whose value is not known.
    private func resolved(_ path: Path) -> Path {
        switch path {
        case .parameters, .data, .variable: return path
        case .member(let whole, let name):
            let known = resolved(whole)
            return known.length == whole.length ? .member(known, name) : known
        case .named(let whole, let key):
            let known = resolved(whole)
            guard known.length == whole.length, let text = json(resolved(key)),
                let name = try? Document(adopting: Array(text.utf8)).root.string
            else { return known }
            return .member(known, name)
        }
    }

    private func json(_ path: Path) -> String? {
        if path.root == .parameters { return parameter(path) }
        return view(path).map { view in
            unsafe view.withCanonicalBytes { unsafe String(decoding: $0, as: UTF8.self) }
        }
    }

    private func view(_ path: Path) -> View? {
        switch path {
        case .data: data
        case .variable(let name): variables[name]?.root
        case .member(let whole, let name): view(whole).flatMap { $0.kind == .object ? $0.member(name) : nil }
        case .parameters, .named: nil
        }
    }

    private func parameter(_ path: Path) -> String? {
        value(path).flatMap(CanonicalValue.told).map { String(decoding: $0, as: UTF8.self) }
    }

    private func value(_ path: Path) -> Value? {
        switch path {
        case .parameters: rule.plan?.parameters
        case .member(let whole, let name): value(whole)?.entry(.string(name))
        case .data, .variable, .named: nil
        }
    }
}

extension RuleReads.Path {
    fileprivate var root: Self {
        switch self {
        case .parameters, .data, .variable: self
        case .member(let whole, _), .named(let whole, _): whole.root
        }
    }

    fileprivate var length: Int {
        switch self {
        case .parameters, .data, .variable: 1
        case .member(let whole, _), .named(let whole, _): whole.length + 1
        }
    }

    /// The member that is selected first; nil where there is none or a value names it.
    fileprivate var firstMember: String? {
        switch self {
        case .member(let whole, let name): whole.length == 1 ? name : whole.firstMember
        case .named(let whole, _): whole.firstMember
        case .parameters, .data, .variable: nil
        }
    }

    /// `fine.sub` of the parameters, `purchase.amount`.
    fileprivate var text: String {
        switch self {
        case .parameters: "params"
        case .data: "data"
        case .variable(let name): name
        case .member(.parameters, let name), .member(.data, let name): name
        case .member(let whole, let name): whole.text + "." + name
        case .named(let whole, _): whole.text
        }
    }
}
