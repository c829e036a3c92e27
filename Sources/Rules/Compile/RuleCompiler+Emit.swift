import AgentKit

/// Compiles what a rule decides, and how it refuses.
extension RuleCompiler {
    func emits(_ sources: [RuleSource.Emit], _ scope: RuleScope) -> [RulePlan.Emit] {
        sources.compactMap { emit($0, scope) }
    }

    private func emit(_ source: RuleSource.Emit, _ scope: RuleScope) -> RulePlan.Emit? {
        guard let type = decision(source.type, source.typePlace),
            let (each, scope) = each(source.each, scope)
        else { return nil }
        let condition = program(source.condition, scope, [.bool], "`if`")
        let compiler = DataCompiler(
            file: file, expressions: expressions, environment: scope.environment, seen: scope.seen)
        guard let data = compiler.compile(source.data, as: .record(type.schema)) else { return nil }
        return RulePlan.Emit(
            type: type, subject: subject(source, scope, compiler), data: data, each: each, condition: condition,
            itemSlot: scope.environment.slot(of: "item") ?? 0)
    }

    private func subject(_ source: RuleSource.Emit, _ scope: RuleScope, _ compiler: DataCompiler) -> Program? {
        let types = [CELType.string, .optional(.string)]
        switch source.subject {
        case nil: return nil
        case .expression(let expression): return program(expression, scope, types, "`subject`")
        case .member(let name):
            return expression(of: name, in: source.data, compiler).flatMap { program($0, scope, types, "`subject`") }
        }
    }

    /// The expression that gives a member of a decision's data, where there is one.
    private func expression(of name: String, in data: RuleSource.Data, _ compiler: DataCompiler) -> ExpressionText? {
        switch data {
        case .members(let members, _):
            guard let member = members.first(where: { $0.name.utf8.elementsEqual(name.utf8) }),
                case .expression(let expression) = compiler.expression(member)
            else { return nil }
            return expression
        case .expression(let whole):
            guard case .map(let entries) = LiteralShape(whole.text),
                let entry = entries.first(where: { $0.key.utf8.elementsEqual(name.utf8) })
            else { return nil }
            return whole.part(entry.value)
        case .elements, .text: return nil
        }
    }

    /// A type that the agent's rules may emit; nil after noting what is wrong with the name.
    private func decision(_ name: String, _ place: SourcePlace) -> EventType? {
        guard let type = types[name] else {
            let known = types.all.filter { $0.owner == agent.name || $0.owner == "any" }.map(\.name)
            file.error(
                place,
                "unknown event type `\(name)`: declare it under `decisions:`\(Spelling.hint(name, among: known))",
                length: name.unicodeScalars.count)
            return nil
        }
        guard type.kind == .decision, type.owner == agent.name || type.owner == "any" else {
            let whose = type.owner == agent.name ? "a \(type.kind.rawValue)" : "of `\(type.owner)`"
            file.error(
                place, "`\(agent.name)` cannot emit `\(name)`: it is \(whose)", length: name.unicodeScalars.count)
            return nil
        }
        return type
    }

    // MARK: Refusing

    func refusal(_ source: RuleSource.Refusal, _ scope: RuleScope) -> RulePlan.Refusal? {
        let when = program(source.when, scope, [.bool], "`when`")
        let because = text(source.because, scope)
        guard let type = decision(source.type.text, source.type.place), let members = members(of: type, source, scope)
        else { return nil }
        let refusal = RuleSource.Emit(
            type: type.name, typePlace: source.type.place, place: source.place, subject: scope.rule.subject,
            data: .members(members, source.place), each: nil, condition: nil)
        let emits = emits([refusal] + source.also, scope)
        return when.map { RulePlan.Refusal(when: $0, because: because, emit: emits) }
    }

    /// The members of a refusal: its reason, the type it is about, what `with` gives, and what the trigger has of the same
    /// name and type.
    private func members(
        of type: EventType, _ source: RuleSource.Refusal, _ scope: RuleScope
    ) -> [RuleSource.Member]? {
        var members = source.with
        if let reason = source.reason {
            guard let value = self.reason(reason, of: type) else { return nil }
            members.append(RuleSource.Member(name: "reason", place: reason.place, value: .expression(value)))
        }
        for declared in type.schema.declaredOrder.map({ type.schema.members[$0] })
        where !members.contains(where: { $0.name.utf8.elementsEqual(declared.name.utf8) }) {
            if type.schema.isBrought(declared) { continue }
            if declared.name == "on" {
                let name = ExpressionText("event.type", place: source.place, style: .plain)
                members.append(RuleSource.Member(name: "on", place: source.place, value: .expression(name)))
            } else if declared.name != "reason", gives(declared, scope) {
                members.append(RuleSource.Member(name: declared.name, place: source.place, value: nil))
            } else if !declared.isOptional {
                let how = declared.name == "reason" ? "say it" : "the trigger does not have it: give it under `with:`"
                file.error(source.place, "`\(type.name)` needs `\(declared.name)`: \(how)")
                return nil
            }
        }
        return members
    }

    /// Whether every type that the rule is on has the member, of the same type; taken for granted where one is unknown.
    private func gives(_ declared: RecordSchema.Member, _ scope: RuleScope) -> Bool {
        scope.seen.isEmpty
            || scope.seen.allSatisfy { type in
                guard let index = type.schema.index(of: declared.name) else { return false }
                let member = type.schema.members[index]
                return member.type == declared.type && (declared.isOptional || !member.isOptional)
            }
    }

    /// A code as it stands, or the one expression that gives it.
    private func reason(_ template: TextTemplate, of type: EventType) -> ExpressionText? {
        if let code = template.literal, RuleReader.isIdentifier(code) {
            return ExpressionText("'" + code + "'", place: template.place, style: .plain)
        }
        guard template.parts.count == 1, let expression = template.expressions.first else {
            file.error(template.place, "`reason` is a code, or one expression in braces")
            return nil
        }
        if let index = type.schema.index(of: "reason"), type.schema.members[index].type != .string {
            file.error(
                template.place,
                "`\(type.name)` declares which reasons there are: name one; an expression needs `reason: string`")
            return nil
        }
        return expression
    }

    /// Compiles a text with CEL in braces.
    func text(_ template: TextTemplate?, _ scope: RuleScope) -> TextPlan? {
        guard let template else { return nil }
        return TextPlan(
            segments: template.parts.compactMap { part in
                switch part {
                case .literal(let text): .literal(text)
                case .expression(let expression): said(expression, scope).map { .value($0) }
                }
            }, currencies: environment.currencies)
    }

    private func said(_ expression: ExpressionText, _ scope: RuleScope) -> Program? {
        guard let program = compile(expression, in: scope) else { return nil }
        guard TextPlan.says(program.resultType) else {
            file.error(
                expression.place(0, in: file), "a text cannot say \(TypeText.describe(program.resultType))",
                length: expression.text.unicodeScalars.count)
            return nil
        }
        return program
    }
}
