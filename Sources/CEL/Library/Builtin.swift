/// A function of the language or its extensions.
struct Builtin: Sendable {
    typealias Unary = @Sendable (Value, Activation) -> Value
    typealias Binary = @Sendable (Value, Value, Activation) -> Value
    typealias Nary = @Sendable (Arguments) -> Value

    let name: String
    let signatures: [Signature]
    let unary: Unary?
    let binary: Binary?
    let nary: Nary?
    /// Cost units a call, beyond what the function itself counts.
    let cost: UInt64

    init(
        _ name: String, _ signatures: [Signature], unary: Unary? = nil, binary: Binary? = nil, nary: Nary? = nil,
        cost: UInt64 = 1
    ) {
        self.name = name
        self.signatures = signatures
        self.unary = unary
        self.binary = binary
        self.nary = nary
        self.cost = cost
    }
}
