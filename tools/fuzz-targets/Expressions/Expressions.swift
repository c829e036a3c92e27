import CEL
import CFuzzer

/// What the expressions may name.
private let environment: CELEnvironment = {
    var environment = CELEnvironment()
    environment.convertsDeclaredScalars = true
    environment.declare(variable: "x", .int)
    environment.declare(variable: "s", .string)
    environment.declare(variable: "any", .dyn)
    environment.declare(variable: "list", .list(.int))
    environment.declare(variable: "map", .map(.string, .list(.string)))
    environment.declare(record: RecordType("r", [.init("a", .int), .init("t", .timestamp, isOptional: true)]))
    environment.declare(variable: "record", .record("r"))
    return environment
}()

/// Lexer, parser, checker and planner: text that is no expression is refused with places inside it.
func fuzzExpressions(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let text = String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    do {
        let program = try environment.compile(text)
        precondition(!program.conjuncts.isEmpty)
        _ = try environment.syntax(of: text).children
    } catch {
        precondition(!error.diagnostics.isEmpty)
        for diagnostic in error.diagnostics {
            precondition(diagnostic.line >= 1 && diagnostic.column >= 1 && diagnostic.offset <= text.utf8.count)
        }
    }
    return 0
}

/// libFuzzer's driver as the entry point, which the package manager names after the target.
@_cdecl("FuzzExpressions_main")
func run(_ count: CInt, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?) -> CInt {
    var count = count
    var arguments = arguments
    return LLVMFuzzerRunDriver(&count, &arguments, fuzzExpressions)
}
