/// A part of a checked expression, for semantic checks that the embedding program adds to type checking.
package struct SyntaxView {
    /// The form of a part.
    package indirect enum Form {
        case literal(Value)
        /// A declared variable.
        case variable(String)
        /// A variable that a macro binds.
        case local(String)
        /// `a.b`, `a.?b` or `a["b"]`.
        case member(SyntaxView, String)
        /// `a[i]` or `a[?i]`.
        case element(SyntaxView, SyntaxView)
        /// A call by the function's full name with the receiver first; operators are `_+_`, `_==_`, `@in` and so on.
        case call(String, [SyntaxView])
        case conditional(SyntaxView, SyntaxView, SyntaxView)
        /// `a && b && c`.
        case and([SyntaxView])
        case list([SyntaxView])
        case map([(key: SyntaxView, value: SyntaxView)])
        /// Any other form, with its parts.
        case other([SyntaxView])
    }

    /// What all parts of one expression share, in one object: parts are made by the thousand.
    private final class Checked {
        let checker: Checker

        init(_ checker: Checker) { self.checker = checker }
    }

    private let tree: Expression
    private let checked: Checked

    init(_ tree: Expression, _ checker: Checker) { self.init(tree, Checked(checker)) }

    private init(_ tree: Expression, _ checked: Checked) {
        self.tree = tree
        self.checked = checked
    }

    package var type: CELType { checked.checker.inference.resolve(tree.type, finally: true) }

    /// Its start, in UTF-8 bytes from the start of the source.
    package var offset: Int { tree.extent.lowerBound }

    /// Its source text.
    package var text: String { checked.checker.source.text(tree.extent) }

    package var form: Form {
        if case .variable(let slot) = tree.resolution {
            return .variable(checked.checker.environment.variables[slot].name)
        }
        switch tree.kind {
        case .literal(let value): return .literal(value)
        case .identifier(let name):
            if case .local = tree.resolution { return .local(name) }
            return .other([])
        case .select(let operand, _, .test): return .other([view(operand)])
        case .select(let operand, let field, _): return .member(view(operand), field)
        case .index(let operand, let index, _):
            if case .literal(.string(let field)) = index.kind { return .member(view(operand), field) }
            return .element(view(operand), view(index))
        case .call(let name, let target, let arguments):
            if case .function(let name) = tree.resolution { return .call(name, arguments.map(view)) }
            return .call(name, ([target].compactMap { $0 } + arguments).map(view))
        case .conditional(let condition, let first, let second):
            return .conditional(view(condition), view(first), view(second))
        case .list(let elements) where !elements.contains(where: \.isOptional):
            return .list(elements.map { view($0.value) })
        case .list(let elements): return .other(elements.map { view($0.value) })
        case .map(let entries): return .map(entries.map { (view($0.key), view($0.value)) })
        case .and(let parts): return .and(parts.map(view))
        case .invalid, .or, .comprehension, .bind, .block: return .other(parts.map(view))
        }
    }

    /// The parts of a form that `Form` does not name.
    private var parts: [Expression] {
        switch tree.kind {
        case .or(let parts): parts
        case .comprehension(let loop): [loop.range] + [loop.filter].compactMap { $0 } + [loop.body]
        case .bind(_, _, let value, let body): [value, body]
        case .block(let values, let body): values + [body]
        default: []
        }
    }

    /// The member that `has(a.b)` asks for; its only part is `a`. Nil for any other form.
    package var testedMember: String? {
        guard case .select(_, let field, .test) = tree.kind else { return nil }
        return field
    }

    private func view(_ tree: Expression) -> SyntaxView { SyntaxView(tree, checked) }

    /// Its immediate parts, in source order.
    package var children: [SyntaxView] {
        switch form {
        case .literal, .variable, .local: []
        case .member(let operand, _): [operand]
        case .element(let operand, let index): [operand, index]
        case .call(_, let arguments): arguments
        case .conditional(let condition, let first, let second): [condition, first, second]
        case .list(let elements): elements
        case .map(let entries): entries.flatMap { [$0.key, $0.value] }
        case .and(let parts), .other(let parts): parts
        }
    }
}

extension CELEnvironment {
    /// Parses, checks and plans an expression, and returns its tree beside the program.
    /// - Throws: as `compile` does.
    package func compileWithSyntax(_ source: String) throws(CompileError) -> (program: Program, syntax: SyntaxView) {
        let (tree, type, checker) = try checked(source, expecting: nil)
        let program = try Program(Planner.plan(tree, type, checker, isStrict: true), source: source)
        return (program, SyntaxView(tree, checker))
    }

    /// Parses and checks an expression and returns its tree.
    /// - Throws: all problems of syntax, or else all of types.
    package func syntax(of source: String) throws(CompileError) -> SyntaxView {
        let (tree, _, checker) = try checked(source, expecting: nil)
        return SyntaxView(tree, checker)
    }
}
