/// Comprehensions, bindings and blocks: the expressions that bind variables.
extension Planner {
    mutating func comprehension(_ tree: Expression, _ macro: Comprehension) -> Node {
        let range = plan(macro.range)
        let base = allocate(macro.second == nil ? 1 : 2)
        locals.append(LocalNode(base))
        if macro.second != nil { locals.append(LocalNode(base + 1)) }
        let outer = cost
        cost = 1
        let filter = macro.filter.map { plan($0) }
        let body = plan(macro.body)
        let turn = cost
        cost = outer
        locals.removeLast(macro.second == nil ? 1 : 2)
        nextLocal = base
        let (first, second) = iterationTypes(macro.range)
        let loop = Loop(
            range: range, first: base, second: macro.second == nil ? nil : base + 1, cost: turn,
            firstConversion: first, secondConversion: second)
        switch macro.kind {
        case .all: return QuantifierNode(loop, body, deciding: false)
        case .exists: return QuantifierNode(loop, body, deciding: true)
        case .existsOne: return ExistsOneNode(loop, body)
        case .filter: return ListLoopNode(loop, filter: body, transform: nil)
        case .map, .transformList: return ListLoopNode(loop, filter: filter, transform: body)
        case .transformMap: return MapLoopNode(loop, filter: filter, transform: body, makesEntries: false)
        case .transformMapEntry: return MapLoopNode(loop, filter: filter, transform: body, makesEntries: true)
        case .sortBy: return SortNode(loop, body)
        }
    }

    /// Conversions of a host's elements: for a single variable, and for the second of two.
    private func iterationTypes(_ range: Expression) -> (Conversion, Conversion) {
        guard environment.convertsDeclaredScalars else { return (.none, .none) }
        switch checker.inference.resolve(range.type, finally: true) {
        case .list(let element): return (Conversion(element), Conversion(element))
        case .map(_, let value): return (.none, Conversion(value))
        default: return (.none, .none)
        }
    }

    mutating func bind(_ kind: Expression.BindKind, _ value: Expression, _ body: Expression) -> Node {
        let bound = plan(value)
        let index = allocate(1)
        locals.append(LocalNode(index))
        let result = plan(body)
        locals.removeLast()
        nextLocal = index
        return BindNode(kind, index, bound, result)
    }

    mutating func block(_ values: [Expression], _ body: Expression) -> Node {
        let base = allocate(values.count * 2)
        for (position, value) in values.enumerated() {
            let node = plan(value)
            locals.append(LazyNode(base + position * 2, node))
        }
        nextLocal = localCount
        let result = plan(body)
        locals.removeLast(values.count)
        nextLocal = base
        return BlockNode(base: base, count: values.count, result)
    }
}
