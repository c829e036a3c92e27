import AgentKit

/// Compiles the expressions of one file and turns what is wrong with them into places in the file.
struct ExpressionCompiler {
    let file: SourceFile
    var parameters = Parameters()
    /// The members that may be absent, by record.
    var optionalFields: [String: Set<String>] = [:]
    /// The types that a rule is on and that do not declare a member which others of them do, by record and member.
    var lacking: [String: [String: [String]]] = [:]

    /// Nil after noting in the file what is wrong.
    func compile(_ expression: ExpressionText, in environment: Environment) -> Program? {
        do {
            let program = try environment.compile(expression.text)
            check(program.references, expression)
            return program
        } catch {
            for diagnostic in error.diagnostics {
                file.error(
                    expression.place(diagnostic.offset, in: file), Self.message(diagnostic.message),
                    length: expression.marked(diagnostic.length))
            }
            if error.diagnostics.isEmpty { file.error(expression.place(0, in: file), "not a CEL expression") }
            return nil
        }
    }

    private func check(_ references: [Reference], _ expression: ExpressionText) {
        for reference in references {
            if reference.variable == "params", let problem = parameters.problem(reference.path) {
                file.error(expression.place(reference.offset, in: file), problem)
            }
            guard let record = reference.record, let field = reference.path.last, !reference.isGuarded else { continue }
            let place = expression.place(reference.offset, in: file)
            let way = "ask `has(...)` first, or select it as `.?\(field)`"
            if let types = lacking[record]?[field] {
                let names = types.map { "`\($0)`" }.joined(separator: " and ")
                file.error(
                    place, "\(names) \(types.count == 1 ? "has" : "have") no `\(field)`: \(way)",
                    length: expression.marked(field.unicodeScalars.count))
            } else if optionalFields[record]?.contains(field) ?? false {
                file.warning(place, "`\(field)` may be absent: \(way)")
            }
        }
    }

    /// Compiles an expression whose value must be of one of the types; `what` names it in the message.
    func compile(
        _ expression: ExpressionText, in environment: Environment, as types: [CELType], what: String
    ) -> Program? {
        guard let program = compile(expression, in: environment) else { return nil }
        guard types.contains(program.resultType) || program.resultType == .dyn else {
            let wanted = types.map(TypeText.describe).joined(separator: " or ")
            let found = TypeText.describe(program.resultType)
            file.error(
                expression.place(0, in: file), "\(what) must be \(wanted), is \(found)",
                length: expression.length)
            return nil
        }
        return program
    }

    /// A personal field has a type on which nothing is defined: say what that means.
    private static func message(_ message: String) -> String {
        message.contains(TypeText.personalName) ? message + "; a personal field can only be passed on whole" : message
    }
}
