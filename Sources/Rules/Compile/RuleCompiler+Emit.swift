import AgentKit

/// Compiles what a rule decides, and how it refuses.
extension RuleCompiler {
    func emits(_ sources: [RuleSource.Emit], _ scope: RuleScope) -> [RulePlan.Emit] {
        sources.compactMap { emit($0, scope) }
    }

    private func emit(_ source: RuleSource.Emit, _ scope: RuleScope) -> RulePlan.Emit? {
        let type = decision(source.type, source.typePlace)
        let (each, scope) = each(source.each, scope)
        let condition = program(source.condition, scope, [.bool], "`if`")
        let compiler = dataCompiler(scope)
        let data = compiler.compile(source.data, as: type.map { .record($0.schema) } ?? .dyn)
        let subject = subject(source, of: type, scope, compiler)
        guard let type, let data else { return nil }
        return RulePlan.Emit(
            type: type, subject: subject, data: data, each: each, condition: condition,
            itemSlot: scope.environment.slot(of: "item") ?? 0)
    }

    private func dataCompiler(_ scope: RuleScope) -> DataCompiler {
        DataCompiler(
            file: file, expressions: expressions, environment: scope.environment, seen: scope.seen, texts: scope.texts)
    }

    private func subject(
        _ source: RuleSource.Emit, of type: EventType?, _ scope: RuleScope, _ compiler: DataCompiler
    ) -> RulePlan.Subject {
        let types = [CELType.string, .optional(.string)]
        switch source.subject {
        case nil: return .triggers
        case .expression(let expression):
            return program(expression, scope, types, "`subject`").map { .value($0) } ?? .nothing
        case .member(let name, let place):
            guard let type, let index = type.schema.index(of: name) else {
                if let type, source.hasOwnSubject {
                    let hint = Spelling.hint(name, among: type.schema.members.map(\.name))
                    file.warning(
                        place, "`\(type.name)` has no member `\(name)`, and is so about nothing\(hint)",
                        length: name.unicodeScalars.count)
                }
                return .nothing
            }
            switch given(name, in: source.data, compiler) {
            case .nothing: return .nothing
            case .expression(let expression):
                return program(expression, scope, types, "`subject`").map { .value($0) } ?? .nothing
            case .computed:
                let declared = type.schema.members[index].type
                if declared.isText || declared == .dyn { return .member(name) }
                file.error(place, "`subject` must be string, is \(declared.text)", length: name.unicodeScalars.count)
                return .nothing
            }
        }
    }

    /// The source of a member of a decision's data.
    private enum Given {
        case nothing
        case expression(ExpressionText)
        /// Only the data, once they are there, can tell.
        case computed
    }

    private func given(_ name: String, in data: RuleSource.Data, _ compiler: DataCompiler) -> Given {
        switch data {
        case .members(let members, _):
            guard let member = members.first(where: { $0.name.utf8.elementsEqual(name.utf8) }) else { return .nothing }
            if case .expression(let expression) = compiler.expression(member) { return .expression(expression) }
            return .computed
        case .expression(let whole):
            guard case .map(let entries) = LiteralShape(whole.text) else { return .computed }
            let entry = entries.first { $0.key.utf8.elementsEqual(name.utf8) }
            return entry.map { .expression(whole.part($0.value)) } ?? .nothing
        case .elements, .text: return .nothing
        }
    }

