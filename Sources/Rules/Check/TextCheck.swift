import AgentKit

/// Looks for comparisons with texts that a value can never be: `event.data.kind == "brokn"` where `kind` is declared as
/// `late|broken`.
///
/// The possible texts of a value are known for members declared as an enum, for literals, for the branches of `c ? a :
/// b`, and for variables that are one of these; nothing is said of any other value.
struct TextCheck {
    /// The most steps spent on the possible texts of one value.
    private static let stepsMax = 200

    let file: SourceFile
    let syntax: RuleSyntax
    /// The texts that members can be, by record and member.
    let values: [String: [String: [String]]]

    func report() {
        syntax.visit { part, view in
            switch view.form {
            case .call("_==_", let sides), .call("_!=_", let sides):
                check(sides[0], against: sides[1], part)
                check(sides[1], against: sides[0], part)
            case .call("@in", let sides):
                if case .list(let elements) = sides[1].form {
                    for element in elements { check(sides[0], against: element, part) }
                }
            case .element(let container, let index):
                if case .map(let entries) = container.form {
                    for entry in entries { check(index, against: entry.key, part) }
                }
            default: break
            }
        }
    }

    private func check(_ value: SyntaxView, against literal: SyntaxView, _ part: RuleSyntax.Part) {
        guard case .literal(let constant) = literal.form, let text = constant.stringValue else { return }
        if case .literal = value.form { return }
        var steps = Self.stepsMax
        guard let known = texts(value, part, &steps), !known.contains(where: { $0.utf8.elementsEqual(text.utf8) })
        else {
            return
        }
        let hint = Spelling.hint(text, among: known)
        let listed = known.map { $0.isEmpty ? "``" : "`\($0)`" }.joined(separator: ", ")
        file.warning(
            part.expression.place(literal.offset, in: file),
            "`\(value.text)` is never `\(text)`" + (hint.isEmpty ? ": it is one of \(listed)" : hint),
            length: literal.text.unicodeScalars.count)
    }

    /// The texts an expression of the rule can give, or nil where that is not known.
    func possible(_ expression: ExpressionText, in environment: CELEnvironment) -> [String]? {
        guard let view = try? environment.syntax(of: expression.text) else { return nil }
        var steps = Self.stepsMax
        return texts(view, RuleSyntax.Part(expression: expression, view: view, each: nil), &steps)
    }

    /// The texts that the rule compares something with: its conditions may keep a value from being one of them.
    var compared: Set<String> {
        var texts: Set<String> = []
        func note(_ view: SyntaxView) {
            if case .literal(let value) = view.form, let text = value.stringValue { texts.insert(text) }
        }
        syntax.visit { _, view in
            switch view.form {
            case .call("_==_", let sides), .call("_!=_", let sides): sides.forEach(note)
            case .call("@in", let sides):
                if case .list(let elements) = sides[1].form { elements.forEach(note) }
            default: break
            }
        }
        return texts
    }

    /// The texts a value can be, or nil where that is not known.
    private func texts(_ view: SyntaxView, _ part: RuleSyntax.Part, _ steps: inout Int) -> [String]? {
        steps -= 1
        guard steps > 0 else { return nil }
        let view = syntax.resolved(view, in: part)
        switch view.form {
        case .literal(let value): return value.stringValue.map { [$0] }
        case .conditional(_, let first, let second):
            guard let one = texts(first, part, &steps), let two = texts(second, part, &steps) else { return nil }
            return one + two.filter { !one.contains($0) }
        case .call("orValue", let arguments):
            guard arguments.count == 2, let one = texts(arguments[0], part, &steps),
                let two = texts(arguments[1], part, &steps)
            else { return nil }
            return one + two.filter { !one.contains($0) }
        case .member(let operand, let name):
            guard let record = record(operand.type) else { return nil }
            return values[record]?[name]
        default: return nil
        }
    }

    private func record(_ type: CELType) -> String? {
        switch type {
        case .record(let name): name
        case .optional(let inner): record(inner)
        default: nil
        }
    }
}
