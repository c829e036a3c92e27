/// The names an expression may use, and the way to compile one.
package struct Environment: Sendable {
    /// Names are looked up in this dotted container and those around it first.
    package var container = ""
    /// Whether a value from a host object is converted to its checked type: a string to a timestamp (RFC 3339) or a
    /// duration (`21600s`), an int to a double.
    package var convertsDeclaredScalars = false
    /// Whether `has`, `all`, `map` and the like are macros; without, they are calls of functions that do not exist.
    package var expandsMacros = true
    /// The variables in the order of their slots.
    package private(set) var variables: [(name: String, type: CELType)] = []
    private var variableSlots: [String: Int] = [:]
    /// Whether a variable's name has a dot, so that selections may be part of a name.
    private(set) var hasDottedVariables = false
    private(set) var records: [String: RecordType] = [:]
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

    /// The same records and settings, without variables and what stands for parts of them.
    package var withoutVariables: Environment {
        var bare = self
        bare.variables = []
        bare.variableSlots = [:]
        bare.hasDottedVariables = false
        bare.constants = [:]
        bare.aliases = [:]
        return bare
    }

    /// Says what a declared variable will be in every evaluation, so that calls can be judged by it.
    package mutating func declare(constant name: String, _ value: Value) { constants[name] = value }

    /// Lets a name stand for a member of a variable, before variables of that name are looked for.
    package mutating func declare(alias name: String, of variable: String, member: String) {
        aliases[name] = (variable, member)
    }

    package mutating func declare(record: RecordType) { records[record.name] = record }

    /// Adds overloads to a name, standard or new.
    package mutating func declare(function: Function) {
        if let declared = functions[function.name] {
            functions[function.name] = Function(
                function.name, declared.overloads + function.overloads, judge: function.judge ?? declared.judge)
        } else {
            functions[function.name] = function
        }
    }

    /// Whether a function of that name was declared beside the standard ones.
    package func hasFunction(_ name: String) -> Bool { functions[name] != nil }

    /// Tells if a name is a word of the language, which no variable can have.
    package static func isReserved(_ name: String) -> Bool { Lexer.isWord(name) }

    /// The slot of a declared variable.
    package func slot(of variable: String) -> Int? { variableSlots[variable] }

    /// Parses, checks and compiles; refuses a result that cannot be `expecting`.
    package func compile(_ source: String, expecting: CELType? = nil) throws(CompileError) -> Program {
        let (tree, type, checker) = try checked(source, expecting: expecting)
        return try Program(Planner.plan(tree, type, checker, isStrict: true), source: source)
    }

    /// Compiles without type checking: what cannot be resolved is an error when it is evaluated.
    package func compileUnchecked(_ source: String) throws(CompileError) -> Program {
        let (tree, type, checker) = try analysed(source, expecting: nil)
        let known = checker.diagnostics.isEmpty ? type : .dyn
        return try Program(Planner.plan(tree, known, checker, isStrict: false), source: source)
    }

    /// The type of an expression, without compiling it.
    package func check(_ source: String) throws(CompileError) -> CELType {
        try checked(source, expecting: nil).type
    }

    /// Parses and checks an expression.
    /// - Throws: the problems of syntax, or else of types.
    func checked(
        _ source: String, expecting: CELType?
    ) throws(CompileError) -> (tree: Expression, type: CELType, checker: Checker) {
        let result = try analysed(source, expecting: expecting)
        if !result.checker.diagnostics.isEmpty { throw CompileError(result.checker.sortedDiagnostics) }
        return result
    }

    /// Parses and checks an expression; problems of types stay in the checker.
    /// - Throws: the problems of syntax.
    private func analysed(
        _ source: String, expecting: CELType?
    ) throws(CompileError) -> (tree: Expression, type: CELType, checker: Checker) {
        let text = SourceText(source)
        let tree = try Parser.parse(text, expandsMacros: expandsMacros)
        var checker = Checker(self, text)
        let type = checker.run(tree, expecting: expecting)
        return (tree, type, checker)
    }

    /// What is wrong with the syntax of an expression; empty where nothing is.
    package static func syntaxErrors(in source: String) -> [Diagnostic] {
        do {
            _ = try Parser.parse(SourceText(source))
            return []
        } catch {
            return error.diagnostics
        }
    }
}
