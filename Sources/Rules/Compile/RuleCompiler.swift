import AgentKit
import CEL

/// Compiles the rules of one agent's file.
struct RuleCompiler {
    /// A rule that may be compiled, with all that it takes.
    struct Task {
        /// Knows the members that not all types have.
        let compiler: RuleCompiler
        let source: RuleSource
        /// The types of the entries it is asked about; none where one of them is unknown.
        let seen: [EventType]
        /// Indicates that each type it is on is known.
        let isSound: Bool
    }

    /// What is made of a rule.
    struct Compiled {
        let plan: RulePlan
        /// Demands of the condition on the event; unknown where `otherwise` decides when the condition is false.
        let guards: RuleGuard
    }

    let file: SourceFile
    let agent: RuleHost.AgentEntry
    let version: String
    let types: EventTypes
    let environment: RuleEnvironment
    let parameters: Parameters
    /// The agents of the rule set, for quorums.
    let agents: [String]
    /// Types whose declarations cannot be read, which is told where they stand.
    var lost: Set<String> = []
    /// Looks for what has types and still cannot be meant.
    var checksMeaning = true
    private(set) var expressions: ExpressionCompiler

    init(
        _ source: AgentSource, agent: RuleHost.AgentEntry, types: EventTypes, environment: RuleEnvironment,
        parameters: Parameters, agents: [String]
    ) {
        file = source.file
        self.agent = agent
        version = source.version
        self.types = types
        self.environment = environment
        self.parameters = parameters
        self.agents = agents
        expressions = ExpressionCompiler(
            file: source.file, parameters: parameters, optionalFields: environment.optionalFields)
    }

    /// A rule that is not compiled yet; only its event types are looked up.
    func rule(_ source: RuleSource) -> CompiledRule {
        let before = file.errors.count
        let on = triggers(source)
        let seen = source.over == nil ? on : [types["schedule.item"]].compactMap { $0 }
        let isKnown = on.count == source.on.count && !seen.isEmpty
        let known = isKnown ? seen : []
        return CompiledRule(
            agent: agent, version: version, on: on,
            task: Task(
                compiler: seeing(known), source: source, seen: known, isSound: file.errors.count == before))
    }

    /// The compiler for a rule on several types, which knows the members that not all of them have.
    private func seeing(_ types: [EventType]) -> RuleCompiler {
        guard types.count > 1 else { return self }
        var compiler = self
        let uncertain = RuleEnvironment.uncertain(types)
        compiler.expressions.lacking[uncertain.record] = uncertain.lacking
        compiler.expressions.optionalFields[uncertain.record] = uncertain.optional
        return compiler
    }

    /// The names that every expression of a rule may use. Where no type is seen the event may be any.
    func scope(of source: RuleSource, seen: [EventType]) -> RuleScope {
        var scope = RuleScope(
            rule: source, seen: seen,
            environment: seen.isEmpty
                ? RuleEnvironment.withAnyEvent(environment.base) : RuleEnvironment.extend(environment.base, on: seen))
        scope.environment.declare(alias: "data", of: "event", member: "data")
        scope.environment.declare(record: parameters.record)
        scope.environment.declare(variable: "params", .record(parameters.record.name))
        scope.environment.declare(constant: "params", parameters.value)
        return scope
    }

    /// Returns nil after noting the errors of the rule.
    fileprivate func compile(_ source: RuleSource, seen: [EventType]) -> Compiled? {
        let before = file.errors.count
        var scope = scope(of: source, seen: seen)
        let (variables, definitions) = variables(&scope)
        let table = source.table.flatMap { TableCompiler(rule: self).compile($0, &scope, seen: seen) }
        if checksMeaning {
            scope.texts = TextCheck(
                file: file, syntax: RuleSyntax(source, scope, parameters), values: environment.texts(seenBy: seen))
        }
        checkNames(source)
        let (when, condition) = when(scope)
        let plan = RulePlan(
            parameters: parameters.value, variables: variables, table: table, when: when,
            refusals: source.refusals.compactMap { refusal($0, scope) }, because: text(source.because, scope),
            claims: source.claims.compactMap { program($0, scope, [.string, .list(.string)], "`claim`") },
            quorum: quorum(scope), emit: emits(source.emit, scope),
            otherwise: source.otherwise.map { emits($0, scope) },
            onError: source.onError.map { emits($0, scope) }, timers: timers(source.timers, scope),
            cancels: timers(source.cancels, scope))
        guard file.errors.count == before else { return nil }
        scope.texts?.report()
        guard let condition, source.otherwise == nil else { return Compiled(plan: plan, guards: .unknown) }
        let syntax = RuleSyntax(variables: definitions, when: condition, parameters)
        return Compiled(plan: plan, guards: RuleGuard(condition, syntax))
    }

