/// `format` with a literal pattern and a literal list: what can be said before any value is known.
extension Checker {
    mutating func checkFormat(_ target: Expression, _ arguments: [Expression]) {
        guard case .literal(.string(let pattern)) = target.kind, arguments.count == 1,
            case .list(let elements) = arguments[0].kind, !elements.contains(where: \.isOptional)
        else { return }
        var clauses: [UInt8] = []
        var rest = Array(pattern.utf8)[...]
        while let percent = rest.firstIndex(of: UInt8(ascii: "%")) {
            rest = rest[(percent + 1)...].drop { $0 == UInt8(ascii: ".") || Lexer.isDigit($0) }
            guard let letter = rest.popFirst() else { break }
            if letter != UInt8(ascii: "%") { clauses.append(letter) }
        }
        if clauses.count != elements.count {
            report(arguments[0].extent, "the pattern takes \(clauses.count) arguments, found \(elements.count)")
            return
        }
        for (letter, element) in zip(clauses, elements) {
            let type = inference.resolve(element.value.type, finally: true)
            if !Self.accepts(letter, type) {
                let clause = String(decoding: [UInt8(ascii: "%"), letter], as: UTF8.self)
                report(element.value.extent, "`\(clause)` does not take `\(type)`")
            }
        }
    }

    private static func accepts(_ clause: UInt8, _ type: CELType) -> Bool {
        switch (clause, type) {
        case (_, .dyn), (_, .error): true
        case (UInt8(ascii: "s"), .optional), (UInt8(ascii: "s"), .opaque), (UInt8(ascii: "s"), .money): false
        case (UInt8(ascii: "s"), _): true
        case (UInt8(ascii: "d"), .int), (UInt8(ascii: "d"), .uint), (UInt8(ascii: "d"), .double),
            (UInt8(ascii: "f"), .int), (UInt8(ascii: "f"), .uint), (UInt8(ascii: "f"), .double),
            (UInt8(ascii: "e"), .int), (UInt8(ascii: "e"), .uint), (UInt8(ascii: "e"), .double),
            (UInt8(ascii: "b"), .int), (UInt8(ascii: "b"), .uint), (UInt8(ascii: "b"), .bool),
            (UInt8(ascii: "o"), .int), (UInt8(ascii: "o"), .uint),
            (UInt8(ascii: "x"), .int), (UInt8(ascii: "x"), .uint), (UInt8(ascii: "x"), .string),
            (UInt8(ascii: "x"), .bytes),
            (UInt8(ascii: "X"), .int), (UInt8(ascii: "X"), .uint), (UInt8(ascii: "X"), .string),
            (UInt8(ascii: "X"), .bytes):
            true
        default: false
        }
    }
}
