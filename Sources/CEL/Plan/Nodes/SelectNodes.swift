/// Selection of members by name.
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
        case .map(let map): map.member(name) ?? absence
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
        case .map(let map): found = map.member(name)
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
        case .map(let map): return Truth(map.member(name) != nil)
        case .money(let money): return Truth(money.member(name.text) != nil)
        case .optional(let content):
            guard let inner = content.value else { return .no }
            return isPresent(inner, name, activation)
        case .error: return Truth(container, activation)
        default: return Truth(noFields(container), activation)
        }
    }

    /// The error for an absent member.
    static func absence(_ name: FieldName) -> Value { .failure(.noSuchKey, "no such key `\(name.text)`") }

    private static func noFields(_ value: Value) -> Value {
        .failure(.noSuchOverload, "a value of type `\(value.typeName)` has no fields")
    }
}

/// `operand.name`.
final class SelectNode: Node, @unchecked Sendable {
    private let operand: Node
    private let name: FieldName
    private let conversion: Conversion
    private let absence: Value

    init(_ operand: Node, _ name: FieldName, _ conversion: Conversion) {
        self.operand = operand
        self.name = name
        self.conversion = conversion
        absence = Select.absence(name)
    }

    override func evaluate(_ activation: Activation) -> Value {
        Select.member(operand.evaluate(activation), name, conversion, absence)
    }
}

/// `variable.name`, the most frequent selection.
final class SlotSelectNode: Node, @unchecked Sendable {
    private let slot: Int
    private let name: FieldName
    private let conversion: Conversion
    private let absence: Value

    init(_ slot: Int, _ name: FieldName, _ conversion: Conversion) {
        self.slot = slot
        self.name = name
        self.conversion = conversion
        absence = Select.absence(name)
    }

    override func evaluate(_ activation: Activation) -> Value {
        guard case .host(let host, let node) = activation.slotValue(slot) else {
            return Select.slowMember(activation[slot], name, conversion, absence)
        }
        guard let found = host.member(node, name) else { return absence }
        return conversion.apply(found, of: host, node)
    }
}

/// `operand.?name`.
final class OptionalSelectNode: Node, @unchecked Sendable {
    private let operand: Node
    private let name: FieldName
    private let conversion: Conversion

    init(_ operand: Node, _ name: FieldName, _ conversion: Conversion) {
        self.operand = operand
        self.name = name
        self.conversion = conversion
    }

    override func evaluate(_ activation: Activation) -> Value {
        Select.optional(operand.evaluate(activation), name, conversion)
    }
}

/// `has(operand.name)`.
final class PresenceNode: Node, @unchecked Sendable {
    private let operand: Node
    private let name: FieldName

    init(_ operand: Node, _ name: FieldName) {
        self.operand = operand
        self.name = name
    }

    override func evaluate(_ activation: Activation) -> Value { truth(activation).value(activation) }

    override func truth(_ activation: Activation) -> Truth {
        Select.isPresent(operand.evaluate(activation), name, activation)
    }
}

/// `amount.minorUnits` of a host's amount, without a lookup of its currency.
final class MinorUnitsNode: Node, @unchecked Sendable {
    private let amount: Node
    private let name: FieldName

    init(_ amount: Node, _ name: FieldName) {
        self.amount = amount
        self.name = name
    }

    override func evaluate(_ activation: Activation) -> Value {
        let value = amount.evaluate(activation)
        switch value {
        case .int: return value
        case .money(let money): return .int(money.minorUnits)
        default: return Select.slowMember(value, name, .none, Select.absence(name))
        }
    }
}

/// `operand[index]` and `operand[?index]`.
final class IndexNode: Node, @unchecked Sendable {
    private let operand: Node
    private let index: Node
    private let isOptional: Bool
    private let conversion: Conversion

    init(_ operand: Node, _ index: Node, isOptional: Bool, _ conversion: Conversion) {
        self.operand = operand
        self.index = index
        self.isOptional = isOptional
        self.conversion = conversion
    }

    override func evaluate(_ activation: Activation) -> Value {
        let container = operand.evaluate(activation)
        if case .error = container { return container }
        let key = index.evaluate(activation)
        if case .error = key { return key }
        return conversion.apply(
            isOptional ? Indexing.optionalIndex(container, key) : Indexing.index(container, key), of: container)
    }
}

/// Conversion of a host's value to its declared type.
enum Conversion {
    case none, timestamp, duration, double
    /// An amount or a list of them.
    case amounts

    init(_ type: CELType) {
        switch type {
        case .timestamp: self = .timestamp
        case .duration: self = .duration
        case .double: self = .double
        case .money, .list(.money): self = .amounts
        case .optional(let content): self = Conversion(content)
        default: self = .none
        }
    }

    /// - Parameter node: the part of the host from which the value was read.
    @inline(__always)
    func apply(_ value: Value, of host: any HostObject, _ node: UInt32) -> Value {
        self == .none ? value : convert(value, host, node)
    }

    /// - Parameter container: the value from which it was read.
    @inline(__always)
    func apply(_ value: Value, of container: Value) -> Value {
        guard self != .none else { return value }
        guard case .host(let host, let node) = container else { return convert(value, nil, 0) }
        return convert(value, host, node)
    }

    private func convert(_ value: Value, _ host: (any HostObject)?, _ node: UInt32) -> Value {
        switch (self, value) {
        case (.double, .int(let number)): return .double(Double(number))
        case (.timestamp, .text), (.timestamp, .string): return Conversions.timestamp(value)
        case (.duration, .text), (.duration, .string): return Conversions.duration(value)
        case (.amounts, .int), (.amounts, .host): return host.map { value.amounts(of: $0, node) } ?? .noCurrency
        case (_, .optional(let content)):
            guard let inner = content.value else { return value }
            let converted = convert(inner, host, node)
            if case .error = converted { return converted }
            return .some(converted)
        default: return value
        }
    }
}
