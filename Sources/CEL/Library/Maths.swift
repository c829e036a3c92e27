/// The functions of the `math` extension that are more than an operator.
enum Maths {
    private static func isNumber(_ value: Value) -> Bool {
        switch value {
        case .int, .uint, .double: true
        default: false
        }
    }

    static func extreme(_ a: Value, _ b: Value, _ wanted: Ordering) -> Value {
        guard isNumber(a), isNumber(b) else { return .noOverload }
        return Value.numberOrder(b, a) == wanted ? b : a
    }

    /// The least or greatest of a list of numbers; of one number, the number itself.
    static func extreme(of value: Value, _ wanted: Ordering) -> Value {
        guard let count = value.listCount else { return isNumber(value) ? value : .noOverload }
        guard count > 0 else { return .failure(.invalidArgument, "an empty list has no greatest or least") }
        var best = value.element(0)
        guard isNumber(best) else { return .noOverload }
        for index in 1..<max(count, 1) {
            best = extreme(best, value.element(index), wanted)
            if case .error = best { return best }
        }
        return best
    }

    static func extreme(_ arguments: Arguments, _ wanted: Ordering) -> Value {
        guard arguments.count > 0 else { return .noOverload }
        return extreme(of: .list((0..<arguments.count).map { arguments[$0] }), wanted)
    }

    static func abs(_ value: Value, _ activation: Activation) -> Value {
        switch value {
        case .int(let number): number == .min ? .overflow : .int(Swift.abs(number))
        case .uint: value
        case .double(let number): .double(number.magnitude)
        default: .noOverload
        }
    }

    static func sign(_ value: Value, _ activation: Activation) -> Value {
        switch value {
        case .int(let number): .int(number.signum())
        case .uint(let number): .uint(number.signum())
        case .double(let number): .double(number > 0 ? 1 : number < 0 ? -1 : number)
        default: .noOverload
        }
    }

    static func squareRoot(_ value: Value, _ activation: Activation) -> Value {
        switch value {
        case .int(let number): .double(Double(number).squareRoot())
        case .uint(let number): .double(Double(number).squareRoot())
        case .double(let number): .double(number.squareRoot())
        default: .noOverload
        }
    }
}

extension Library {
    static let maths: [Builtin] = [
        Builtin(
            "math.greatest", extremum, unary: { value, _ in Maths.extreme(of: value, .greater) },
            binary: { a, b, _ in Maths.extreme(a, b, .greater) }, nary: { Maths.extreme($0, .greater) }),
        Builtin(
            "math.least", extremum, unary: { value, _ in Maths.extreme(of: value, .less) },
            binary: { a, b, _ in Maths.extreme(a, b, .less) }, nary: { Maths.extreme($0, .less) }),
        rounding("math.ceil") { $0.rounded(.up) },
        rounding("math.floor") { $0.rounded(.down) },
        rounding("math.round") { $0.rounded(.toNearestOrAwayFromZero) },
        rounding("math.trunc") { $0.rounded(.towardZero) },
        Builtin("math.abs", sameNumber, unary: Maths.abs),
        Builtin("math.sign", sameNumber, unary: Maths.sign),
        Builtin(
            "math.sqrt",
            [.global(.double, to: .double), .global(.int, to: .double), .global(.uint, to: .double)],
            unary: Maths.squareRoot),
        test("math.isInf") { $0.isInfinite }, test("math.isNaN") { $0.isNaN }, test("math.isFinite") { $0.isFinite },
        bitwise("math.bitAnd") { $0 & $1 }, bitwise("math.bitOr") { $0 | $1 }, bitwise("math.bitXor") { $0 ^ $1 },
        Builtin(
            "math.bitNot", [.global(.int, to: .int), .global(.uint, to: .uint)],
            unary: { value, _ in
                switch value {
                case .int(let number): .int(~number)
                case .uint(let number): .uint(~number)
                default: .noOverload
                }
            }),
        shift("math.bitShiftLeft") { $0 << $1 }, shift("math.bitShiftRight") { $0 >> $1 },
    ]

    private static let sameNumber: [Signature] = [
        .global(.double, to: .double), .global(.int, to: .int), .global(.uint, to: .uint),
    ]

    private static let extremum: [Signature] =
        sameNumber + [
            .global(.double, .double, to: .double), .global(.int, .int, to: .int), .global(.uint, .uint, to: .uint),
            .global(.int, .uint, to: .dyn), .global(.int, .double, to: .dyn), .global(.double, .int, to: .dyn),
            .global(.double, .uint, to: .dyn), .global(.uint, .int, to: .dyn), .global(.uint, .double, to: .dyn),
            .global(.list(.double), to: .double), .global(.list(.int), to: .int), .global(.list(.uint), to: .uint),
        ]

    private static func rounding(_ name: String, _ body: @escaping @Sendable (Double) -> Double) -> Builtin {
        Builtin(
            name, [.global(.double, to: .double)],
            unary: { value, _ in if case .double(let number) = value { .double(body(number)) } else { .noOverload } })
    }

    private static func test(_ name: String, _ body: @escaping @Sendable (Double) -> Bool) -> Builtin {
        Builtin(
            name, [.global(.double, to: .bool)],
            unary: { value, _ in if case .double(let number) = value { .bool(body(number)) } else { .noOverload } })
    }

    private static func bitwise(_ name: String, _ body: @escaping @Sendable (UInt64, UInt64) -> UInt64) -> Builtin {
        Builtin(
            name, [.global(.int, .int, to: .int), .global(.uint, .uint, to: .uint)],
            binary: { a, b, _ in
                switch (a, b) {
                case (.int(let x), .int(let y)):
                    .int(Int64(bitPattern: body(UInt64(bitPattern: x), UInt64(bitPattern: y))))
                case (.uint(let x), .uint(let y)): .uint(body(x, y))
                default: .noOverload
                }
            })
    }

    /// A logical shift: the sign bit of an int is shifted like any other.
    private static func shift(_ name: String, _ body: @escaping @Sendable (UInt64, Int64) -> UInt64) -> Builtin {
        Builtin(
            name, [.global(.int, .int, to: .int), .global(.uint, .int, to: .uint)],
            binary: { a, b, _ in
                guard case .int(let places) = b else { return .noOverload }
                switch a {
                case .int, .uint: break
                default: return .noOverload
                }
                if places < 0 { return .failure(.invalidArgument, "a shift by \(places) places") }
                switch a {
                case .int(let x): return .int(Int64(bitPattern: body(UInt64(bitPattern: x), places)))
                case .uint(let x): return .uint(body(x, places))
                default: return .noOverload
                }
            })
    }
}
