/// The standard functions, which need no declaration.
enum Library {
    static let functions: [String: Builtin] = {
        var table: [String: Builtin] = [:]
        for builtin in operators + conversions + times + strings + maths + lists + sets + encoders + optionals {
            table[builtin.name] = builtin
        }
        return table
    }()

    static func isOperator(_ name: String) -> Bool { symbol(of: name) != nil }

    /// The spelling of an operator in source text; nil for any other function.
    static func symbol(of name: String) -> String? {
        switch name {
        case "_+_": "+"
        case "_-_", "-_": "-"
        case "_*_": "*"
        case "_/_": "/"
        case "_%_": "%"
        case "_==_": "=="
        case "_!=_": "!="
        case "_<_": "<"
        case "_<=_": "<="
        case "_>_": ">"
        case "_>=_": ">="
        case "@in": "in"
        case "!_": "!"
        case "_[_]": "[]"
        case "_[?_]": "[?]"
        default: nil
        }
    }

    static let a = CELType.parameter("A")
    static let b = CELType.parameter("B")
    static let listOfA = CELType.list(a)
    static let mapOfAB = CELType.map(a, b)
}

/// A function of the language or of its extensions.
struct Builtin: Sendable {
    typealias Unary = @Sendable (Value, Activation) -> Value
    typealias Binary = @Sendable (Value, Value, Activation) -> Value
    typealias Nary = @Sendable (Arguments) -> Value

    let name: String
    let signatures: [Signature]
    let unary: Unary?
    let binary: Binary?
    let nary: Nary?
    /// Cost units per call, in addition to those that the function charges itself.
    let cost: UInt64

    init(
        _ name: String, _ signatures: [Signature], unary: Unary? = nil, binary: Binary? = nil, nary: Nary? = nil,
        cost: UInt64 = 1
    ) {
        self.name = name
        self.signatures = signatures
        self.unary = unary
        self.binary = binary
        self.nary = nary
        self.cost = cost
    }
}

extension Library {
    static let operators: [Builtin] = [
        Builtin(
            "_+_",
            [
                .global(.bytes, .bytes, to: .bytes), .global(.double, .double, to: .double),
                .global(.duration, .duration, to: .duration), .global(.duration, .timestamp, to: .timestamp),
                .global(.timestamp, .duration, to: .timestamp), .global(.int, .int, to: .int),
                .global(listOfA, listOfA, to: listOfA), .global(.string, .string, to: .string),
                .global(.uint, .uint, to: .uint), .global(.money, .money, to: .money),
            ], binary: Arithmetic.add),
        Builtin(
            "_-_",
            [
                .global(.double, .double, to: .double), .global(.duration, .duration, to: .duration),
                .global(.int, .int, to: .int), .global(.timestamp, .duration, to: .timestamp),
                .global(.timestamp, .timestamp, to: .duration), .global(.uint, .uint, to: .uint),
                .global(.money, .money, to: .money),
            ], binary: Arithmetic.subtract),
        Builtin(
            "_*_", numbers + [.global(.money, .int, to: .money), .global(.int, .money, to: .money)],
            binary: Arithmetic.multiply),
        Builtin(
            "_/_", numbers + [.global(.money, .int, to: .money), .global(.money, .money, to: .int)],
            binary: Arithmetic.divide),
        Builtin(
            "_%_",
            [.global(.int, .int, to: .int), .global(.uint, .uint, to: .uint), .global(.money, .int, to: .money)],
            binary: Arithmetic.remainder),
        Builtin(
            "-_", [.global(.double, to: .double), .global(.int, to: .int), .global(.money, to: .money)],
            unary: Arithmetic.negate),
        Builtin("!_", [.global(.bool, to: .bool)], unary: Arithmetic.not),
        Builtin("_==_", [.global(a, a, to: .bool)]), Builtin("_!=_", [.global(a, a, to: .bool)]),
        Builtin("_<_", ordered), Builtin("_<=_", ordered), Builtin("_>_", ordered), Builtin("_>=_", ordered),
        Builtin(
            "@in", [.global(a, listOfA, to: .bool), .global(a, mapOfAB, to: .bool)], binary: Indexing.isMember),
        Builtin(
            "_[_]",
            [
                .global(listOfA, .int, to: a), .global(mapOfAB, a, to: b),
                .global(.optional(listOfA), .int, to: .optional(a)),
                .global(.optional(mapOfAB), a, to: .optional(b)),
            ]),
        Builtin(
            "_[?_]",
            [
                .global(listOfA, .int, to: .optional(a)), .global(.optional(listOfA), .int, to: .optional(a)),
                .global(mapOfAB, a, to: .optional(b)), .global(.optional(mapOfAB), a, to: .optional(b)),
            ]),
    ]

    private static let numbers: [Signature] = [
        .global(.double, .double, to: .double), .global(.int, .int, to: .int), .global(.uint, .uint, to: .uint),
    ]

    private static let ordered: [Signature] = [
        .global(.bool, .bool, to: .bool), .global(.int, .int, to: .bool), .global(.uint, .uint, to: .bool),
        .global(.double, .double, to: .bool), .global(.string, .string, to: .bool),
        .global(.bytes, .bytes, to: .bool), .global(.timestamp, .timestamp, to: .bool),
        .global(.duration, .duration, to: .bool), .global(.money, .money, to: .bool),
    ]
}
