/// Runs over a list or the entries of a map in key order, with the variables in locals.
struct Loop {
    let range: Node
    let first: Int
    let second: Int?
    /// Cost units of one turn.
    let cost: UInt64
    let firstConversion: Conversion
    let secondConversion: Conversion

    /// Calls `body` with each position until it returns false; an error where the range or a limit is one.
    @inline(__always)
    func run(_ activation: Activation, over value: Value, _ body: () -> Bool) -> Value? {
        let failure = turns(activation, value, body)
        activation.setFrameLocal(first, .null)
        if let second { activation.setFrameLocal(second, .null) }
        return failure
    }

    @inline(__always)
    private func turns(_ activation: Activation, _ value: Value, _ body: () -> Bool) -> Value? {
        switch value {
        case .list(let elements):
            for index in 0..<elements.count {
                guard activation.charge(cost) else { return .costPassed }
                set(activation, index, elements[index])
                if !body() { return nil }
            }
        case .host(let host, let node) where host.kind(node) == .list:
            for index in 0..<host.count(node) {
                guard activation.charge(cost) else { return .costPassed }
                let element = host.element(node, index) ?? .outOfRange(index)
                set(activation, index, elementConversion.apply(element, of: host, node))
                if !body() { return nil }
            }
        case .map, .host:
            for index in 0..<(value.mapCount ?? 0) {
                guard activation.charge(cost) else { return .costPassed }
                activation.setFrameLocal(first, value.key(at: index))
                if let second {
                    activation.setFrameLocal(second, secondConversion.apply(value.value(at: index), of: value))
                }
                if !body() { return nil }
            }
        case .error: return value
        default: return .noOverload
        }
        return nil
    }

    @inline(__always)
    private var elementConversion: Conversion { second == nil ? firstConversion : secondConversion }

    @inline(__always)
    private func set(_ activation: Activation, _ index: Int, _ element: Value) {
        if let second {
            activation.setFrameLocal(first, .int(Int64(index)))
            activation.setFrameLocal(second, element)
        } else {
            activation.setFrameLocal(first, element)
        }
    }
}
