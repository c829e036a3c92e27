/// Compiler of a checked syntax tree to nodes.
struct Planner {
    let checker: Checker
    let environment: CELEnvironment
    private(set) var diagnostics: [Diagnostic] = []
    /// The nodes that read the checker's local variables, by position.
    var locals: [Node] = []
    var nextLocal = 0
    var localCount = 0
    private(set) var slotCount = 0
    /// Cost units of one evaluation of the nodes planned so far.
    var cost: UInt64 = 0
    private var callsDeclaredFunctions = false

    private init(_ checker: Checker) {
        self.checker = checker
        environment = checker.environment
    }

    /// Compiles a tree.
    /// - Throws: if a constant argument is invalid and `isStrict` is set.
    static func plan(
        _ tree: Expression, _ type: CELType, _ checker: Checker, isStrict: Bool
    ) throws(CompileError) -> Plan {
        var planner = Planner(checker)
        var trees = [tree]
        if case .and(let parts) = tree.kind { trees = parts }
        let parts = trees.map { planner.plan($0) }
        let root = planner.conjunction(parts[...])
        if isStrict, !planner.diagnostics.isEmpty { throw CompileError(planner.diagnostics) }
        let conjuncts = trees.map {
            Program.Conjunct(source: checker.source.text($0.extent), offset: $0.extent.lowerBound)
        }
        return Plan(
            root: root, parts: parts, conjuncts: conjuncts, type: type, references: checker.references,
            constant: planner.constant(root), localCount: planner.localCount,
            slotCount: planner.slotCount, cost: planner.cost)
    }

    private func constant(_ root: Node) -> Value? {
        if let constant = root.constant { return constant }
        guard checker.references.isEmpty, !callsDeclaredFunctions else { return nil }
        let activation = Activation(slots: environment.variables.count)
        activation.costLimit = 100_000
        let frame = activation.enter(localCount, slots: 0)
        defer { activation.leave(frame) }
        let value = root.evaluate(activation)
        if case .error = value { return nil }
        return value
    }

    mutating func report(_ tree: Expression, _ message: String) {
        diagnostics.append(checker.source.diagnostic(tree.extent, message))
    }

    mutating func allocate(_ count: Int) -> Int {
        let base = nextLocal
        nextLocal += count
        localCount = max(localCount, nextLocal)
        return base
    }

    private func type(_ tree: Expression) -> CELType { checker.inference.resolve(tree.type, finally: true) }

    func conversion(_ tree: Expression) -> Conversion {
        environment.convertsDeclaredScalars ? Conversion(type(tree)) : .none
    }

    mutating func plan(_ tree: Expression) -> Node {
        cost += 1
        switch tree.kind {
        case .invalid: return ConstantNode(.failure(.invalidArgument, "the expression is invalid"))
        case .literal(let value):
            cost -= 1
            return ConstantNode(value)
        case .identifier: return name(tree)
        case .select(let operand, let field, let mode): return select(tree, operand, field, mode)
        case .index(let operand, let index, let isOptional): return self.index(tree, operand, index, isOptional)
        case .call(let function, let target, let arguments): return call(tree, function, target, arguments)
        case .list(let elements): return list(elements)
        case .map(let entries): return map(entries)
        case .and(let parts):
            let nodes = parts.map { plan($0) }
            return conjunction(nodes[...])
        case .or(let parts):
            let nodes = parts.map { plan($0) }
            return disjunction(nodes[...])
        case .conditional(let condition, let first, let second):
            let node = plan(condition)
            let one = plan(first)
            let two = plan(second)
            if case .bool(let flag) = node.constant { return flag ? one : two }
            return ConditionalNode(node, one, two)
        case .comprehension(let comprehension): return self.comprehension(tree, comprehension)
        case .bind(let kind, _, let value, let body): return bind(kind, value, body)
        case .block(let values, let body): return block(values, body)
        }
    }

    func conjunction(_ nodes: ArraySlice<Node>) -> Node {
        if nodes.count == 1 { return nodes[nodes.startIndex] }
        let middle = nodes.startIndex + nodes.count / 2
        return AndNode(conjunction(nodes[..<middle]), conjunction(nodes[middle...]))
    }

