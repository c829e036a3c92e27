/// Calls and operators.
extension Planner {
    mutating func call(
        _ tree: Expression, _ function: String, _ target: Expression?, _ arguments: [Expression]
    ) -> Node {
        var name = function
        var operands = arguments
        switch tree.resolution {
        case .unknown: return ConstantNode(.failure(.noSuchOverload, "unknown function `\(function)`"))
        case .function(let full): name = full
        default: if let target { operands.insert(target, at: 0) }
        }
        if name == "or" || name == "orValue", target != nil, operands.count == 2 {
            let optional = plan(operands[0])
            return AlternativeNode(optional, plan(operands[1]), unwraps: name == "orValue")
        }
        if let comparison = Comparison(name) { return compare(comparison, plan(operands[0]), plan(operands[1])) }
        if name == "!_" { return NotNode(plan(operands[0])) }
        if name == "@in" { return membership(operands) }
        if let declared = environment.functions[name] { return self.declared(declared, operands) }
        guard let builtin = Library.functions[name] else {
            return ConstantNode(.failure(.noSuchOverload, "unknown function `\(name)`"))
        }
        return self.builtin(tree, builtin, operands)
    }

    private func compare(_ comparison: Comparison, _ left: Node, _ right: Node) -> Node {
        let node: Node
        switch (left.constant, right.constant) {
        case (.some, .some): return folded(CompareNode(comparison, left, right))
        case (_, .int(let number)): node = CompareIntNode(comparison, left, number)
        case (.int(let number), _): node = CompareIntNode(comparison.exchanged, right, number)
        case (_, .some(.string(let text))) where comparison == .equal || comparison == .notEqual:
            node = EqualTextNode(left, .string(text), isEqual: comparison == .equal)
        case (.some(.string(let text)), _) where comparison == .equal || comparison == .notEqual:
            node = EqualTextNode(right, .string(text), isEqual: comparison == .equal)
        default: node = CompareNode(comparison, left, right)
        }
        return node
    }

    private mutating func membership(_ operands: [Expression]) -> Node {
        let value = plan(operands[0])
        let container = plan(operands[1])
        if case .list(let elements) = container.constant {
            let node = ConstantMemberNode(value, ConstantSet(elements))
            return value.constant == nil ? node : folded(node)
        }
        return BinaryNode(value, container, Indexing.isMember)
    }

    private mutating func declared(_ function: Function, _ operands: [Expression]) -> Node {
        noteDeclaredFunction()
        let standard = Library.functions[function.name]
        let body = Dispatch.body(function)
        let base = allocate(operands.count)
        let nodes = operands.map { plan($0) }
        nextLocal = base
        guard let standard else { return CallNode(nodes, base: base, body) }
        return CallNode(nodes, base: base) { arguments in
            let result = body(arguments)
            guard case .error(let error) = result, error.code == .noSuchOverload else { return result }
            return Self.apply(standard, arguments)
        }
    }

    private static func apply(_ builtin: Builtin, _ arguments: Arguments) -> Value {
        if arguments.count == 1, let unary = builtin.unary { return unary(arguments[0], arguments.activation) }
        if arguments.count == 2, let binary = builtin.binary {
            return binary(arguments[0], arguments[1], arguments.activation)
        }
        return builtin.nary?(arguments) ?? .noOverload
    }

    private mutating func builtin(_ tree: Expression, _ builtin: Builtin, _ operands: [Expression]) -> Node {
        cost += builtin.cost - 1
        if operands.count == 1, let unary = builtin.unary {
            let node = plan(operands[0])
            let call = UnaryNode(node, unary)
            return node.constant == nil ? call : folded(call)
        }
        if operands.count == 2, let binary = builtin.binary {
            let first = plan(operands[0])
            let second = plan(operands[1])
            if builtin.name == "matches", let pattern = second.constant {
                if let match = matcher(first, pattern, operands[1]) { return match }
            }
            if builtin.name == "_+_", let chain = ConcatenationNode.of(first, second) {
                return first.constant != nil && second.constant != nil ? folded(chain) : chain
            }
            let call = BinaryNode(first, second, binary)
            return first.constant != nil && second.constant != nil ? folded(call) : call
        }
        guard let nary = builtin.nary else {
            return ConstantNode(
                .failure(.noSuchOverload, "`\(builtin.name)` does not take \(operands.count) arguments"))
        }
        let base = allocate(operands.count)
        let nodes = operands.map { plan($0) }
        nextLocal = base
        let call = CallNode(nodes, base: base, nary)
        return nodes.allSatisfy { $0.constant != nil } ? folded(call) : call
    }

    private mutating func matcher(_ text: Node, _ pattern: Value, _ tree: Expression) -> Node? {
        let compiled = pattern.withUTF8 { source -> Result<Regex, Regex.Problem> in
            Result { () throws(Regex.Problem) in try Regex(source) }
        }
        switch compiled {
        case .success(let regex): return MatchNode(text, regex)
        case .failure(let problem):
            report(tree, "invalid pattern: \(problem.message)")
            return nil
        case nil: return nil
        }
    }
}
