/// Macros over lists and maps.
extension Checker {
    mutating func comprehension(_ tree: Comprehension) -> CELType {
        let range = resolved(tree.range)
        let (key, element) = iteration(range, tree)
        locals.append((tree.first, tree.second == nil && isList(range) ? element : key))
        if let second = tree.second { locals.append((second, element)) }
        defer { locals.removeLast(tree.second == nil ? 1 : 2) }
        let mark = guards.count
        defer { guards.removeSubrange(mark...) }
        if let filter = tree.filter {
            expectBool(filter)
            addGuards(of: filter, whenTrue: true)
        }
        switch tree.kind {
        case .all, .exists, .existsOne:
            expectBool(tree.body)
            return .bool
        case .filter:
            expectBool(tree.body)
            return .list(locals[locals.count - 1].type)
        case .map, .transformList: return .list(check(tree.body))
        case .transformMap: return .map(key, check(tree.body))
        case .transformMapEntry: return entries(tree.body)
        case .sortBy:
            let type = check(tree.body)
            if !isSortable(inference.resolve(type)) {
                report(tree.body.extent, "a value of type `\(name(type))` cannot be a sorting key")
            }
            return range
        }
    }

    private func isList(_ type: CELType) -> Bool {
        switch type {
        case .map, .record: false
        default: true
        }
    }

    private func isSortable(_ type: CELType) -> Bool {
        switch type {
        case .int, .uint, .double, .bool, .duration, .timestamp, .money, .string, .bytes, .dyn, .variable, .error: true
        default: false
        }
    }

    /// Types of key and element that a comprehension over the range binds.
    private mutating func iteration(_ range: CELType, _ tree: Comprehension) -> (key: CELType, element: CELType) {
        switch range {
        case .list(let element): return (.int, element)
        case .map(let key, let value) where tree.kind != .sortBy: return (key, value)
        case .record where tree.kind != .sortBy: return (.string, .dyn)
        case .dyn, .error: return (.dyn, .dyn)
        case .variable:
            _ = inference.isAssignable(.dyn, to: range)
            return (.dyn, .dyn)
        default:
            let wanted = tree.kind == .sortBy ? "a list" : "a list or a map"
            report(tree.range.extent, "expected \(wanted), found `\(name(range))`")
            return (.error, .error)
        }
    }

    private mutating func entries(_ body: Expression) -> CELType {
        let type = check(body)
        let key = inference.fresh()
        let value = inference.fresh()
        if inference.isAssignable(type, to: .map(key, value)) {
            return .map(inference.resolve(key), inference.resolve(value))
        }
        report(body.extent, "expected a map, found `\(name(type))`")
        return .error
    }
}
