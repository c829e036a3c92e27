/// What a host's value becomes so that it has its declared type.
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

    /// - Parameter node: the part of the host that the value was read from.
    @inline(__always)
    func apply(_ value: Value, of host: any HostObject, _ node: UInt32) -> Value {
        self == .none ? value : convert(value, host, node)
    }

    /// - Parameter container: what the value was read from.
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
