/// The variables, records and functions that an expression may use, and the compiler of expressions.
///
/// The module implements the Common Expression Language (CEL) with its usual extensions, and amounts of money. An
/// expression passes four stages:
///
/// 1. **Parse** (`Syntax`): `Parser` builds a tree of `Expression`s and expands macros such as `has` and `all`.
/// 2. **Check** (`Check`): `Checker` resolves names and infers types, which it writes into the tree, and records the
///    variables and members that the expression reads (`Reference`).
/// 3. **Plan** (`Plan`): `Planner` compiles the tree to `Node`s: constants are folded, variables become slots, frequent
///    forms get nodes of their own. The result is a `Program`.
/// 4. **Evaluate**: `Program.evaluate` asks the root node for its value. An `Activation` holds the variables by slot,
///    the locals of macros and the cost limit.
///
/// The first three stages run once per expression; all that they find wrong is one `CompileError`. Evaluation never
/// throws: an error is a `Value`, which `&&`, `||`, `all` and `exists` absorb if another operand decides. Its time is
/// bounded by the cost limit, which programs, loops and functions charge. Its result is the same everywhere: there is
/// no clock and no random number, and time zones are compiled in (`Zones`). `Library` lists the standard functions; the
/// embedding program adds its own (`Function`) and lends its data without copying it (`HostObject`).
package struct CELEnvironment: Sendable {
    /// The dotted container (namespace) in which names are looked up first, then in those around it.
    package var container = ""
    /// Converts values of host objects to their checked type: a string to a timestamp (RFC 3339) or a duration
    /// (`21600s`), an int to a double.
    package var convertsDeclaredScalars = false
    /// Expands the macros `has`, `all`, `map` and so on; if false, they are calls of unknown functions.
    package var expandsMacros = true
    /// The variables in the order of their slots.
    package private(set) var variables: [(name: String, type: CELType)] = []
    private var variableSlots: [String: Int] = [:]
    /// Set once a variable's name has a dot, so that selections may be part of a name.
    private(set) var hasDottedVariables = false
    private(set) var records = SharedNames<RecordType>()
    private(set) var functions: [String: Function] = [:]
    private(set) var constants: [String: Value] = [:]
    private(set) var aliases: [String: (variable: String, member: String)] = [:]

    package init() {}

    /// The slot of the variable in an `Activation`; declaring a name again replaces its type and keeps its slot.
    @discardableResult
    package mutating func declare(variable name: String, _ type: CELType) -> Int {
        if let slot = variableSlots[name] {
            variables[slot].type = type
            return slot
        }
        variableSlots[name] = variables.count
        if name.utf8.contains(UInt8(ascii: ".")) { hasDottedVariables = true }
        variables.append((name, type))
        return variables.count - 1
    }

    /// Makes copies of this environment cheap to declare more in: they share what is declared so far.
    package mutating func share() { records.share() }

    /// The same records, functions and settings without variables, constants and aliases.
    package var withoutVariables: CELEnvironment {
        var bare = self
        bare.variables = []
        bare.variableSlots = [:]
        bare.hasDottedVariables = false
        bare.constants = [:]
        bare.aliases = [:]
        return bare
    }

    /// Declares that a variable has this value in every evaluation, so that calls can be judged by it.
    package mutating func declare(constant name: String, _ value: Value) { constants[name] = value }

    /// Declares a name for a member of a variable; it takes precedence over a variable of that name.
    package mutating func declare(alias name: String, of variable: String, member: String) {
        aliases[name] = (variable, member)
    }

    package mutating func declare(record: RecordType) { records[record.name] = record }

    /// Adds a function, or overloads to a standard or declared one.
    package mutating func declare(function: Function) {
        if let declared = functions[function.name] {
            functions[function.name] = Function(
                function.name, declared.overloads + function.overloads, judge: function.judge ?? declared.judge)
        } else {
            functions[function.name] = function
        }
    }

    /// Returns whether a function of that name was declared in addition to the standard ones.
    package func hasFunction(_ name: String) -> Bool { functions[name] != nil }

    /// Returns whether a name is a word of the language, which no variable can have.
    package static func isReserved(_ name: String) -> Bool { Lexer.isWord(name) }

    /// The slot of a declared variable.
    package func slot(of variable: String) -> Int? { variableSlots[variable] }

    /// Parses, checks and plans an expression, whose result must be assignable to `expecting`.
    /// - Throws: all problems of syntax, or else all of types, or else all constant arguments that are invalid.
    package func compile(_ source: String, expecting: CELType? = nil) throws(CompileError) -> Program {
        let (tree, type, checker) = try checked(source, expecting: expecting)
        return try Program(Planner.plan(tree, type, checker, isStrict: true), source: source)
    }

    /// Parses and plans an expression even if it does not check: what cannot be resolved fails when it is evaluated.
    /// - Throws: all problems of syntax.
    package func compileUnchecked(_ source: String) throws(CompileError) -> Program {
        let (tree, type, checker) = try analysed(source, expecting: nil)
        let known = checker.diagnostics.isEmpty ? type : .dyn
        return try Program(Planner.plan(tree, known, checker, isStrict: false), source: source)
    }

    /// The type of an expression, without planning it.
    /// - Throws: all problems of syntax, or else all of types.
    package func check(_ source: String) throws(CompileError) -> CELType {
        try checked(source, expecting: nil).type
    }

    /// Parses and checks an expression.
    /// - Throws: all problems of syntax, or else all of types.
    func checked(
        _ source: String, expecting: CELType?
    ) throws(CompileError) -> (tree: Expression, type: CELType, checker: Checker) {
        let result = try analysed(source, expecting: expecting)
        if !result.checker.diagnostics.isEmpty { throw CompileError(result.checker.sortedDiagnostics) }
        return result
    }

    /// Parses and checks an expression; problems of types stay in the checker.
    /// - Throws: all problems of syntax.
    private func analysed(
        _ source: String, expecting: CELType?
    ) throws(CompileError) -> (tree: Expression, type: CELType, checker: Checker) {
        let text = SourceText(source)
        let tree = try Parser.parse(text, expandsMacros: expandsMacros)
        var checker = Checker(self, text)
        let type = checker.run(tree, expecting: expecting)
        return (tree, type, checker)
    }

    /// The syntax errors of an expression; empty if there are none.
    package static func syntaxErrors(in source: String) -> [Diagnostic] {
        do {
            _ = try Parser.parse(SourceText(source))
            return []
        } catch {
            return error.diagnostics
        }
    }
}

/// Declarations by name: those that many environments share, and those of one alone, which go before.
struct SharedNames<Declaration: Sendable>: Sendable {
    private var shared: [String: Declaration] = [:]
    private var own: [String: Declaration] = [:]

    subscript(_ name: String) -> Declaration? {
        get { own[name] ?? shared[name] }
        set { own[name] = newValue }
    }

    /// From now on all declarations are shared with copies, which a declaration in one of them does not duplicate.
    mutating func share() {
        shared.merge(own) { $1 }
        own = [:]
    }
}