    /// The expressions of a rule that has been compiled without error.
    fileprivate func syntax(of source: RuleSource, seen: [EventType]) -> RuleSyntax {
        var scope = scope(of: source, seen: seen)
        _ = variables(&scope)
        if let table = source.table { _ = TableCompiler(rule: self).compile(table, &scope, seen: seen) }
        return RuleSyntax(source, scope, parameters)
    }

    private func triggers(_ source: RuleSource) -> [EventType] {
        var result: [EventType] = []
        for (name, place) in source.on {
            guard let type = types[name] else {
                if lost.contains(name) { continue }
                let hint = Spelling.hint(name, among: types.all.map(\.name))
                file.error(
                    place,
                    "unknown event type `\(name)`: declare it under `triggers:`, `facts:` or `decisions:`\(hint)",
                    length: name.unicodeScalars.count)
                continue
            }
            if result.contains(type) { file.error(place, "event type `\(name)` is named twice") }
            if name.hasPrefix("delivery.") {
                file.warning(
                    place, "`\(name)` is never recorded yet: nothing is delivered", length: name.unicodeScalars.count)
            }
            if name == "schedule.item" {
                file.error(
                    place, "write the schedule and `over: <projection>`; the rule then sees each `schedule.item`")
            }
            if source.over != nil, Schedule(rawValue: name) == nil {
                file.error(place, "a rule with `over` must be on a schedule, not on `\(name)`")
            }
            result.append(type)
        }
        if let over = source.over, !environment.projectionNames.contains(over) {
            let hint = Spelling.hint(over, among: environment.projectionNames)
            file.error(source.overPlace, "unknown projection `\(over)`\(hint)")
        }
        return result
    }

    /// Compiles and declares the names of `let`, and returns their definitions, too.
    private func variables(_ scope: inout RuleScope) -> ([RulePlan.Variable], [String: SyntaxView]) {
        var result: [RulePlan.Variable] = []
        var definitions: [String: SyntaxView] = [:]
        var fields: [RecordType.Field] = []
        func declare(_ scope: inout RuleScope) {
            scope.environment.declare(record: RecordType(RuleEnvironment.locals, fields))
            scope.environment.declare(variable: RuleEnvironment.locals, .record(RuleEnvironment.locals))
        }
        declare(&scope)
        for variable in scope.rule.variables {
            checkName(variable)
            let (program, syntax) = expressions.compileWithSyntax(variable.expression, in: scope.environment)
            definitions[variable.name] = syntax
            fields.append(RecordType.Field(variable.name, program?.resultType ?? .dyn))
            declare(&scope)
            scope.environment.declare(alias: variable.name, of: RuleEnvironment.locals, member: variable.name)
            guard let program else { continue }
            result.append(
                RulePlan.Variable(
                    name: variable.name, utf8: Array(variable.name.utf8), source: variable.expression.text,
                    program: program))
        }
        return (result, definitions)
    }

    private func when(_ scope: RuleScope) -> (Program?, SyntaxView?) {
        guard let expression = scope.rule.when else { return (nil, nil) }
        let (compiled, syntax) = expressions.compileWithSyntax(expression, in: scope.environment)
        guard let compiled, let program = expressions.typed(compiled, expression, as: [.bool], what: "`when`") else {
            return (nil, nil)
        }
        if case .bool(false) = program.constantValue {
            file.warning(
                expression.place(0, in: file), "rule `\(scope.rule.id)` can never fire: `when` is always false")
        }
        return (program, syntax)
    }

    /// A name of `let` must hide nothing that stands for something else; an agent's own file may call what the agent is
    /// about by the agent's name.
    private func checkName(_ variable: RuleSource.Variable) {
        let name = variable.name
        let what: String
        if CELEnvironment.isReserved(name) {
            file.error(variable.place, "`\(name)` is a word of CEL", length: name.unicodeScalars.count)
            return
        }
        if ["event", "data", "params", "table", "item"].contains(name) {
            what = "`\(name)` of every rule"
        } else if environment.projectionNames.contains(name) {
            what = "the projection `\(name)`"
        } else if environment.base.hasFunction(name) {
            what = "the function `\(name)`"
        } else if agents.contains(name), name != agent.name {
            what = "the agent `\(name)`"
        } else {
            return
        }
        file.doubt(variable.place, "`\(name)` would hide \(what)", length: name.unicodeScalars.count)
    }

    /// The list of `each` and the scope in which `item` is one of it; where it is in error `item` may be anything.
    func each(_ source: ExpressionText?, _ scope: RuleScope) -> (Program?, RuleScope) {
        guard let source else { return (nil, scope) }
        let program = compile(source, in: scope)
        var inner = scope
        if case .list(let element) = program?.resultType {
            inner.environment.declare(variable: "item", element)
            return (program, inner)
        }
        inner.environment.declare(variable: "item", .dyn)
        if let found = program?.resultType, found != .dyn {
            file.error(source.place(0, in: file), "`each` must be a list, is \(TypeText.describe(found))")
        }
        return (program, inner)
    }

