import AgentKit

/// Compiles the `fold` of one agent's file.
struct FoldCompiler {
    let file: SourceFile
    let agent: String
    let types: EventTypes
    /// The tables of every agent.
    let tables: [DeclaredTable]
    let environment: RuleEnvironment
    private let expressions: ExpressionCompiler

    init(_ source: AgentSource, types: EventTypes, tables: [DeclaredTable], environment: RuleEnvironment) {
        file = source.file
        agent = source.agent
        self.types = types
        self.tables = tables
        self.environment = environment
        expressions = ExpressionCompiler(file: file, optionalFields: environment.optionalFields)
    }

    /// Notes the errors in the file.
    func compile(_ fold: StateSource.Fold) -> (EventType, [FoldPlan])? {
        let length = fold.type.unicodeScalars.count
        guard let type = types[fold.type] else {
            let hint = Spelling.hint(fold.type, among: types.all.map(\.name))
            file.error(fold.typePlace, "unknown event type `\(fold.type)`\(hint)", length: length)
            return nil
        }
        switch type.kind {
        case .fact, .decision: break
        case .trigger:
            file.error(
                fold.typePlace,
                "`\(type.name)` is a trigger, which rules may refuse: fold the decision that answers it", length: length
            )
            return nil
        case .engine:
            file.error(
                fold.typePlace, "`\(type.name)` is an entry of the engine: only facts and decisions are folded",
                length: length)
            return nil
        }
        return (type, fold.items.compactMap { plan($0, type) })
    }

    private func plan(_ item: StateSource.Item, _ type: EventType) -> FoldPlan? {
        guard let table = table(item.table) else { return nil }
        let before = file.errors.count
        var scope = RuleEnvironment.extend(environment.foldBase, on: [type])
        scope.declare(alias: "data", of: "event", member: "data")
        scope.declare(variable: "row", .record(table.schema.name))
        let key = key(item, table, type, scope)
        let condition = item.condition.flatMap { expression in
            note(expression, scope, type, .bool, "nothing is folded")
            return expressions.compile(expression, in: scope, as: [.bool], what: "`if`")
        }
        let data = DataCompiler(file: file, expressions: expressions, environment: scope, seen: [type])
        var members: [FoldPlan.Member] = []
        for member in item.row {
            guard let index = index(of: member, in: table, beside: members) else { continue }
            if let plan = self.member(member, index, table, data, type) { members.append(plan) }
        }
        if item.action != .remove, let place = item.rowPlace { checkWhole(item, members, table, place) }
        guard file.errors.count == before, let key else { return nil }
        return FoldPlan(table: table, action: item.action, key: key, condition: condition, members: members)
    }

    private func table(_ named: (text: String, place: SourcePlace)) -> DeclaredTable? {
        let own = tables.filter { $0.agent == agent }
        if let table = own.first(where: { $0.name == named.text }) { return table }
        let other = tables.first { $0.name == named.text }
        let why =
            other.map { "is a table of agent `\($0.agent)`: an agent folds into its own" }
            ?? (environment.projectionNames.contains(named.text)
                ? "is a projection of the program: an agent folds into its own tables"
                : "is not a table of this file\(Spelling.hint(named.text, among: own.map(\.name)))")
        file.error(named.place, "`\(named.text)` \(why)", length: named.text.unicodeScalars.count)
        return nil
    }

    private func key(
        _ item: StateSource.Item, _ table: DeclaredTable, _ type: EventType, _ scope: CELEnvironment
    ) -> Program? {
        if let key = item.key {
            note(key, scope, type, .string, "nothing is folded")
            return expressions.compile(key, in: scope, as: [.string], what: "`key`")
        }
        let name = table.shape.key
        guard let index = type.schema.index(of: name) else {
            file.error(
                item.table.place,
                "`\(type.name)` has no member `\(name)`, the key of `\(table.name)`: say which row it is with `key: CEL`",
                length: item.table.text.unicodeScalars.count)
            return nil
        }
        if type.schema.members[index].isOptional {
            file.warning(
                item.table.place, "`\(name)` of `\(type.name)` may be absent, and then nothing is folded",
                length: item.table.text.unicodeScalars.count)
        }
        let text = ExpressionText(
            "event.data." + name, standingFor: item.table.text.unicodeScalars.count, at: item.table.place)
        return ExpressionCompiler(file: file).compile(text, in: scope, as: [.string], what: "the key of a row")
    }

