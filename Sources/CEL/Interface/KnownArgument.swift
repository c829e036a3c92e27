/// What is known of a call's argument before anything is evaluated.
package indirect enum KnownArgument: Sendable {
    case value(Value)
    case list([KnownArgument])
    /// A map whose keys are constant texts.
    case map([String: KnownArgument])
    case unknown
}

extension KnownArgument {
    /// The elements of a list; nil where it is none or they are not known one by one.
    package var elements: [KnownArgument]? {
        switch self {
        case .list(let elements): elements
        case .value(.list(let values)): values.map(KnownArgument.value)
        default: nil
        }
    }

    /// A member of a map; `unknown` where it is none.
    package func member(_ name: String) -> KnownArgument {
        switch self {
        case .map(let members): members[name] ?? .unknown
        case .value(.map(let map)): map[name].map(KnownArgument.value) ?? .unknown
        default: .unknown
        }
    }

    /// The value where it is known as a whole.
    package var value: Value? { if case .value(let value) = self { value } else { nil } }
}
