/// What the value of a key may be.
indirect enum KeyContent: Sendable {
    /// A literal: any scalar as it is written.
    case text
    /// A literal of the pattern, an ECMA-262 regular expression.
    case matching(String)
    case oneOf([String])
    case texts
    /// A CEL expression in one scalar.
    case expression
    /// An expression or a list of them.
    case expressions
    case integer(ClosedRange<Int64>)
    case flag
    /// A list of mappings.
    case list(KeyTable)
    /// A mapping, or a list of them.
    case oneOrMore(KeyTable)
    case table(KeyTable)
    /// A mapping from names of the author's choosing.
    case map(KeyContent)
    /// Any YAML.
    case any
    /// Any scalar but nothing, or a list of them.
    case cell
    /// Event types with the members of their data.
    case eventTypes
    /// The data of a decision: CEL by member, in lists and mappings.
    case emission
    /// The members of a record with their types.
    case members
    /// Either of two.
    case either(KeyContent, KeyContent)
}
