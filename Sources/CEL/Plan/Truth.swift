/// A condition's outcome.
enum Truth {
    case no, yes
    /// An error or no bool: see `Activation.failure`.
    case failed

    @inline(__always)
    init(_ value: Value, _ activation: Activation) {
        switch value {
        case .bool(let flag): self = flag ? .yes : .no
        case .error:
            activation.failure = value
            self = .failed
        default:
            activation.failure = .noOverload
            self = .failed
        }
    }

    @inline(__always)
    init(_ flag: Bool) { self = flag ? .yes : .no }

    @inline(__always)
    func value(_ activation: Activation) -> Value {
        switch self {
        case .no: .bool(false)
        case .yes: .bool(true)
        case .failed: activation.failure
        }
    }
}
