/// What a host's value becomes so that it has its declared type.
enum Conversion {
    case none, timestamp, duration, double

    init(_ type: CELType) {
        switch type {
        case .timestamp: self = .timestamp
        case .duration: self = .duration
        case .double: self = .double
        case .optional(let content): self = Conversion(content)
        default: self = .none
        }
    }

    @inline(__always)
    func apply(_ value: Value) -> Value { self == .none ? value : convert(value) }

    private func convert(_ value: Value) -> Value {
        switch (self, value) {
        case (.double, .int(let number)): return .double(Double(number))
        case (.timestamp, .text), (.timestamp, .string): return Conversions.timestamp(value)
        case (.duration, .text), (.duration, .string): return Conversions.duration(value)
        case (_, .optional(let content)):
            guard let inner = content.value else { return value }
            let converted = convert(inner)
            if case .error = converted { return converted }
            return .some(converted)
        default: return value
        }
    }
}