    private func timers(_ sources: [RuleSource.Timer], _ scope: RuleScope) -> [RulePlan.Timer] {
        sources.compactMap { source in
            let (each, scope) = each(source.each, scope)
            let key = program(source.key, scope, [.string], "`key`")
            let at = program(source.at, scope, [.timestamp], "`at`")
            let condition = program(source.condition, scope, [.bool], "`if`")
            return key.map {
                RulePlan.Timer(
                    name: source.name, key: $0, at: at, each: each, condition: condition,
                    itemSlot: scope.environment.slot(of: "item") ?? 0)
            }
        }
    }

    private func quorum(_ scope: RuleScope) -> RulePlan.Quorum? {
        guard let source = scope.rule.quorum else { return nil }
        if !scope.rule.timers.isEmpty || !scope.rule.cancels.isEmpty {
            file.error(
                source.place,
                "a vote holds decisions, not `timers` and `cancel`: put these into a rule on what is decided")
        }
        for (name, place) in source.of where !agents.contains(name) {
            file.error(place, "unknown agent `\(name)`\(Spelling.hint(name, among: agents))")
        }
        var within = source.within
        if within.text.utf8.first.map({ $0 >= 0x30 && $0 <= 0x39 }) ?? false {
            within = ExpressionText("duration('\(within.text)')", standingFor: within.length, at: within.place)
        }
        let duration = program(within, scope, [.duration], "`within`")
        let reference = program(source.reference, scope, [.string], "`reference`")
        guard let within = duration, let reference else { return nil }
        return RulePlan.Quorum(of: source.of.map(\.text), need: source.need, within: within, reference: reference)
    }

    /// Compiles what has to be of one of the types; nil where it is absent or in error.
    func program(
        _ source: ExpressionText?, _ scope: RuleScope, _ types: [CELType], _ what: String
    ) -> Program? {
        guard let source else { return nil }
        return expressions.compile(source, in: scope.environment, as: types, what: what)
    }

    func compile(_ source: ExpressionText, in scope: RuleScope) -> Program? {
        expressions.compile(source, in: scope.environment)
    }
}

/// The scope of a rule's expressions at one point of it.
struct RuleScope {
    let rule: RuleSource
    /// The types of the entries it is asked about.
    let seen: [EventType]
    var environment: CELEnvironment
    /// The check that knows the possible texts of expressions.
    var texts: TextCheck?

    init(rule: RuleSource, seen: [EventType], environment: CELEnvironment) {
        self.rule = rule
        self.seen = seen
        self.environment = environment
    }
}

extension RuleCompiler.Task {
    /// Returns nil after noting the errors of the rule in its file.
    func compiled() -> RuleCompiler.Compiled? {
        let compiled = compiler.compile(source, seen: seen)
        return isSound ? compiled : nil
    }

    /// The names that the expressions of the rule read, once it has been compiled without error.
    func reads() -> RuleReads { RuleReads(compiler.syntax(of: source, seen: seen)) }
}

/// Checks what a file and a rule say for several decisions, also where none of them uses it.
extension RuleCompiler {
    func check(_ common: RuleReader.Common, _ rules: [RuleSource]) {
        if let refused = common.refused { _ = refusing(refused.text, refused.place) }
        let scope = scope(of: RuleSource(), seen: [])
        if let onError = common.onError, !rules.contains(where: \.hasFilesOnError) { _ = emits(onError, scope) }
        switch common.subject {
        case .member(let name, let place):
            let emitted = rules.flatMap { self.emitted(by: $0) }
            let own = types.all.filter { $0.kind == .decision && $0.owner == agent.name }
            check(subject: name, place, among: own + emitted) { file.error(place, $0, length: $1) }
        case .expression(let expression):
            guard !rules.contains(where: \.hasFilesSubject) else { return }
            _ = program(expression, scope, [.string, .optional(.string)], "`subject`")
        case nil: break
        }
    }

    /// Checks the names that a rule states once for all its decisions.
    func checkNames(_ rule: RuleSource) {
        if let refused = rule.refused { _ = refusing(refused.text, refused.place) }
        guard case .member(let name, let place) = rule.subject, !rule.hasFilesSubject else { return }
        check(subject: name, place, among: emitted(by: rule)) { file.warning(place, $0, length: $1) }
    }

    /// Notes a subject that none of the types has, unless there is none of them.
    private func check(
        subject name: String, _ place: SourcePlace, among types: [EventType], note: (String, Int) -> Void
    ) {
        guard !types.isEmpty, !types.contains(where: { $0.schema.index(of: name) != nil }) else { return }
        let hint = Spelling.hint(name, among: types.flatMap { $0.schema.members.map(\.name) })
        note("`subject`: no decision has a member `\(name)`\(hint)", name.unicodeScalars.count)
    }

    private func emitted(by rule: RuleSource) -> [EventType] {
        let items = rule.emit + (rule.otherwise ?? []) + (rule.onError ?? []) + rule.refusals.flatMap(\.also)
        return (items.map(\.type) + rule.refusals.map(\.type.text)).compactMap { types[$0] }
    }
}
