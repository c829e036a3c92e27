/// Reads members by name.
enum Select {
    @inline(__always)
    static func member(
        _ container: consuming Value, _ name: FieldName, _ conversion: Conversion, _ absence: Value
    ) -> Value {
        if case .host(let host, let node) = container {
            guard let found = host.member(node, name) else { return absence }
            return conversion.apply(found, of: host, node)
        }
        return slowMember(container, name, conversion, absence)
    }

    @inline(never)
    static func slowMember(
        _ container: Value, _ name: FieldName, _ conversion: Conversion, _ absence: Value
    ) -> Value {
        switch container {
        case .map(let map): map[.string(name.text)] ?? absence
        case .optional(let content): content.value.map { optional($0, name, conversion) } ?? container
        case .money(let money): money.member(name.text) ?? absence
        case .error: container
        default: noFields(container)
        }
    }

    static func optional(_ container: Value, _ name: FieldName, _ conversion: Conversion) -> Value {
        let found: Value?
        switch container {
        case .host(let host, let node): found = host.member(node, name).map { conversion.apply($0, of: host, node) }
        case .map(let map): found = map[.string(name.text)]
        case .money(let money): found = money.member(name.text)
        case .optional(let content): return content.value.map { optional($0, name, conversion) } ?? container
        case .error: return container
        default: return noFields(container)
        }
        guard let found else { return .none }
        if case .error = found { return found }
        return .some(found)
    }

    static func isPresent(_ container: Value, _ name: FieldName, _ activation: Activation) -> Truth {
        switch container {
        case .host(let host, let node):
            guard let found = host.member(node, name) else { return .no }
            guard case .error = found else { return .yes }
            return Truth(found, activation)
        case .map(let map): return Truth(map[.string(name.text)] != nil)
        case .money(let money): return Truth(money.member(name.text) != nil)
        case .optional(let content):
            guard let inner = content.value else { return .no }
            return isPresent(inner, name, activation)
        case .error: return Truth(container, activation)
        default: return Truth(noFields(container), activation)
        }
    }

    /// The error of a member that is not there.
    static func absence(_ name: FieldName) -> Value { .failure(.noSuchKey, "no such key `\(name.text)`") }

    private static func noFields(_ value: Value) -> Value {
        .failure(.noSuchOverload, "a value of type `\(value.typeName)` has no fields")
    }
}
