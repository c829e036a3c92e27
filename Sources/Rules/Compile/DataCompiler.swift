import AgentKit

/// Compiles the `data` of a decision against its declared type.
struct DataCompiler {
    let file: SourceFile
    let expressions: ExpressionCompiler
    let environment: CELEnvironment
    /// The types the rule is on, whose members a name alone copies.
    var seen: [EventType] = []
    /// The check that knows the possible texts of expressions.
    var texts: TextCheck?

    /// Returns nil after noting the errors.
    func compile(_ data: RuleSource.Data, as type: DeclaredType) -> DataPlan? {
        switch (data, type) {
        case (.expression(let expression), _): return compile(expression, as: type)
        case (.text(let template, let isAccount), .string), (.text(let template, let isAccount), .dyn):
            return text(template, isAccount)
        case (.text(let template, _), _):
            file.error(template.place, "must be \(type.text), is a text")
            return nil
        case (.members(let members, let place), .record(let schema)): return self.members(members, place, schema)
        case (.members(let members, _), .map(let value)): return self.members(members, value)
        case (.members(let members, _), .dyn): return self.members(members, .dyn)
        case (.elements(let elements, _), .list(let element)): return self.elements(elements, element)
        case (.elements(let elements, _), .dyn): return self.elements(elements, .dyn)
        case (.members(_, let place), _), (.elements(_, let place), _):
            file.error(place, "must be \(type.text)")
            return nil
        }
    }

    /// The expression that gives a member: its own, or the trigger's member of the same name.
    func expression(_ member: RuleSource.Member) -> RuleSource.Data {
        if let value = member.value { return value }
        let isOptional = seen.contains { type in
            type.schema.index(of: member.name).map { type.schema.members[$0].isOptional } ?? false
        }
        let text = "event.data." + (isOptional ? "?" : "") + member.name
        return .expression(
            ExpressionText(text, standingFor: member.name.unicodeScalars.count, at: member.place))
    }

    private func members(
        _ members: [RuleSource.Member], _ place: SourcePlace, _ schema: RecordSchema
    ) -> DataPlan? {
        var plans: [DataPlan.Member] = []
        var isComplete = true
        for member in members {
            guard let index = schema.index(of: member.name) else {
                let hint = Spelling.hint(member.name, among: schema.members.map(\.name))
                file.error(
                    member.place, "unknown member `\(member.name)`\(hint)", length: member.name.unicodeScalars.count)
                if let value = member.value { _ = compile(value, as: .dyn) }
                isComplete = false
                continue
            }
            guard !refuses(schema.members[index], of: schema, at: member.place) else {
                isComplete = false
                continue
            }
            guard !plans.contains(where: { $0.name == member.name }) else {
                file.error(member.place, "`\(member.name)` is given twice")
                isComplete = false
                continue
            }
            if let plan = self.member(member, schema.members[index]) {
                plans.append(plan)
            } else {
                isComplete = false
            }
        }
        for index in schema.declaredOrder {
            let declared = schema.members[index]
            guard !declared.isOptional, !schema.isBrought(declared),
                !members.contains(where: { $0.name == declared.name })
            else { continue }
            file.error(place, "missing member `\(declared.name)`")
            isComplete = false
        }
        return isComplete ? record(plans, schema) : nil
    }

    /// Notes where a rule gives the currency that amounts bring.
    private func refuses(_ member: RecordSchema.Member, of schema: RecordSchema, at place: SourcePlace) -> Bool {
        guard schema.isBrought(member) else { return false }
        let amounts = schema.amounts.map { "`\($0)`" }.joined(separator: ", ")
        file.error(
            place, "`\(member.name)` is that of \(amounts): leave it out", length: member.name.unicodeScalars.count)
        return true
    }

    /// The members of a record in their order, with the currency that its amounts bring.
    private func record(_ members: [DataPlan.Member], _ schema: RecordSchema) -> DataPlan {
        let brought = schema.members.filter(schema.isBrought).map {
            DataPlan.Member.currency(isOptional: $0.isOptional)
        }
        let sorted = (members + brought).sorted { JCS.precedes($0.name, $1.name) }
        return schema.hasCurrency ? .money(sorted) : .members(sorted)
    }

