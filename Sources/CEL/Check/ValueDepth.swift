/// Upper bound on the nesting of the lists and maps that an expression builds, so that no value exhausts the stack.
struct ValueDepth {
    /// Levels of lists and maps that one expression may build around its data.
    static let levelsMax = 500

    private var locals: [Int] = []

    static func of(_ tree: Expression) -> Int {
        var walk = ValueDepth()
        return walk.depth(tree)
    }

    private mutating func depth(_ tree: Expression) -> Int {
        switch tree.kind {
        case .invalid, .literal: return 0
        case .identifier:
            if case .local(let position) = tree.resolution { return locals[position] }
            return 0
        case .select(let operand, _, let mode): return mode == .test ? discard([operand]) : depth(operand)
        case .index(let operand, let index, _):
            _ = depth(index)
            return depth(operand)
        case .call(_, let target, let arguments): return deepest((target.map { [$0] } ?? []) + arguments)
        case .list(let elements): return deepest(elements.map(\.value)) + 1
        case .map(let entries): return deepest(entries.map(\.value) + entries.map(\.key)) + 1
        case .and(let parts), .or(let parts): return discard(parts)
        case .conditional(let condition, let first, let second):
            _ = depth(condition)
            return deepest([first, second])
        case .comprehension(let macro): return comprehension(macro)
        case .bind(_, _, let value, let body):
            let bound = depth(value)
            return within([bound]) { $0.depth(body) + 1 }
        case .block(let values, let body):
            for value in values {
                let bound = depth(value)
                locals.append(bound)
            }
            let result = depth(body)
            locals.removeLast(values.count)
            return result
        }
    }

    private mutating func comprehension(_ macro: Comprehension) -> Int {
        let range = depth(macro.range)
        return within([Int](repeating: range, count: macro.second == nil ? 1 : 2)) { walk in
            if let filter = macro.filter { _ = walk.depth(filter) }
            let body = walk.depth(macro.body)
            switch macro.kind {
            case .all, .exists, .existsOne: return 0
            case .filter, .sortBy: return range
            default: return max(range, body + 1)
            }
        }
    }

    private mutating func within(_ depths: [Int], _ body: (inout ValueDepth) -> Int) -> Int {
        locals += depths
        let result = body(&self)
        locals.removeLast(depths.count)
        return result
    }

    private mutating func deepest(_ trees: [Expression]) -> Int {
        var result = 0
        for tree in trees { result = max(result, depth(tree)) }
        return result
    }

    private mutating func discard(_ trees: [Expression]) -> Int {
        _ = deepest(trees)
        return 0
    }
}
