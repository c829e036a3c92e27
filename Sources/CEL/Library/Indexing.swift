/// Lookup by key or index, and membership.
enum Indexing {
    /// `a in b`.
    static func isMember(_ a: Value, _ b: Value, _ activation: Activation) -> Value {
        if let count = b.listCount {
            guard activation.charge(UInt64(count)) else { return .costPassed }
            for index in 0..<count where a == b.element(index) { return .bool(true) }
            return .bool(false)
        }
        guard b.isMap else { return .noOverload }
        return .bool(b.hasEntry(a))
    }

    /// The member or element at `key`; nil if the container has none, an error if it can have none.
    static func lookup(_ container: Value, _ key: Value) -> Value? {
        if let count = container.listCount {
            guard let position = listIndex(key) else { return .noOverload }
            guard position >= 0, position < count else { return nil }
            return container.element(position)
        }
        guard container.isMap else { return .noOverload }
        return container.entry(key)
    }

    /// `a[b]`.
    static func index(_ container: Value, _ key: Value) -> Value {
        if case .optional(let content) = container {
            guard let inner = content.value else { return container }
            return optionalIndex(inner, key)
        }
        if let found = lookup(container, key) { return found }
        if container.listCount != nil { return .failure(.indexOutOfRange, "index \(key.shortText) is out of range") }
        return noKey(key)
    }

    /// `a[?b]`.
    static func optionalIndex(_ container: Value, _ key: Value) -> Value {
        if case .optional(let content) = container {
            guard let inner = content.value else { return container }
            return optionalIndex(inner, key)
        }
        guard let found = lookup(container, key) else { return .none }
        if case .error = found { return found }
        return .some(found)
    }

    static func noKey(_ key: Value) -> Value { .failure(.noSuchKey, "no such key \(key.shortText)") }

    /// An int, a uint or a whole double.
    private static func listIndex(_ key: Value) -> Int? {
        switch key {
        case .int(let value): Int(exactly: value)
        case .uint(let value): Int(exactly: value) ?? -1
        case .double(let value): Int(exactly: value)
        default: nil
        }
    }
}

extension Value {
    /// The value as messages show a key: shortened, strings in backticks.
    var shortText: String {
        switch self {
        case .int(let value): return "\(value)"
        case .uint(let value): return "\(value)"
        case .double(let value): return NumberText.string(value)
        case .bool(let value): return "\(value)"
        default:
            guard let text = stringValue else { return "of type `\(typeName)`" }
            return text.utf8.count <= 64 ? "`\(text)`" : "`\(String(text.unicodeScalars.prefix(60)))…`"
        }
    }

    func appendElements(to elements: inout [Value]) {
        if case .list(let own) = self {
            elements.append(contentsOf: own)
        } else {
            for index in 0..<(listCount ?? 0) { elements.append(element(index)) }
        }
    }
}

/// The strict functions on optional values.
enum Optionals {
    static func hasValue(_ value: Value, _ activation: Activation) -> Value {
        guard case .optional(let content) = value else { return .noOverload }
        return .bool(content.value != nil)
    }

    static func value(_ value: Value, _ activation: Activation) -> Value {
        guard case .optional(let content) = value else { return .noOverload }
        return content.value ?? .failure(.invalidArgument, "the optional is empty")
    }

    static func unwrap(_ list: Value, _ activation: Activation) -> Value {
        guard let count = list.listCount else { return .noOverload }
        guard activation.charge(UInt64(count)) else { return .costPassed }
        var result: [Value] = []
        for index in 0..<count {
            guard case .optional(let content) = list.element(index) else { return .noOverload }
            if let value = content.value { result.append(value) }
        }
        return .list(result)
    }
}

extension Library {
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
