import CEL
import CFuzzer

private let environment: CELEnvironment = {
    var environment = CELEnvironment()
    environment.declare(variable: "x", .dyn)
    environment.declare(variable: "list", .dyn)
    return environment
}()

/// The evaluator, on expressions that were not type-checked: it ends within its cost limit with a value or an error, and
/// gives the same a second time.
func fuzzEvaluation(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let text = String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    guard let program = try? environment.compileUnchecked(text) else { return 0 }
    let activation = Activation(slots: 2)
    activation[0] = .int(7)
    activation[1] = .list([.int(1), .string("two"), .double(3.5), .null, .list([.bool(true)])])
    activation.costLimit = 100_000
    let first = program.evaluate(activation)
    for part in program.conjuncts.indices { _ = program.evaluate(conjunct: part, activation) }
    let second = program.evaluate(activation)
    precondition(first.jsonDescription == second.jsonDescription)
    return 0
}

/// libFuzzer's driver as the entry point, which the package manager names after the target.
@_cdecl("FuzzEvaluation_main")
func run(_ count: CInt, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?) -> CInt {
    var count = count
    var arguments = arguments
    return LLVMFuzzerRunDriver(&count, &arguments, fuzzEvaluation)
}
