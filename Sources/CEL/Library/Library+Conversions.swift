extension Library {
    static let conversions: [Builtin] = [
        Builtin("dyn", [.global(a, to: .dyn)], unary: { value, _ in value }),
        Builtin("type", [.global(a, to: .type(a))], unary: { value, _ in .type(value.runtimeType) }),
        Builtin("bool", to(.bool, from: .bool, .string), unary: Conversions.bool),
        Builtin("bytes", to(.bytes, from: .bytes, .string), unary: Conversions.bytes),
        Builtin("double", to(.double, from: .double, .int, .string, .uint), unary: Conversions.double),
        Builtin("int", to(.int, from: .int, .double, .string, .timestamp, .uint), unary: Conversions.int),
        Builtin("uint", to(.uint, from: .uint, .double, .int, .string), unary: Conversions.uint),
        Builtin(
            "string", to(.string, from: .string, .bool, .bytes, .double, .duration, .int, .timestamp, .uint),
            unary: { value, _ in Conversions.string(value) }),
        Builtin(
            "timestamp", to(.timestamp, from: .timestamp, .int, .string),
            unary: { value, _ in Conversions.timestamp(value) }),
        Builtin(
            "duration", to(.duration, from: .duration, .string), unary: { value, _ in Conversions.duration(value) }),
    ]

    private static func to(_ result: CELType, from types: CELType...) -> [Signature] {
        types.map { Signature([$0], result) }
    }
}
