import CEL

/// The names by which a rule reads basis points, found by what they are used for: the second argument of `basisPoints`, and a
/// number under `share` in what `allot` divides by. Explanations say them as percentages.
struct BasisPointNames: Sendable {
    private typealias Path = RuleReads.Path

    /// The parameter that says of a name whether it is basis points, where it is used for amounts, too: `fineUnit` of `fine`.
    private var units: [RuleReads.Path: String?] = [:]

    init() {}

    init(_ syntax: RuleSyntax) {
        var groups: [[Path]] = []
        var amounts: Set<Path> = []
        syntax.visit { _, view in
            switch view.form {
            case .call("basisPoints", let arguments) where arguments.count == 2:
                groups.append(Self.names(arguments[1], syntax))
            case .call("amountOf", let arguments) where arguments.count == 2:
                amounts.formUnion(Self.names(arguments[0], syntax))
            case .call("allot", let arguments) where arguments.count == 2:
                for share in Self.shares(in: arguments[1]) { groups.append(Self.names(share, syntax)) }
            default: break
            }
        }
        for group in groups {
            let unit = group.lazy.compactMap(\.parameter).first.map { $0 + "Unit" }
            for path in group { units[path] = amounts.contains(path) ? unit ?? "" : .some(nil) }
        }
    }

    /// The paths that are basis points.
    /// - Parameter unit: the text of a parameter.
    func paths(unit: (String) -> String?) -> [RuleReads.Path] {
        units.compactMap { path, name in name.map { unit($0) == "basisPoints" } ?? true ? path : nil }
    }

    /// The paths that a number is read by: its own, and those of the variable's definition that it names.
    private static func names(_ view: SyntaxView, _ syntax: RuleSyntax) -> [Path] {
        if let path = RuleReads.path(view) {
            guard case .variable(let name) = path, let definition = syntax.variables[name] else { return [path] }
            return [path] + names(definition, syntax)
        }
        switch view.form {
        case .conditional(_, let first, let second): return names(first, syntax) + names(second, syntax)
        case .call("orValue", let operands): return operands.flatMap { names($0, syntax) }
        default: return []
        }
    }

    /// The numbers under `share` in the records of a list.
    private static func shares(in view: SyntaxView) -> [SyntaxView] {
        guard case .map(let entries) = view.form else { return view.children.flatMap(shares) }
        return entries.compactMap { entry in
            guard case .literal(let key) = entry.key.form, key.stringValue == "share" else { return nil }
            return entry.value.type == .int || entry.value.type == .dyn ? entry.value : nil
        }
    }
}

extension RuleReads.Path {
    /// The parameter that it begins with.
    fileprivate var parameter: String? {
        switch self {
        case .member(.parameters, let name): name
        case .member(let whole, _), .named(let whole, _): whole.parameter
        case .parameters, .data, .variable: nil
        }
    }
}
