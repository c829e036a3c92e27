extension Library {
    static let strings: [Builtin] = [
        Builtin(
            "size",
            [
                .global(.string, to: .int), .member(.string, to: .int), .global(.bytes, to: .int),
                .member(.bytes, to: .int), .global(listOfA, to: .int), .member(listOfA, to: .int),
                .global(mapOfAB, to: .int), .member(mapOfAB, to: .int),
            ], unary: Strings.size),
        Builtin("contains", [.member(.string, .string, to: .bool)], binary: Strings.contains),
        Builtin("startsWith", [.member(.string, .string, to: .bool)], binary: Strings.startsWith),
        Builtin("endsWith", [.member(.string, .string, to: .bool)], binary: Strings.endsWith),
        Builtin(
            "matches", [.member(.string, .string, to: .bool), .global(.string, .string, to: .bool)],
            binary: Regex.matches),
        Builtin("charAt", [.member(.string, .int, to: .string)], binary: Strings.charAt),
        Builtin("indexOf", search, binary: Strings.indexOf, nary: Strings.indexOfFrom),
        Builtin("lastIndexOf", search, binary: Strings.lastIndexOf, nary: Strings.lastIndexOfFrom),
        Builtin("lowerAscii", toText, unary: Strings.lowerAscii),
        Builtin("upperAscii", toText, unary: Strings.upperAscii),
        Builtin("trim", toText, unary: Strings.trim),
        Builtin(
            "reverse", [.member(listOfA, to: listOfA), .member(.string, to: .string)], unary: Strings.reverse),
        Builtin(
            "replace",
            [
                .member(.string, .string, .string, to: .string), .member(.string, .string, .string, .int, to: .string),
            ], nary: Strings.replace),
        Builtin(
            "split",
            [.member(.string, .string, to: .list(.string)), .member(.string, .string, .int, to: .list(.string))],
            binary: Strings.split, nary: Strings.splitLimited),
        Builtin(
            "substring", [.member(.string, .int, to: .string), .member(.string, .int, .int, to: .string)],
            binary: Strings.substring, nary: Strings.substringRange),
        Builtin(
            "join", [.member(.list(.string), to: .string), .member(.list(.string), .string, to: .string)],
            unary: { Strings.join($0, .string(""), $1) }, binary: Strings.join),
        Builtin("format", [.member(.string, .list(.dyn), to: .string)], binary: Format.format),
        Builtin("strings.quote", [.global(.string, to: .string)], unary: Strings.quote),
    ]

    private static let toText: [Signature] = [.member(.string, to: .string)]
    private static let search: [Signature] = [
        .member(.string, .string, to: .int), .member(.string, .string, .int, to: .int),
    ]
}
