extension Value {
    /// The type as `type()` gives it: containers without what they contain.
    package var runtimeType: CELType {
        switch self {
        case .null: .null
        case .bool: .bool
        case .int: .int
        case .uint: .uint
        case .double: .double
        case .string, .text: .string
        case .bytes: .bytes
        case .timestamp: .timestamp
        case .duration: .duration
        case .money: .money
        case .list: .list(.dyn)
        case .map: .map(.dyn, .dyn)
        case .host(let host, let node): host.kind(node) == .list ? .list(.dyn) : .map(.dyn, .dyn)
        case .type: .type(.dyn)
        case .optional: .optional(.dyn)
        case .error: .error
        }
    }

    /// The name of the type: `int`, `null_type`, `google.protobuf.Timestamp`.
    package var typeName: String { runtimeType.name }

    static let noOverload = Value.failure(.noSuchOverload, "no such overload")
    static let costPassed = Value.failure(.costExceeded, "the expression costs more than its limit")
    static let overflow = Value.failure(.overflow, "the number overflows")
    static let noCurrency = Value.failure(.typeMismatch, "the amount has no currency")
    static let currenciesDiffer = Value.failure(.currency, "the amounts have different currencies")
    static let outOfTime = Value.failure(.overflow, "the time is out of range")
}