    /// A type that the agent's rules may emit; nil after noting an error in the name.
    private func decision(_ name: String, _ place: SourcePlace) -> EventType? {
        guard let type = types[name] else {
            if lost.contains(name) { return nil }
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

    /// The decision that refuses; doubtful where the agent's own declaration of it does not say that it does.
    func refusing(_ name: String, _ place: SourcePlace) -> EventType? {
        guard let type = decision(name, place) else { return nil }
        if !type.isRefusal, type.owner == agent.name {
            file.warning(
                place, "`\(name)` refuses, and its declaration does not say so: `outcome: refused`",
                length: name.unicodeScalars.count)
        }
        return type
    }

    func refusal(_ source: RuleSource.Refusal, _ scope: RuleScope) -> RulePlan.Refusal? {
        let when = program(source.when, scope, [.bool], "`when`")
        let because = text(source.because, scope)
        let refusal = refusing(source.type.text, source.type.place).map { self.members(of: $0, source, scope) }
        var emits: [RulePlan.Emit] = []
        if let (members, isWhole) = refusal, isWhole {
            let item = RuleSource.Emit(
                type: source.type.text, typePlace: source.type.place, place: source.place, subject: scope.rule.subject,
                data: .members(members, source.place), each: nil, condition: nil)
            emits = self.emits([item], scope)
        } else {
            // Compiles the members all the same, so that their errors are reported too.
            let compiler = dataCompiler(scope)
            for member in source.with { _ = compiler.compile(compiler.expression(member), as: .dyn) }
        }
        emits += self.emits(source.also, scope)
        return when.map { RulePlan.Refusal(when: $0, because: because, reason: source.reason?.literal, emit: emits) }
    }

    /// The members of a refusal: its reason, the type it is about, what `with` gives, and what the trigger has of the
    /// same name and type; and whether these are all that it needs.
    private func members(
        of type: EventType, _ source: RuleSource.Refusal, _ scope: RuleScope
    ) -> (members: [RuleSource.Member], isWhole: Bool) {
        var members = source.with
        var isWhole = true
        if let reason = source.reason {
            if let value = self.reason(reason, of: type) {
                members.append(RuleSource.Member(name: "reason", place: reason.place, value: .expression(value)))
            } else {
                isWhole = false
            }
        } else if !isKnown(members.first { $0.name == "reason" }, of: type, scope) {
            isWhole = false
        }
        let given = Set(members.map(\.name) + (source.reason == nil ? [] : ["reason"]))
        for declared in type.schema.declaredOrder.map({ type.schema.members[$0] })
        where !given.contains(declared.name) {
            if type.schema.isBrought(declared) { continue }
            if declared.name == "on" {
                let name = ExpressionText("event.type", standingFor: 1, at: source.place)
                members.append(RuleSource.Member(name: "on", place: source.place, value: .expression(name)))
            } else if declared.name != "reason", gives(declared, scope) {
                members.append(RuleSource.Member(name: declared.name, place: source.place, value: nil))
            } else if !declared.isOptional {
                let how = declared.name == "reason" ? "say it" : "the trigger does not have it: give it under `with:`"
                file.error(source.place, "`\(type.name)` needs `\(declared.name)`: \(how)")
                isWhole = false
            }
        }
        return (members, isWhole)
    }

    /// Returns true if a reason given under `with` can be compared with those that the decision declares, where it
    /// declares any: an error in an expression with unknown values would be found only when an event comes.
    private func isKnown(_ reason: RuleSource.Member?, of type: EventType, _ scope: RuleScope) -> Bool {
        guard let reason, case .expression(let expression) = reason.value,
            let index = type.schema.index(of: "reason"), case .oneOf = type.schema.members[index].type,
            let texts = scope.texts, texts.possible(expression, in: scope.environment) == nil
        else { return true }
        noteUnknownReason(expression.place(0, in: file), of: type, length: expression.length)
        return false
    }

    private func noteUnknownReason(_ place: SourcePlace, of type: EventType, length: Int = 1) {
        file.error(
            place, "`\(type.name)` declares which reasons there are: name one; an expression needs `reason: string`",
            length: length)
    }

    /// Returns true if every type that the rule is on has the member, of the same type; taken for granted where one is
    /// unknown.
    private func gives(_ declared: RecordSchema.Member, _ scope: RuleScope) -> Bool {
        scope.seen.isEmpty
            || scope.seen.allSatisfy { type in
                guard let index = type.schema.index(of: declared.name) else { return false }
                let member = type.schema.members[index]
                return member.type.isAlike(declared.type) && (declared.isOptional || !member.isOptional)
            }
    }

    /// A code as it stands, or the one expression that gives it.
    private func reason(_ template: TextTemplate, of type: EventType) -> ExpressionText? {
        if let code = template.literal, RuleReader.isIdentifier(code) {
            return ExpressionText("'" + code + "'", standingFor: code.unicodeScalars.count, at: template.place)
        }
        guard template.parts.count == 1, let expression = template.expressions.first else {
            file.error(template.place, "`reason` is a code, or one expression in braces")
            return nil
        }
        if let index = type.schema.index(of: "reason"), type.schema.members[index].type != .string {
            noteUnknownReason(template.place, of: type)
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
                length: expression.length)
            return nil
        }
        return program
    }
}
