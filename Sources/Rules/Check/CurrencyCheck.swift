import AgentKit

/// Looks for money of two currencies where there can be only one: in one transfer, in `money(amount, currency)`, in a
/// sum.
///
/// The currency of an expression is known only of what says it itself: a member called `currency`, a constant that
/// looks like a code, an account that ends with one of these (`"wallet/" + id + "/" + order.currency`), an amount
/// selected from a record that has a `currency` beside it. Two that differ are reported unless the rule somewhere
/// compares them, so that it knows. Nothing is said of what is computed in other ways.
struct CurrencyCheck {
    /// Members that hold money in the currency that stands beside them.
    private static let amounts: Set<String> = ["amount", "price", "deliveryFee", "refundAmount", "remaining"]
    /// Steps spent on telling whether two expressions are the same.
    private static let stepsMax = 200

    let file: SourceFile
    let syntax: RuleSyntax
    /// Records with a member `currency`.
    let records: Set<String>
    private var compared: Set<Set<String>> = []

    /// A currency: what tells it from others, and how the rule spells it.
    private struct Named {
        let key: String
        let text: String
    }

    init(file: SourceFile, syntax: RuleSyntax, records: Set<String>) {
        self.file = file
        self.syntax = syntax
        self.records = records
        var compared: Set<Set<String>> = []
        syntax.visit { part, view in
            switch view.form {
            case .call("_==_", let sides), .call("_!=_", let sides):
                guard let one = currency(sides[0], part), let two = currency(sides[1], part) else { return }
                compared.insert([one.key, two.key])
            default: break
            }
        }
        self.compared = compared
    }

    func report() {
        for record in syntax.records { check(record) }
        syntax.visit { part, view in
            switch view.form {
            case .map(let entries): check(entries, view, part)
            case .call("money", let arguments) where arguments.count == 2:
                check([amount(arguments[0], part), currency(arguments[1], part)], view, part)
            case .call("post", let arguments) where arguments.count == 4:
                check(
                    [
                        account(arguments[0], part), account(arguments[1], part), amount(arguments[2], part),
                        currency(arguments[3], part),
                    ], view, part)
            case .call("_+_", _) where view.type == .int, .call("_-_", _) where view.type == .int:
                var steps = Self.stepsMax
                check(terms(view, part, &steps).map { amount($0, part) }, view, part)
            default: break
            }
        }
    }

    /// The members of a decision: its amounts are in its currency.
    private func check(_ record: [(name: String, part: RuleSyntax.Part)]) {
        guard let (_, part) = record.first(where: { $0.name == "currency" }) else { return }
        let amounts = record.filter { $0.name == "amount" }.map { amount($0.part.view, $0.part) }
        check(amounts + [currency(part.view, part)], part.view, part)
    }

    private func check(_ entries: [(key: SyntaxView, value: SyntaxView)], _ view: SyntaxView, _ part: RuleSyntax.Part) {
        var found: [Named?] = []
        for entry in entries {
            guard case .literal(let key) = entry.key.form, let name = key.stringValue else { continue }
            switch name {
            case "debitAccount", "creditAccount": found.append(account(entry.value, part))
            case "amount": found.append(amount(entry.value, part))
            case "currency": found.append(currency(entry.value, part))
            default: break
            }
        }
        check(found, view, part)
    }

    /// Reports the first two that are not the same, where the rule does not compare them.
    private func check(_ found: [Named?], _ view: SyntaxView, _ part: RuleSyntax.Part) {
        let known = found.compactMap { $0 }
        guard let first = known.first else { return }
        for other in known.dropFirst() where other.key != first.key && !compared.contains([first.key, other.key]) {
            file.warning(
                part.expression.place(view.offset, in: file),
                "money in `\(first.text)` is mixed with money in `\(other.text)`: nothing says that they are the same")
            return
        }
    }

    // MARK: What has a currency

    private func currency(_ view: SyntaxView, _ part: RuleSyntax.Part) -> Named? {
        let meant = syntax.resolved(view, in: part)
        if let value = syntax.constant(meant)?.stringValue {
            return Self.isCode(value) ? Named(key: "\"\(value)\"", text: value) : nil
        }
        guard case .member(let operand, "currency") = meant.form else { return nil }
        return named(operand, part)
    }

    private func amount(_ view: SyntaxView, _ part: RuleSyntax.Part) -> Named? {
        let meant = syntax.resolved(view, in: part)
        guard case .member(let operand, let name) = meant.form, Self.amounts.contains(name),
            case .record(let record) = operand.type, records.contains(record)
        else { return nil }
        return named(operand, part)
    }

    /// The currency of the record that an expression is.
    private func named(_ record: SyntaxView, _ part: RuleSyntax.Part) -> Named? {
        var steps = Self.stepsMax
        guard let key = key(record, part, &steps) else { return nil }
        return Named(key: key + ".currency", text: record.text + ".currency")
    }

    /// The currency with which the name of an account ends.
    private func account(_ view: SyntaxView, _ part: RuleSyntax.Part) -> Named? {
        let meant = syntax.resolved(view, in: part)
        if let text = syntax.constant(meant)?.stringValue {
            guard let slash = text.utf8.lastIndex(of: 0x2F) else { return nil }
            let code = String(text[text.utf8.index(after: slash)...])
            return Self.isCode(code) ? Named(key: "\"\(code)\"", text: code) : nil
        }
        guard case .call("_+_", let sides) = meant.form, sides.count == 2 else { return nil }
        if case .literal = sides[1].form, let named = account(sides[1], part) { return named }
        guard endsWithSlash(sides[0], part) else { return nil }
        return currency(sides[1], part)
    }

    private func endsWithSlash(_ view: SyntaxView, _ part: RuleSyntax.Part) -> Bool {
        let meant = syntax.resolved(view, in: part)
        if let text = syntax.constant(meant)?.stringValue { return text.utf8.last == 0x2F }
        guard case .call("_+_", let sides) = meant.form, sides.count == 2 else { return false }
        return endsWithSlash(sides[1], part)
    }

    private static func isCode(_ text: String) -> Bool { CurrenciesFile.isCode(text) }

    // MARK: Sums and sameness

    /// What a sum or difference is made of.
    private func terms(_ view: SyntaxView, _ part: RuleSyntax.Part, _ steps: inout Int) -> [SyntaxView] {
        steps -= 1
        guard steps > 0 else { return [] }
        let meant = syntax.resolved(view, in: part)
        switch meant.form {
        case .call("_+_", let sides), .call("_-_", let sides):
            return terms(sides[0], part, &steps) + terms(sides[1], part, &steps)
        default: return [meant]
        }
    }

    /// A text that is alike for expressions that are the same once variables are replaced; nil where it gets too long.
    private func key(_ view: SyntaxView, _ part: RuleSyntax.Part, _ steps: inout Int) -> String? {
        steps -= 1
        guard steps > 0 else { return nil }
        let meant = syntax.resolved(view, in: part)
        switch meant.form {
        case .variable(let name): return name
        case .local(let name): return "local " + name
        case .literal: return meant.text
        case .member(let operand, let name): return key(operand, part, &steps).map { $0 + "." + name }
        case .element(let container, let index):
            guard let one = key(container, part, &steps), let two = key(index, part, &steps) else { return nil }
            return one + "[" + two + "]"
        case .call(let name, let arguments):
            var keys: [String] = []
            for argument in arguments {
                guard let key = key(argument, part, &steps) else { return nil }
                keys.append(key)
            }
            return name + "(" + keys.joined(separator: ",") + ")"
        default: return meant.text
        }
    }
}
