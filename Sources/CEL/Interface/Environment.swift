/// The names an expression may use, and the way to compile one.
package struct Environment: Sendable {
    /// Names are looked up in this dotted container and those around it first.
    package var container = ""
    /// Whether a value from a host object is converted to its checked type: a string to a timestamp (RFC 3339) or a
    /// duration (`21600s`), an int to a double.
    package var convertsDeclaredScalars = false
    /// The variables in the order of their slots.
    package private(set) var variables: [(name: String, type: CELType)] = []
    private var variableSlots: [String: Int] = [:]
    private(set) var records: [String: RecordType] = [:]
    private(set) var functions: [String: Function] = [:]

    package init() {}

    /// The slot of the variable in an `Activation`; declaring a name again replaces its type and keeps its slot.
    @discardableResult
    package mutating func declare(variable name: String, _ type: CELType) -> Int {
        if let slot = variableSlots[name] {
            variables[slot].type = type
            return slot
        }
        variableSlots[name] = variables.count
        variables.append((name, type))
        return variables.count - 1
    }

    package mutating func declare(record: RecordType) { records[record.name] = record }

    /// Adds overloads to a name, standard or new.
    package mutating func declare(function: Function) {
        if let declared = functions[function.name] {
            functions[function.name] = Function(function.name, declared.overloads + function.overloads)
        } else {
            functions[function.name] = function
        }
    }

    /// The slot of a declared variable.
    package func slot(of variable: String) -> Int? { variableSlots[variable] }

    /// Parses, checks and compiles; refuses a result that cannot be `expecting`.
    package func compile(_ source: String, expecting: CELType? = nil) throws(CompileError) -> Program {
        throw CompileError([])
    }

    /// Compiles without type checking: what cannot be resolved is an error when it is evaluated.
    package func compileUnchecked(_ source: String) throws(CompileError) -> Program {
        throw CompileError([])
    }

    /// The type of an expression, without compiling it.
    package func check(_ source: String) throws(CompileError) -> CELType {
        throw CompileError([])
    }
}
