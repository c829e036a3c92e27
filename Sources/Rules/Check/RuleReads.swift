import AgentKit
import CEL

/// What the expressions of a rule read by name: parameters, members of the event's data, values of `let` and members of
/// these. An explanation names by it what a decision depended on.
package struct RuleReads: Sendable {
    /// A name and what is selected from it, such as `params.fine[tier]` or `purchase.amount`.
    indirect enum Path: Hashable, Sendable {
        case parameters
        case data
        case variable(String)
        case member(Path, String)
        /// The member that a value names.
        case named(Path, by: Path)
    }

    /// By the text of an expression or of a part of `when`, in the order of the text.
    private var paths: [String: [Path]] = [:]
    /// The paths in the reason, the decisions and the timers of a rule that acts.
    private(set) var acting: [Path] = []
    /// The names of basis points.
    private(set) var shares = BasisPointNames()
    /// The texts of those parts of `when` that only ask what kind of event it is.
    private var kindTests: Set<String> = []

    /// Those of a rule that reads nothing.
    init() {}

    init(_ syntax: RuleSyntax) {
        for part in syntax.parts {
            let found = Self.paths(in: part.view)
            paths[part.expression.text] = found
            if part.isOfActing { acting += found.filter { !acting.contains($0) } }
        }
        shares = BasisPointNames(syntax)
        guard let when = syntax.when else { return }
        for part in Self.chain(when) {
            paths[part.text] = Self.paths(in: part)
            if KindTest(syntax: syntax).isKind(part) { kindTests.insert(part.text) }
        }
    }

    /// The paths in an expression of the rule.
    func paths(in text: String) -> [Path] { paths[text] ?? [] }

    /// Returns true for a part of `when` that asks only what the event is about, not how that stands: where it does not
    /// hold, the rule is about other events.
    package func isKindTest(_ condition: String) -> Bool { kindTests.contains(condition) }

    private static func chain(_ view: SyntaxView) -> [SyntaxView] {
        if case .and(let parts) = view.form { return parts }
        return [view]
    }

    // MARK: Paths

    static func paths(in view: SyntaxView) -> [Path] {
        var found: [Path] = []
        add(view, to: &found)
        return found
    }

    private static func add(_ view: SyntaxView, to found: inout [Path]) {
        if let path = path(view) {
            if !found.contains(path) { found.append(path) }
            addIndexes(of: view, to: &found)
            return
        }
        for child in view.children { add(child, to: &found) }
    }

    /// Adds what is read to choose a member.
    private static func addIndexes(of view: SyntaxView, to found: inout [Path]) {
        switch view.form {
        case .member(let operand, _): addIndexes(of: operand, to: &found)
        case .element(let operand, let index):
            addIndexes(of: operand, to: &found)
            add(index, to: &found)
        default: break
        }
    }

    static func path(_ view: SyntaxView) -> Path? {
        switch view.form {
        case .variable("params"): return .parameters
        case .member(let operand, let name):
            if case .variable("event") = operand.form { return name == "data" ? .data : nil }
            if case .variable(RuleEnvironment.locals) = operand.form { return .variable(name) }
            return path(operand).map { .member($0, name) }
        case .element(let operand, let index):
            guard let whole = path(operand) else { return nil }
            return path(index).map { .named(whole, by: $0) } ?? whole
        case .other(let parts):
            guard parts.count == 1, let member = view.testedMember else { return nil }
            return path(parts[0]).map { .member($0, member) }
        default: return nil
        }
    }
}

/// Tells conditions on what an event is about from conditions on how that stands.
private struct KindTest {
    let syntax: RuleSyntax

    /// Returns true if an expression only compares texts of the event with constants, asks for its members, or asks in which
    /// table something is that it names.
    func isKind(_ view: SyntaxView) -> Bool {
        let view = syntax.definition(view)
        if case .call("@in", let operands) = view.form, operands.count == 2, case .variable = operands[1].form {
            return isEvents(operands[0])
        }
        switch view.form {
        case .call("_==_", let operands), .call("_!=_", let operands), .call("@in", let operands),
            .call("startsWith", let operands):
            return operands.allSatisfy(isEvents) && operands.contains { isOfEvent($0) }
        case .call("!_", let operands): return operands.allSatisfy(isKind)
        case .and(let parts): return parts.allSatisfy(isKind)
        case .other(let parts):
            if let path = RuleReads.path(view) { return path.isOfData }
            return !parts.isEmpty && parts.allSatisfy(isKind)
        default: return false
        }
    }

    /// Returns true for texts of the event, constants, and choices between such.
    private func isEvents(_ view: SyntaxView) -> Bool {
        let view = syntax.definition(view)
        if syntax.constant(view) != nil || isType(view) { return true }
        if let path = RuleReads.path(view) { return path.isOfData && isText(view.type) }
        switch view.form {
        case .call("orValue", let operands), .list(let operands): return operands.allSatisfy(isEvents)
        case .conditional(let condition, let first, let second):
            return isKind(condition) && isEvents(first) && isEvents(second)
        default: return false
        }
    }

    private func isText(_ type: CELType) -> Bool { type == .string || type == .optional(.string) || type == .dyn }

    private func isType(_ view: SyntaxView) -> Bool {
        guard case .member(let event, "type") = view.form, case .variable("event") = event.form else { return false }
        return true
    }

    private func isOfEvent(_ view: SyntaxView) -> Bool {
        let view = syntax.definition(view)
        return isType(view) || RuleReads.path(view)?.isOfData ?? false || view.children.contains(where: isOfEvent)
    }
}

extension RuleReads.Path {
    /// Indicates a member of the event's data.
    fileprivate var isOfData: Bool {
        switch self {
        case .data: true
        case .parameters, .variable: false
        case .member(let whole, _): whole.isOfData
        case .named(let whole, _): whole.isOfData
        }
    }
}