    private func index(
        of member: RuleSource.Member, in table: DeclaredTable, beside members: [FoldPlan.Member]
    ) -> Int? {
        let length = member.name.unicodeScalars.count
        guard let index = table.schema.index(of: member.name) else {
            let hint = Spelling.hint(member.name, among: table.members)
            file.error(member.place, "`\(table.name)` has no member `\(member.name)`\(hint)", length: length)
            return nil
        }
        if table.schema.isBrought(table.schema.members[index]) {
            let amounts = table.schema.amounts.map { "`\($0)`" }.joined(separator: ", ")
            file.error(member.place, "`\(member.name)` is that of \(amounts): leave it out", length: length)
            return nil
        }
        guard !members.contains(where: { $0.index == index }) else {
            file.error(member.place, "`\(member.name)` is given twice", length: length)
            return nil
        }
        return index
    }

    private func member(
        _ member: RuleSource.Member, _ index: Int, _ table: DeclaredTable, _ data: DataCompiler, _ type: EventType
    ) -> FoldPlan.Member? {
        let declared = table.schema.members[index]
        guard case .expression(let expression) = data.expression(member) else {
            file.error(member.place, "`\(member.name)` must be a CEL expression in one text")
            return nil
        }
        guard let program = expressions.compile(expression, in: data.environment) else { return nil }
        var found = program.resultType
        var isOptional = false
        if declared.isOptional, case .optional(let inner) = found { (found, isOptional) = (inner, true) }
        guard declared.type.mayBe(found), found != TypeText.personal else {
            let what = TypeText.describe(program.resultType)
            file.error(
                expression.place(0, in: file), "`\(member.name)` must be \(declared.type.text), is \(what)",
                length: expression.text.unicodeScalars.count)
            return nil
        }
        if let problem = Self.problem(of: program.constantValue, declared.type) {
            file.error(
                expression.place(0, in: file), "`\(member.name)` \(problem)",
                length: expression.text.unicodeScalars.count)
            return nil
        }
        if member.value != nil {
            note(expression, data.environment, type, declared.type, "`\(member.name)` then stays as it was")
        }
        return FoldPlan.Member(index: index, program: program, isOptional: isOptional)
    }

    /// The problem with a value that no event changes; nil where there is none.
    private static func problem(of value: Value?, _ type: DeclaredType) -> String? {
        guard var value else { return nil }
        if case .optional(let optional) = value {
            guard let content = optional.value else { return nil }
            value = content
        }
        var writer = ValueWriter()
        do throws(RuleFailure) {
            try writer.write(value, type, nil)
            return nil
        } catch {
            return error.message
        }
    }

    /// A row that is put is given whole; a change changes something.
    private func checkWhole(
        _ item: StateSource.Item, _ members: [FoldPlan.Member], _ table: DeclaredTable, _ place: SourcePlace
    ) {
        if item.action == .change {
            if item.row.isEmpty { file.error(place, "`row` names no member: `change` sets at least one") }
            return
        }
        let named = Set(item.row.map(\.name))
        for index in table.schema.declaredOrder {
            let member = table.schema.members[index]
            guard !member.isOptional, !named.contains(member.name), !table.schema.isBrought(member) else { continue }
            file.error(place, "missing member `\(member.name)`: `put` gives the whole row, `change` a part of it")
        }
    }

    /// Warns where an expression can be in error.
    private func note(
        _ expression: ExpressionText, _ scope: CELEnvironment, _ type: EventType, _ wanted: DeclaredType,
        _ consequence: String
    ) {
        let check = FoldCheck(texts: environment.texts(seenBy: [type]))
        guard let view = try? scope.syntax(of: expression.text) else { return }
        for (offset, problem) in check.doubts(view, wanted) {
            file.warning(expression.place(offset, in: file), "\(problem): \(consequence)")
        }
    }
}

/// Finds the places at which an expression of a fold can fail, so that checking the rules warns of them. Integer
/// overflow is not looked for.
struct FoldCheck {
    /// The texts that members can be, by record and member.
    let texts: [String: [String: [String]]]

    /// Functions that fail on some arguments of the right type.
    private static let partial: Set<String> = [
        "value", "charAt", "substring", "format", "base64.decode", "allot", "basisPoints", "money", "matches",
        "replace",
    ]
    /// Conversions, which fail on texts that say no such value.
    private static let conversions: Set<String> = ["int", "uint", "double", "bool", "timestamp", "duration"]

    /// Each place with what can go wrong there, by offset.
    func doubts(_ view: SyntaxView, _ wanted: DeclaredType) -> [(offset: Int, problem: String)] {
        var doubts: [(offset: Int, problem: String)] = []
        visit(view) { part in
            if let problem = doubt(part) { doubts.append((part.offset, problem)) }
        }
        if let problem = misfit(view, wanted) { doubts.append((view.offset, problem)) }
        return doubts
    }

