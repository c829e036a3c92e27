/// The functions of optional values that are strict.
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