    private func disjunction(_ nodes: ArraySlice<Node>) -> Node {
        if nodes.count == 1 { return nodes[nodes.startIndex] }
        let middle = nodes.startIndex + nodes.count / 2
        return OrNode(disjunction(nodes[..<middle]), disjunction(nodes[middle...]))
    }

    private mutating func name(_ tree: Expression) -> Node {
        switch tree.resolution {
        case .variable(let slot):
            slotCount = max(slotCount, slot + 1)
            return SlotNode(slot)
        case .local(let position): return locals[position]
        case .type(let type): return ConstantNode(.type(type))
        default: return ConstantNode(.failure(.unknownVariable, "unknown name"))
        }
    }

    private mutating func select(
        _ tree: Expression, _ operand: Expression, _ field: String, _ mode: Expression.SelectMode
    ) -> Node {
        if tree.resolution != nil { return name(tree) }
        let name = FieldName(field)
        if mode == .plain, field == "minorUnits", let amount = bareAmount(operand) {
            return MinorUnitsNode(amount, name)
        }
        let node = plan(operand)
        if mode == .plain, let known = known(tree) { return KnownNode(known) }
        switch mode {
        case .test: return PresenceNode(node, name)
        case .optional: return OptionalSelectNode(node, name, conversion(tree))
        case .plain:
            if let slot = node as? SlotNode { return SlotSelectNode(slot.slot, name, conversion(tree)) }
            return SelectNode(node, name, conversion(tree))
        }
    }

    /// The value of a declared constant, or of a member of one; nil for anything else. It is charged as the selection would be.
    private func known(_ tree: Expression) -> Value? {
        if case .variable(let slot) = tree.resolution { return environment.constants[environment.variables[slot].name] }
        guard case .select(let operand, let field, .plain) = tree.kind, tree.resolution == nil,
            case .map(let map) = known(operand)
        else { return nil }
        return map[field]
    }

    /// The selection of an amount from a host, without its currency; nil for anything else.
    private mutating func bareAmount(_ tree: Expression) -> Node? {
        guard case .select(let operand, let field, .plain) = tree.kind, tree.resolution == nil, type(tree) == .money
        else {
            return nil
        }
        cost += 1
        let node = plan(operand)
        if let slot = node as? SlotNode { return SlotSelectNode(slot.slot, FieldName(field), .none) }
        return SelectNode(node, FieldName(field), .none)
    }

    private mutating func index(
        _ tree: Expression, _ operand: Expression, _ index: Expression, _ isOptional: Bool
    ) -> Node {
        let container = plan(operand)
        let key = plan(index)
        return IndexNode(container, key, isOptional: isOptional, conversion(tree))
    }

    private mutating func list(_ elements: [Expression.Element]) -> Node {
        cost += 9
        let nodes = elements.map { (node: plan($0.value), isOptional: $0.isOptional) }
        let list = ListNode(nodes)
        return nodes.allSatisfy { $0.node.constant != nil } ? folded(list) : list
    }

    private mutating func map(_ entries: [Expression.Entry]) -> Node {
        cost += 29
        let nodes = entries.map { (key: plan($0.key), value: plan($0.value), isOptional: $0.isOptional) }
        let map = FixedMapNode(nodes) ?? MapNode(nodes)
        return nodes.allSatisfy { $0.key.constant != nil && $0.value.constant != nil } ? folded(map) : map
    }

    /// Constant folding: a node of constants becomes its value, or stays if that is an error.
    func folded(_ node: Node) -> Node {
        let activation = Activation.scratch
        activation.costLimit = 10_000
        let frame = activation.enter(localCount, slots: 0)
        defer { activation.leave(frame) }
        let value = node.evaluate(activation)
        if case .error = value { return node }
        return ConstantNode(value)
    }

    mutating func noteDeclaredFunction() { callsDeclaredFunctions = true }
}

/// The planner's result for a syntax tree.
struct Plan {
    let root: Node
    let parts: [Node]
    let conjuncts: [Program.Conjunct]
    let type: CELType
    let references: [Reference]
    let constant: Value?
    let localCount: Int
    /// The number of slots an activation must have.
    let slotCount: Int
    let cost: UInt64
}
