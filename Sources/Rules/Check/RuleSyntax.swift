import AgentKit

/// The expressions of one rule as trees, and what its variables stand for: what checks of meaning read.
struct RuleSyntax {
    /// One expression.
    struct Part {
        let expression: ExpressionText
        let view: SyntaxView
        /// The list over whose elements it runs as `item`, where there is one.
        let each: SyntaxView?
        /// Indicates a part of what the rule does when its condition holds and nothing makes it refuse.
        var isOfActing = false
    }

    private(set) var parts: [Part] = []
    private(set) var variables: [String: SyntaxView] = [:]
    /// The rule's condition, where it has one.
    private(set) var when: SyntaxView?
    let parameters: Parameters
    /// Indicates that what is added now is of acting.
    private var isActing = false

    /// Nothing but the condition of a rule and the variables it may read.
    init(variables: [String: SyntaxView], when: SyntaxView, _ parameters: Parameters) {
        self.variables = variables
        self.when = when
        self.parameters = parameters
    }

    /// Parses the expressions of a rule that has been compiled without error, in the scope of its `when`.
    init(_ rule: RuleSource, _ scope: RuleScope, _ parameters: Parameters) {
        self.parameters = parameters
        for variable in rule.variables {
            variables[variable.name] = add(variable.expression, scope.environment)
        }
        when = add(rule.when, scope.environment)
        let refusing = rule.refusals.flatMap { $0.because?.expressions ?? [] } + rule.refusals.map(\.when)
        for expression in [rule.quorum?.reference] + rule.claims + refusing { add(expression, scope.environment) }
        if let table = rule.table { add(table, scope.environment) }
        for refusal in rule.refusals { add(.members(refusal.with, refusal.place), scope.environment, nil) }
        for item in (rule.otherwise ?? []) + (rule.onError ?? []) + rule.refusals.flatMap(\.also) {
            add(item, scope.environment)
        }
        addActing(rule, scope)
    }

    /// Adds the reason, the decisions and the timers of a rule that acts.
    private mutating func addActing(_ rule: RuleSource, _ scope: RuleScope) {
        isActing = true
        defer { isActing = false }
        for expression in rule.because?.expressions ?? [] { add(expression, scope.environment) }
        for item in rule.emit { add(item, scope.environment) }
        for item in rule.timers + rule.cancels {
            let (each, environment) = each(item.each, scope.environment)
            for expression in [item.condition, item.key, item.at] { add(expression, environment, each: each) }
        }
    }

    /// Adds the expressions of a decision that are written out.
    private mutating func add(_ item: RuleSource.Emit, _ environment: CELEnvironment) {
        let (each, environment) = each(item.each, environment)
        add(item.condition, environment, each: each)
        if case .expression(let subject) = item.subject { add(subject, environment, each: each) }
        add(item.data, environment, each)
    }

    private mutating func add(_ data: RuleSource.Data, _ environment: CELEnvironment, _ each: SyntaxView?) {
        switch data {
        case .expression(let expression): add(expression, environment, each: each)
        case .elements(let elements, _): for element in elements { add(element, environment, each) }
        case .text(let template, _):
            for expression in template.expressions { add(expression, environment, each: each) }
        case .members(let members, _):
            for member in members {
                if let value = member.value { add(value, environment, each) }
            }
        }
    }

    private mutating func add(_ table: TableSource, _ environment: CELEnvironment) {
        for input in table.inputs { add(input.expression, environment) }
        for row in table.rows {
            if case .expression(let expression) = row.condition { add(expression, environment) }
            for output in row.outputs {
                guard case .string = output.value.scalar else { continue }
                add(output.value.expression, environment)
            }
        }
    }

    @discardableResult
    private mutating func add(
        _ expression: ExpressionText?, _ environment: CELEnvironment, each: SyntaxView? = nil
    ) -> SyntaxView? {
        guard let expression, let view = try? environment.syntax(of: expression.text) else { return nil }
        parts.append(Part(expression: expression, view: view, each: each, isOfActing: isActing))
        return view
    }

    /// The list of `each`, and the scope in which `item` is one of it.
    private mutating func each(
        _ expression: ExpressionText?, _ environment: CELEnvironment
    ) -> (SyntaxView?, CELEnvironment) {
        guard let list = add(expression, environment) else { return (nil, environment) }
        var inner = environment
        if case .list(let element) = list.type {
            inner.declare(variable: "item", element)
        } else {
            inner.declare(variable: "item", .dyn)
        }
        return (list, inner)
    }

    /// Calls `body` with every part of every expression, outer before inner.
    func visit(_ body: (Part, SyntaxView) -> Void) {
        for part in parts { visit(part, part.view, body) }
    }

    private func visit(_ part: Part, _ view: SyntaxView, _ body: (Part, SyntaxView) -> Void) {
        body(part, view)
        for child in view.children { visit(part, child, body) }
    }

    /// The expression with variables, and `item` of a list of one, replaced by their definitions.
    func resolved(_ view: SyntaxView, in part: Part) -> SyntaxView {
        var view = view
        // Each step leads to an earlier variable or out of the `each`, so that this ends.
        while true {
            switch view.form {
            case .member(let operand, let name):
                guard case .variable(RuleEnvironment.locals) = operand.form, let definition = variables[name] else {
                    return view
                }
                view = definition
            case .variable("item"):
                guard let each = part.each, let only = only(of: each) else { return view }
                view = only
            default: return view
            }
        }
    }

    /// Replaces a variable by its definition, and the variables that this is by theirs; returns any other expression as it is.
    func definition(_ view: SyntaxView) -> SyntaxView {
        guard case .member(let operand, let name) = view.form, case .variable(RuleEnvironment.locals) = operand.form,
            let definition = variables[name]
        else { return view }
        return self.definition(definition)
    }

    /// The one element a list has wherever it has any: of `[x]`, `c ? [x] : []`, and variables that are such.
    private func only(of list: SyntaxView) -> SyntaxView? {
        switch list.form {
        case .list(let elements): return elements.count == 1 ? elements[0] : nil
        case .conditional(_, let first, let second):
            if case .list(let none) = first.form, none.isEmpty { return only(of: second) }
            if case .list(let none) = second.form, none.isEmpty { return only(of: first) }
            return nil
        case .member(let operand, let name):
            guard case .variable(RuleEnvironment.locals) = operand.form, let definition = variables[name] else {
                return nil
            }
            return only(of: definition)
        default: return nil
        }
    }

    /// The value of an expression that is a literal or selected from the parameters.
    func constant(_ view: SyntaxView) -> Value? {
        switch view.form {
        case .literal(let value): return value
        case .variable("params"): return parameters.value
        case .member(let operand, let name): return constant(operand)?.entry(.string(name))
        default: return nil
        }
    }
}
