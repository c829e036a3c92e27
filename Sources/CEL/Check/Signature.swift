/// The types of one overload of a function.
struct Signature: Sendable {
    /// For a member function the first is the receiver.
    let parameters: [CELType]
    let result: CELType
    let isMember: Bool
    let isGeneric: Bool

    init(_ parameters: [CELType], _ result: CELType, isMember: Bool = false) {
        self.parameters = parameters
        self.result = result
        self.isMember = isMember
        isGeneric = Self.isGeneric(result) || parameters.contains(where: Self.isGeneric)
    }

    static func member(_ parameters: CELType..., to result: CELType) -> Signature {
        Signature(parameters, result, isMember: true)
    }

    static func global(_ parameters: CELType..., to result: CELType) -> Signature { Signature(parameters, result) }

    private static func isGeneric(_ type: CELType) -> Bool {
        switch type {
        case .parameter: true
        case .list(let element), .optional(let element), .type(let element): isGeneric(element)
        case .map(let key, let value): isGeneric(key) || isGeneric(value)
        case .opaque(_, let parameters): parameters.contains(where: isGeneric)
        default: false
        }
    }
}
