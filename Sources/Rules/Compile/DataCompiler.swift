import AgentKit

/// Compiles the `data` of a decision against its declared type.
struct DataCompiler {
    let file: SourceFile
    let expressions: ExpressionCompiler
    let environment: Environment

    /// Nil after noting what is wrong.
    func compile(_ expression: ExpressionText, as type: DeclaredType) -> DataPlan? {
        switch (type, LiteralShape(expression.text)) {
        case (.record(let schema), .map(let entries)): return members(entries, of: expression, schema)
        case (.map(let value), .map(let entries)): return members(entries, of: expression, value)
        case (.dyn, .map(let entries)): return members(entries, of: expression, .dyn)
        case (.list(let element), .list(let ranges)): return elements(ranges, of: expression, element)
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
        return constant(program, type, expression) ?? .value(program, type)
    }

    private func wrongType(_ expression: ExpressionText, _ type: DeclaredType, _ found: CELType) {
        file.error(
            expression.place(0, in: file), "must be \(type.text), is \(TypeText.describe(found))",
            length: expression.text.unicodeScalars.count)
    }

    /// A value that no event changes, written once.
    private func constant(_ program: Program, _ type: DeclaredType, _ expression: ExpressionText) -> DataPlan? {
        guard let value = program.constantValue else { return nil }
        var writer = ValueWriter()
        do throws(RuleFailure) {
            try writer.write(value, type, nil)
            return .constant(writer.takeBytes())
        } catch {
            file.error(expression.place(0, in: file), error.message, length: expression.text.unicodeScalars.count)
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
                isComplete = false
                continue
            }
            let declared = schema.members[index]
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
            guard !declared.isOptional, !entries.contains(where: { $0.key == declared.name }) else { continue }
            file.error(expression.place(0, in: file), "missing member `\(declared.name)`")
            isComplete = false
        }
        return isComplete ? .members(members.sorted { JCS.precedes($0.name, $1.name) }) : nil
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
                length: expression.text.unicodeScalars.count)
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
