/// A type of the CEL type system.
package indirect enum CELType: Hashable, Sendable {
    case dyn
    case null
    case bool
    case int
    case uint
    case double
    case string
    case bytes
    case timestamp
    case duration
    /// The type of a type.
    case type(CELType)
    case list(CELType)
    case map(CELType, CELType)
    case optional(CELType)
    /// A record declared with `Environment.declare(record:)`.
    case record(String)
    case opaque(String, [CELType])
    /// A type parameter of a function's signature.
    case parameter(String)
    case error
}