    private func visit(_ view: SyntaxView, _ body: (SyntaxView) -> Void) {
        body(view)
        for child in view.children { visit(child, body) }
    }

    private func doubt(_ view: SyntaxView) -> String? {
        switch view.form {
        case .element(let operand, let index):
            guard !Self.isOptional(view.type), !Self.isOptional(operand.type) else { return nil }
            return "there may be no `\(index.text)` in `\(operand.text)`; `[?\(index.text)]` asks for it"
        case .member(let operand, let name):
            guard !Self.isOptional(view.type) else { return nil }
            switch operand.type {
            case .map, .dyn: return "there may be no `\(name)` in `\(operand.text)`; `.?\(name)` asks for it"
            default: return nil
            }
        case .call(let name, let arguments): return doubt(name, arguments, view)
        default: return nil
        }
    }

    private func doubt(_ name: String, _ arguments: [SyntaxView], _ view: SyntaxView) -> String? {
        switch name {
        case "_/_", "_%_":
            guard let divisor = arguments.last, divisor.type == .int || divisor.type == .uint else { return nil }
            if case .literal(.int(let number)) = divisor.form, number != 0 { return nil }
            return "`\(divisor.text)` may be 0"
        case "matches":
            if case .literal? = arguments.last?.form { return nil }
            return "`\(view.text)` can fail"
        case _ where Self.conversions.contains(name):
            guard let argument = arguments.first, argument.type == .string || argument.type == .dyn else { return nil }
            if case .literal = argument.form { return nil }
            return "`\(argument.text)` may be no \(name)"
        case "amountOf":
            guard case .literal? = arguments.last?.form else { return "`\(view.text)` can fail" }
            return nil
        case _ where Self.partial.contains(name): return "`\(view.text)` can fail"
        default:
            guard arguments.contains(where: { $0.type == .dyn }), name.hasPrefix("_"), name != "_==_", name != "_!=_"
            else {
                return nil
            }
            return "`\(view.text)` can fail, as the type of a part of it is not known"
        }
    }

    /// The reason for which the value may not be of the type; nil where it must be.
    private func misfit(_ view: SyntaxView, _ wanted: DeclaredType) -> String? {
        if case .oneOf(let values) = wanted {
            guard !isOne(of: values, view) else { return nil }
            return "`\(view.text)` may be none of \(values.map { "`\($0)`" }.joined(separator: ", "))"
        }
        if case .dyn = wanted { return nil }
        if case .record(let schema) = wanted {
            guard !isWhole(schema, view) else { return nil }
            return "`\(view.text)` may be no \(wanted.text)"
        }
        guard Self.isUnknown(view.type) else { return nil }
        return "`\(view.text)` may be no \(wanted.text)"
    }

    /// Returns true if a text is known to be one of these.
    private func isOne(of values: [String], _ view: SyntaxView) -> Bool {
        switch view.form {
        case .literal(let value): return value.stringValue.map(values.contains) ?? false
        case .conditional(_, let first, let second): return isOne(of: values, first) && isOne(of: values, second)
        case .member(let operand, let name):
            guard case .record(let record) = operand.type, let known = texts[record]?[name] else { return false }
            return known.allSatisfy(values.contains)
        default: return false
        }
    }

    /// Returns true if a map is known to be a record: written out, or one already.
    private func isWhole(_ schema: RecordSchema, _ view: SyntaxView) -> Bool {
        if case .record(let name) = view.type { return name == schema.name }
        guard case .map(let entries) = view.form else { return false }
        var found: Set<String> = []
        for entry in entries {
            guard case .literal(let key) = entry.key.form, let name = key.stringValue,
                let index = schema.index(of: name), schema.members[index].type.mayBe(entry.value.type),
                misfit(entry.value, schema.members[index].type) == nil
            else { return false }
            found.insert(name)
        }
        return schema.members.allSatisfy { $0.isOptional || found.contains($0.name) }
    }

    private static func isOptional(_ type: CELType) -> Bool { if case .optional = type { true } else { false } }

    /// Returns true if the type of a value, or of a part of it, is not known.
    private static func isUnknown(_ type: CELType) -> Bool {
        switch type {
        case .dyn: true
        case .list(let element): isUnknown(element)
        case .map(_, let value): isUnknown(value)
        case .optional(let value): isUnknown(value)
        default: false
        }
    }
}
