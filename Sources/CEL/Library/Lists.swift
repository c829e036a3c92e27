/// The functions of the `lists` extension.
enum Lists {
    static func range(_ value: Value, _ activation: Activation) -> Value {
        guard case .int(let count) = value else { return .noOverload }
        guard count > 0 else { return .list([]) }
        guard activation.charge(UInt64(count)) else { return .costPassed }
        return .list((0..<count).map(Value.int))
    }

    static func slice(_ arguments: Arguments) -> Value {
        guard arguments.count == 3, let count = arguments[0].listCount, case .int(let start) = arguments[1],
            case .int(let end) = arguments[2]
        else { return .noOverload }
        guard start >= 0, end >= 0, start <= end, end <= Int64(count) else {
            return .failure(.indexOutOfRange, "slice(\(start), \(end)) of a list of \(count)")
        }
        guard arguments.charge(UInt64(end - start)) else { return .costPassed }
        let list = arguments[0]
        return .list((Int(start)..<Int(end)).map { list.element($0) })
    }

    static func flatten(_ list: Value, _ levels: Value, _ activation: Activation) -> Value {
        guard list.listCount != nil, case .int(let depth) = levels else { return .noOverload }
        guard depth >= 0 else { return .failure(.invalidArgument, "the number of levels is negative") }
        var result: [Value] = []
        guard append(list, depth, &result, activation) else { return .costPassed }
        return .list(result)
    }

    private static func append(
        _ list: Value, _ depth: Int64, _ result: inout [Value], _ activation: Activation
    ) -> Bool {
        let count = list.listCount ?? 0
        guard activation.charge(UInt64(count)) else { return false }
        for index in 0..<count {
            let element = list.element(index)
            if depth > 0, element.listCount != nil {
                guard append(element, depth - 1, &result, activation) else { return false }
            } else {
                result.append(element)
            }
        }
        return true
    }

    static func sort(_ list: Value, _ activation: Activation) -> Value {
        guard list.listCount != nil else { return .noOverload }
        var elements: [Value] = []
        list.appendElements(to: &elements)
        return sorted(elements, by: elements, activation)
    }

    /// The elements in the order of their keys; the sort is stable.
    static func sorted(_ elements: [Value], by keys: [Value], _ activation: Activation) -> Value {
        let count = UInt64(keys.count)
        guard activation.charge(count * UInt64(64 - count.leadingZeroBitCount)) else { return .costPassed }
        guard let first = keys.first else { return .list([]) }
        let type = first.runtimeType
        for key in keys where key.runtimeType != type || Value.order(key, key) == .incomparable {
            if key.runtimeType == type { return .noOverload }
            return .failure(.invalidArgument, "the elements to sort have different types")
        }
        if case .money = first {
            let currencies = Set(keys.compactMap(\.moneyValue?.currency)).subtracting([.none])
            if currencies.count > 1 { return .currenciesDiffer }
        }
        let order = keys.indices.sorted { a, b in
            switch Value.order(keys[a], keys[b]) {
            case .less: true
            case .greater: false
            default: a < b
            }
        }
        return .list(order.map { elements[$0] })
    }

    static func distinct(_ list: Value, _ activation: Activation) -> Value {
        guard let count = list.listCount else { return .noOverload }
        var result: [Value] = []
        for index in 0..<count {
            let element = list.element(index)
            guard activation.charge(UInt64(result.count / 4 + 1)) else { return .costPassed }
            if !result.contains(element) { result.append(element) }
        }
        return .list(result)
    }

    static func end(_ list: Value, _ position: (Int) -> Int) -> Value {
        guard let count = list.listCount else { return .noOverload }
        return count == 0 ? .none : .some(list.element(position(count)))
    }
}

/// The functions of the `sets` extension: lists taken as sets.
enum Sets {
    private static func elements(_ a: Value, _ b: Value, _ activation: Activation) -> Result<([Value], [Value]), Stop> {
        guard let first = a.listCount, let second = b.listCount else { return .failure(Stop(value: .noOverload)) }
        let (cost, overflow) = UInt64(first).multipliedReportingOverflow(by: UInt64(second))
        guard !overflow, activation.charge(cost / 4 + 1) else { return .failure(Stop(value: .costPassed)) }
        var x: [Value] = []
        var y: [Value] = []
        a.appendElements(to: &x)
        b.appendElements(to: &y)
        return .success((x, y))
    }

    private struct Stop: Error { let value: Value }

    private static func decide(
        _ a: Value, _ b: Value, _ activation: Activation, _ body: ([Value], [Value]) -> Bool
    ) -> Value {
        switch elements(a, b, activation) {
        case .success(let (x, y)): .bool(body(x, y))
        case .failure(let stop): stop.value
        }
    }

    static func contains(_ a: Value, _ b: Value, _ activation: Activation) -> Value {
        decide(a, b, activation) { x, y in y.allSatisfy(x.contains) }
    }

    static func equivalent(_ a: Value, _ b: Value, _ activation: Activation) -> Value {
        decide(a, b, activation) { x, y in y.allSatisfy(x.contains) && x.allSatisfy(y.contains) }
    }

    static func intersects(_ a: Value, _ b: Value, _ activation: Activation) -> Value {
        decide(a, b, activation) { x, y in y.contains { x.contains($0) } }
    }
}

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
}
