/// The arithmetic operators; overflow is an error.
enum Arithmetic {
    static func add(_ a: Value, _ b: Value, _ activation: Activation) -> Value {
        switch (a, b) {
        case (.int(let x), .int(let y)): return checked(x.addingReportingOverflow(y))
        case (.uint(let x), .uint(let y)): return checked(x.addingReportingOverflow(y))
        case (.double(let x), .double(let y)): return .double(x + y)
        case (.string, .string), (.string, .text), (.text, .string), (.text, .text):
            return concatenate(a, b, activation)
        case (.bytes(let x), .bytes(let y)):
            guard activation.charge(UInt64(x.count + y.count) / 10) else { return .costPassed }
            return .bytes(x + y)
        case (.timestamp(let x), .duration(let y)), (.duration(let y), .timestamp(let x)): return shift(x, y.nanos)
        case (.duration(let x), .duration(let y)):
            let (sum, overflow) = x.nanos.addingReportingOverflow(y.nanos)
            return overflow ? .outOfTime : .duration(Duration(nanos: sum))
        case (.money(let x), .money(let y)):
            guard let currency = Money.common(x, y) else { return .currenciesDiffer }
            return checked(x.minorUnits.addingReportingOverflow(y.minorUnits), currency)
        default: return joinLists(a, b, activation)
        }
    }

    static func subtract(_ a: Value, _ b: Value, _ activation: Activation) -> Value {
        switch (a, b) {
        case (.int(let x), .int(let y)): return checked(x.subtractingReportingOverflow(y))
        case (.uint(let x), .uint(let y)): return checked(x.subtractingReportingOverflow(y))
        case (.double(let x), .double(let y)): return .double(x - y)
        case (.timestamp(let x), .timestamp(let y)): return difference(x, y)
        case (.timestamp(let x), .duration(let y)):
            return y.nanos == .min ? .outOfTime : shift(x, -y.nanos)
        case (.duration(let x), .duration(let y)):
            let (result, overflow) = x.nanos.subtractingReportingOverflow(y.nanos)
            return overflow ? .outOfTime : .duration(Duration(nanos: result))
        case (.money(let x), .money(let y)):
            guard let currency = Money.common(x, y) else { return .currenciesDiffer }
            return checked(x.minorUnits.subtractingReportingOverflow(y.minorUnits), currency)
        default: return .noOverload
        }
    }

    static func multiply(_ a: Value, _ b: Value, _ activation: Activation) -> Value {
        switch (a, b) {
        case (.int(let x), .int(let y)): checked(x.multipliedReportingOverflow(by: y))
        case (.uint(let x), .uint(let y)): checked(x.multipliedReportingOverflow(by: y))
        case (.double(let x), .double(let y)): .double(x * y)
        case (.money(let x), .int(let y)), (.int(let y), .money(let x)):
            checked(x.minorUnits.multipliedReportingOverflow(by: y), x.currency)
        default: .noOverload
        }
    }

    static func divide(_ a: Value, _ b: Value, _ activation: Activation) -> Value {
        switch (a, b) {
        case (.int(_), .int(0)), (.uint(_), .uint(0)), (.money, .int(0)): divisionByZero
        case (.int(let x), .int(let y)): checked(x.dividedReportingOverflow(by: y))
        case (.uint(let x), .uint(let y)): .uint(x / y)
        case (.double(let x), .double(let y)): .double(x / y)
        case (.money(let x), .int(let y)): checked(x.minorUnits.dividedReportingOverflow(by: y), x.currency)
        case (.money(let x), .money(let y)): ratio(x, y)
        default: .noOverload
        }
    }

    static func remainder(_ a: Value, _ b: Value, _ activation: Activation) -> Value {
        switch (a, b) {
        case (.int(_), .int(0)), (.uint(_), .uint(0)), (.money, .int(0)):
            .failure(.divideByZero, "remainder of a division by zero")
        case (.int(let x), .int(let y)): checked(x.remainderReportingOverflow(dividingBy: y))
        case (.uint(let x), .uint(let y)): .uint(x % y)
        case (.money(let x), .int(let y)): checked(x.minorUnits.remainderReportingOverflow(dividingBy: y), x.currency)
        default: .noOverload
        }
    }

    static func negate(_ a: Value, _ activation: Activation) -> Value {
        switch a {
        case .int(let x): checked(Int64(0).subtractingReportingOverflow(x))
        case .double(let x): .double(-x)
        case .money(let x): checked(Int64(0).subtractingReportingOverflow(x.minorUnits), x.currency)
        default: .noOverload
        }
    }

    static func not(_ a: Value, _ activation: Activation) -> Value {
        if case .bool(let x) = a { .bool(!x) } else { .noOverload }
    }

    private static let divisionByZero = Value.failure(.divideByZero, "division by zero")

    @inline(__always)
    private static func checked(_ result: (partialValue: Int64, overflow: Bool)) -> Value {
        result.overflow ? .overflow : .int(result.partialValue)
    }

    @inline(__always)
    private static func checked(_ result: (partialValue: UInt64, overflow: Bool)) -> Value {
        result.overflow ? .overflow : .uint(result.partialValue)
    }

    @inline(__always)
    private static func checked(
        _ result: (partialValue: Int64, overflow: Bool), _ currency: CurrencyCode
    ) -> Value {
        result.overflow ? .overflow : .money(Money(result.partialValue, currency))
    }

    /// The quotient of two amounts of one currency, truncated.
    private static func ratio(_ x: Money, _ y: Money) -> Value {
        guard Money.common(x, y) != nil else { return .currenciesDiffer }
        guard y.minorUnits != 0 else { return divisionByZero }
        return checked(x.minorUnits.dividedReportingOverflow(by: y.minorUnits))
    }

    private static func concatenate(_ a: Value, _ b: Value, _ activation: Activation) -> Value {
        guard var text = a.stringValue, let more = b.stringValue else { return .noOverload }
        guard activation.charge(UInt64(text.utf8.count + more.utf8.count) / 10) else { return .costPassed }
        text += more
        return .string(text)
    }

    private static func joinLists(_ a: Value, _ b: Value, _ activation: Activation) -> Value {
        guard let first = a.listCount, let second = b.listCount else { return .noOverload }
        guard activation.charge(UInt64(first + second)) else { return .costPassed }
        var elements: [Value] = []
        elements.reserveCapacity(first + second)
        a.appendElements(to: &elements)
        b.appendElements(to: &elements)
        return .list(elements)
    }

    /// A timestamp moved by nanoseconds.
    private static func shift(_ time: Timestamp, _ nanos: Int64) -> Value {
        var seconds = time.seconds + nanos / 1_000_000_000
        var rest = Int64(time.nanos) + nanos % 1_000_000_000
        if rest < 0 {
            rest += 1_000_000_000
            seconds -= 1
        } else if rest >= 1_000_000_000 {
            rest -= 1_000_000_000
            seconds += 1
        }
        return Timestamp(seconds: seconds, nanos: Int32(rest)).map(Value.timestamp) ?? .outOfTime
    }

    private static func difference(_ a: Timestamp, _ b: Timestamp) -> Value {
        let (product, over) = (a.seconds - b.seconds).multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, carry) = product.addingReportingOverflow(Int64(a.nanos) - Int64(b.nanos))
        return over || carry ? .outOfTime : .duration(Duration(nanos: sum))
    }
}
