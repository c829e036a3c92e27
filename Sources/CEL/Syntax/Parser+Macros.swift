/// Macros: calls that the parser turns into nodes of their own.
extension Parser {
    /// The node of a macro, nil if the call is not one.
    mutating func macro(
        _ name: String, _ range: Range<Int>, target: Expression?, _ arguments: [Expression], from start: Int
    ) -> Expression? {
        guard expandsMacros else { return nil }
        guard let target else {
            return name == "has" && arguments.count == 1 ? presence(arguments[0], range, from: start) : nil
        }
        if case .identifier(let space) = target.kind, space == "cel" {
            return namespaced(name, range, arguments, from: start)
        }
        if case .identifier(let space) = target.kind, space == "math", arguments.count > 2,
            name == "greatest" || name == "least"
        {
            return extremum(name, range, target, arguments, from: start)
        }
        switch (name, arguments.count) {
        case ("optMap", 2), ("optFlatMap", 2):
            return bound(
                name == "optMap" ? .optionalMap : .optionalFlatMap, range, arguments[0], target, arguments[1],
                from: start)
        default: return comprehension(name, range, target, arguments, from: start)
        }
    }

    /// `math.greatest(a, b, c)` as a call with a list.
    private mutating func extremum(
        _ name: String, _ range: Range<Int>, _ target: Expression, _ arguments: [Expression], from start: Int
    ) -> Expression {
        var height = 0
        for argument in arguments { height = max(height, argument.height) }
        let elements = arguments.map { Expression.Element(value: $0, isOptional: false) }
        let list = node(.list(elements), range, from: start, over: height)
        return node(.call(name, target: target, [list]), range, from: start, over: list.height)
    }

    private mutating func presence(_ argument: Expression, _ range: Range<Int>, from start: Int) -> Expression {
        guard case .select(let operand, let field, .plain) = argument.kind else {
            if case .invalid = argument.kind { return argument }
            fail(argument.range, "`has` takes a selection such as `a.b`")
            return make(.invalid, range, from: start, height: 1)
        }
        return node(.select(operand, field: field, mode: .test), argument.range, from: start, over: operand.height)
    }

    private mutating func bound(
        _ kind: Expression.BindKind, _ range: Range<Int>, _ variable: Expression, _ value: Expression,
        _ body: Expression, from start: Int
    ) -> Expression {
        guard let name = simpleName(variable) else { return make(.invalid, range, from: start, height: 1) }
        return node(
            .bind(kind, name: name, value, body), range, from: start, over: max(value.height, body.height))
    }

    /// The name of a macro's variable.
    private mutating func simpleName(_ expression: Expression) -> String? {
        switch expression.kind {
        case .identifier(let name) where !name.hasPrefix("."): return name
        case .invalid: return nil
        default:
            fail(expression.range, "expected the name of a variable")
            return nil
        }
    }

    private static func shape(_ name: String, _ count: Int) -> (Comprehension.Kind, variables: Int, filtered: Bool)? {
        switch (name, count) {
        case ("all", 2): (.all, 1, false)
        case ("exists", 2): (.exists, 1, false)
        case ("exists_one", 2), ("existsOne", 2): (.existsOne, 1, false)
        case ("map", 2): (.map, 1, false)
        case ("map", 3): (.map, 1, true)
        case ("filter", 2): (.filter, 1, false)
        case ("sortBy", 2): (.sortBy, 1, false)
        case ("all", 3): (.all, 2, false)
        case ("exists", 3): (.exists, 2, false)
        case ("exists_one", 3), ("existsOne", 3): (.existsOne, 2, false)
        case ("transformList", 3): (.transformList, 2, false)
        case ("transformList", 4): (.transformList, 2, true)
        case ("transformMap", 3): (.transformMap, 2, false)
        case ("transformMap", 4): (.transformMap, 2, true)
        case ("transformMapEntry", 3): (.transformMapEntry, 2, false)
        case ("transformMapEntry", 4): (.transformMapEntry, 2, true)
        default: nil
        }
    }

    private mutating func comprehension(
        _ name: String, _ range: Range<Int>, _ target: Expression, _ arguments: [Expression], from start: Int
    ) -> Expression? {
        guard let shape = Self.shape(name, arguments.count) else { return nil }
        let invalid = make(.invalid, range, from: start, height: 1)
        guard let first = simpleName(arguments[0]) else { return invalid }
        var second: String?
        if shape.variables == 2 {
            guard let name = simpleName(arguments[1]) else { return invalid }
            if name == first {
                fail(arguments[1].range, "the two variables have the same name")
                return invalid
            }
            second = name
        }
        var height = target.height
        for argument in arguments { height = max(height, argument.height) }
        let comprehension = Comprehension(
            kind: shape.0, range: target, first: first, second: second,
            filter: shape.filtered ? arguments[shape.variables] : nil, body: arguments[arguments.count - 1])
        return node(.comprehension(comprehension), range, from: start, over: height)
    }

    /// `cel.bind` and the `cel.block` family.
    private mutating func namespaced(
        _ name: String, _ range: Range<Int>, _ arguments: [Expression], from start: Int
    ) -> Expression? {
        switch (name, arguments.count) {
        case ("bind", 3): return bound(.plain, range, arguments[0], arguments[1], arguments[2], from: start)
        case ("block", 2):
            guard case .list(let elements) = arguments[0].kind, !elements.contains(where: \.isOptional) else {
                fail(arguments[0].range, "`cel.block` takes a list literal and an expression")
                return make(.invalid, range, from: start, height: 1)
            }
            return node(
                .block(elements.map(\.value), arguments[1]), range, from: start,
                over: max(arguments[0].height, arguments[1].height))
        case ("index", 1), ("iterVar", 2), ("accuVar", 2):
            var spelling = "@" + name
            for argument in arguments {
                guard case .literal(.int(let number)) = argument.kind, number >= 0 else {
                    fail(argument.range, "`cel.\(name)` takes non-negative int literals")
                    return make(.invalid, range, from: start, height: 1)
                }
                spelling += ":\(number)"
            }
            return make(.identifier(spelling), range, from: start, height: 1)
        default: return nil
        }
    }
}
