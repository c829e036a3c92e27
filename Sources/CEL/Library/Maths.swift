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

    /// Of one number or a list of them.
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
