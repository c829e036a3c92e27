extension Value: Equatable {
    /// CEL's `==`: numbers across their types, maps in any order, false for different types and currencies, NaN
    /// unlike itself.
    package static func == (a: Value, b: Value) -> Bool {
        switch a {
        case .null: if case .null = b { true } else { false }
        case .bool(let x): if case .bool(let y) = b { x == y } else { false }
        case .int(let x): if case .int(let y) = b { x == y } else { numberOrder(a, b) == .equal }
        case .uint, .double: numberOrder(a, b) == .equal
        case .string, .text:
            (a.withUTF8 { x in b.withUTF8 { x == $0 } } ?? nil) ?? false
        case .bytes(let x): if case .bytes(let y) = b { x == y } else { false }
        case .timestamp(let x): if case .timestamp(let y) = b { x == y } else { false }
        case .duration(let x): if case .duration(let y) = b { x == y } else { false }
        case .money(let x): if case .money(let y) = b { Money.isSame(x, y) } else { false }
        case .type(let x): if case .type(let y) = b { x.name == y.name } else { false }
        case .optional(let x): if case .optional(let y) = b { x.value == y.value } else { false }
        case .list, .map, .host: containersEqual(a, b)
        case .error: false
        }
    }

    private static func containersEqual(_ a: Value, _ b: Value) -> Bool {
        if let count = a.listCount {
            guard b.listCount == count else { return false }
            for index in 0..<count where a.element(index) != b.element(index) { return false }
            return true
        }
        guard let count = a.mapCount, b.mapCount == count else { return false }
        for index in 0..<count {
            guard let other = b.entry(a.key(at: index)), a.value(at: index) == other else { return false }
        }
        return true
    }
}