    private func members(_ members: [RuleSource.Member], _ type: DeclaredType) -> DataPlan? {
        let plans = members.compactMap { member in
            compile(expression(member), as: type).map {
                DataPlan.Member(name: member.name, isOptionalEntry: false, constraint: nil, plan: $0)
            }
        }
        return plans.count == members.count ? .members(plans.sorted { JCS.precedes($0.name, $1.name) }) : nil
    }

    /// A member; one that may be absent is left out where its expression is an optional that holds nothing.
    private func member(_ member: RuleSource.Member, _ declared: RecordSchema.Member) -> DataPlan.Member? {
        let source = expression(member)
        if declared.isOptional, case .expression(let expression) = source {
            guard let program = expressions.compile(expression, in: environment) else { return nil }
            if case .optional(let inner) = program.resultType {
                guard declared.type.mayBe(inner) else {
                    wrongType(expression, declared.type, inner)
                    return nil
                }
                return DataPlan.Member(
                    name: member.name, isOptionalEntry: true, constraint: declared.constraint,
                    plan: .value(program, declared.type))
            }
        }
        return compile(source, as: declared.type).map {
            DataPlan.Member(name: member.name, isOptionalEntry: false, constraint: declared.constraint, plan: $0)
        }
    }

    /// A text with CEL in braces; of an account, a stroke and the currency end it.
    private func text(_ template: TextTemplate, _ isAccount: Bool) -> DataPlan? {
        var pieces: [DataPlan.Piece] = []
        var isComplete = true
        func add(_ expression: ExpressionText) {
            let program = expressions.compile(
                expression, in: environment, as: [.string, .int], what: "a part of a text")
            if let program { pieces.append(.value(program)) } else { isComplete = false }
        }
        for part in template.parts {
            switch part {
            case .literal(let text): pieces.append(.literal(text))
            case .expression(let expression): add(expression)
            }
        }
        if isAccount { pieces += [.literal("/"), .currency] }
        return isComplete ? .text(pieces) : nil
    }

    private func elements(_ elements: [RuleSource.Data], _ type: DeclaredType) -> DataPlan? {
        let plans = elements.compactMap { compile($0, as: type) }
        return plans.count == elements.count ? .elements(plans) : nil
    }

    /// Returns nil after noting the errors.
    func compile(_ expression: ExpressionText, as type: DeclaredType) -> DataPlan? {
        switch (type, LiteralShape(expression.text)) {
        case (.record(let schema), .map(let entries)): return members(entries, of: expression, schema)
        case (.map(let value), .map(let entries)): return members(entries, of: expression, value)
        case (.dyn, .map(let entries)): return members(entries, of: expression, .dyn)
        case (.list(let element), .list(let ranges)) where !element.holdsAmounts:
            return elements(ranges, of: expression, element)
        case (.dyn, .list(let ranges)): return elements(ranges, of: expression, .dyn)
        default: return value(expression, type)
        }
    }

    private func value(_ expression: ExpressionText, _ type: DeclaredType) -> DataPlan? {
        guard let program = expressions.compile(expression, in: environment) else { return nil }
        guard type.mayBe(program.resultType) else {
            wrongType(expression, type, program.resultType)
            return nil
        }
        if !type.holdsMoney, let value = program.constantValue { return constant(value, type, expression) }
        return canBe(type, expression) ? .value(program, type) : nil
    }

    /// Returns true unless an expression is known to give a text that the enum does not have; notes the error.
    private func canBe(_ type: DeclaredType, _ expression: ExpressionText) -> Bool {
        guard case .oneOf(let declared) = type, let texts, let possible = texts.possible(expression, in: environment)
        else { return true }
        let undeclared = possible.filter { !declared.contains($0) }
        guard !undeclared.isEmpty else { return true }
        let compared = texts.compared
        guard let wrong = undeclared.first(where: { !compared.contains($0) }) else { return true }
        file.error(
            expression.place(0, in: file),
            "must be one of \(declared.joined(separator: ", ")), can be `\(wrong)`\(Spelling.hint(wrong, among: declared))",
            length: expression.length)
        return false
    }

