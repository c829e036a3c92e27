extension Library {
    static let lists: [Builtin] = [
        Builtin("lists.range", [.global(.int, to: .list(.int))], unary: Lists.range),
        Builtin("slice", [.member(listOfA, .int, .int, to: listOfA)], nary: Lists.slice),
        Builtin(
            "flatten",
            [.member(.list(listOfA), to: listOfA), .member(.list(.dyn), .int, to: .list(.dyn))],
            unary: { Lists.flatten($0, .int(1), $1) }, binary: Lists.flatten),
        Builtin("sort", [.member(listOfA, to: listOfA)], unary: Lists.sort),
        Builtin("distinct", [.member(listOfA, to: listOfA)], unary: Lists.distinct),
        Builtin(
            "first", [.member(listOfA, to: .optional(a))], unary: { list, _ in Lists.end(list) { _ in 0 } }),
        Builtin(
            "last", [.member(listOfA, to: .optional(a))], unary: { list, _ in Lists.end(list) { $0 - 1 } }),
    ]

    static let sets: [Builtin] = [
        Builtin("sets.contains", [.global(listOfA, listOfA, to: .bool)], binary: Sets.contains),
        Builtin("sets.equivalent", [.global(listOfA, listOfA, to: .bool)], binary: Sets.equivalent),
        Builtin("sets.intersects", [.global(listOfA, listOfA, to: .bool)], binary: Sets.intersects),
    ]

    static let encoders: [Builtin] = [
        Builtin("base64.encode", [.global(.bytes, to: .string)], unary: Encoders.encode),
        Builtin("base64.decode", [.global(.string, to: .bytes)], unary: Encoders.decode),
    ]

    static let optionals: [Builtin] = [
        Builtin("optional.none", [.global(to: .optional(a))], nary: { _ in .none }),
        Builtin("optional.of", [.global(a, to: .optional(a))], unary: { value, _ in .some(value) }),
        Builtin(
            "optional.ofNonZeroValue", [.global(a, to: .optional(a))],
            unary: { value, _ in value.isZero ? .none : .some(value) }),
        Builtin("hasValue", [.member(.optional(a), to: .bool)], unary: Optionals.hasValue),
        Builtin("value", [.member(.optional(a), to: a)], unary: Optionals.value),
        Builtin("or", [.member(.optional(a), .optional(a), to: .optional(a))]),
        Builtin("orValue", [.member(.optional(a), a, to: a)]),
        Builtin("optional.unwrap", [.global(.list(.optional(a)), to: listOfA)], unary: Optionals.unwrap),
        Builtin("unwrapOpt", [.member(.list(.optional(a)), to: listOfA)], unary: Optionals.unwrap),
    ]
}