    private func wrongType(_ expression: ExpressionText, _ type: DeclaredType, _ found: CELType) {
        let hint = type == .money && found == .int ? ": `amountOf(…, currency)` gives it a currency" : ""
        file.error(
            expression.place(0, in: file), "must be \(type.text), is \(TypeText.describe(found))" + hint,
            length: expression.length)
    }

    /// A value that no event changes, written once.
    private func constant(_ value: Value, _ type: DeclaredType, _ expression: ExpressionText) -> DataPlan? {
        var writer = ValueWriter()
        do throws(RuleFailure) {
            try writer.write(value, type, nil)
            return .constant(writer.takeBytes())
        } catch {
            file.error(expression.place(0, in: file), error.message, length: expression.length)
            return nil
        }
    }

    private func members(
        _ entries: [LiteralShape.Entry], of expression: ExpressionText, _ schema: RecordSchema
    ) -> DataPlan? {
        var members: [DataPlan.Member] = []
        var isComplete = true
        for entry in entries {
            guard let index = schema.index(of: entry.key) else {
                let hint = Spelling.hint(entry.key, among: schema.members.map(\.name))
                file.error(
                    expression.place(entry.keyOffset, in: file), "unknown member `\(entry.key)`\(hint)",
                    length: entry.key.unicodeScalars.count + 2)
                _ = compile(expression.part(entry.value), as: .dyn)
                isComplete = false
                continue
            }
            let declared = schema.members[index]
            if refuses(declared, of: schema, at: expression.place(entry.keyOffset, in: file)) {
                isComplete = false
                continue
            }
            if entry.isOptional, !declared.isOptional {
                file.error(
                    expression.place(entry.keyOffset, in: file),
                    "member `\(entry.key)` must be there, an optional entry may leave it out",
                    length: entry.key.unicodeScalars.count + 2)
                isComplete = false
            }
            if let member = member(entry, of: expression, declared.type, declared.constraint) {
                members.append(member)
            } else {
                isComplete = false
            }
        }
        for index in schema.declaredOrder {
            let declared = schema.members[index]
            guard !declared.isOptional, !schema.isBrought(declared),
                !entries.contains(where: { $0.key == declared.name })
            else { continue }
            file.error(expression.place(0, in: file), "missing member `\(declared.name)`")
            isComplete = false
        }
        return isComplete ? record(members, schema) : nil
    }

    private func members(
        _ entries: [LiteralShape.Entry], of expression: ExpressionText, _ type: DeclaredType
    ) -> DataPlan? {
        let members = entries.compactMap { member($0, of: expression, type, nil) }
        return members.count == entries.count ? .members(members.sorted { JCS.precedes($0.name, $1.name) }) : nil
    }

    private func member(
        _ entry: LiteralShape.Entry, of expression: ExpressionText, _ type: DeclaredType, _ constraint: Constraint?
    ) -> DataPlan.Member? {
        let text = expression.part(entry.value)
        let plan: DataPlan?
        if entry.isOptional {
            plan = optional(text, type)
        } else {
            plan = compile(text, as: type)
        }
        return plan.map {
            DataPlan.Member(
                name: entry.key, isOptionalEntry: entry.isOptional, constraint: constraint, plan: $0)
        }
    }

    private func optional(_ expression: ExpressionText, _ type: DeclaredType) -> DataPlan? {
        guard let program = expressions.compile(expression, in: environment) else { return nil }
        switch program.resultType {
        case .dyn: return .value(program, type)
        case .optional(let inner) where type.mayBe(inner): return .value(program, type)
        default:
            file.error(
                expression.place(0, in: file),
                "an optional entry needs optional(\(type.text)), is \(TypeText.describe(program.resultType))",
                length: expression.length)
            return nil
        }
    }

    private func elements(
        _ ranges: [Range<Int>], of expression: ExpressionText, _ type: DeclaredType
    ) -> DataPlan? {
        let plans = ranges.compactMap { compile(expression.part($0), as: type) }
        return plans.count == ranges.count ? .elements(plans) : nil
    }
}
