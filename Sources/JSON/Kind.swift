/// What a JSON value is; a number is `int` where its value is integral, however it was spelled.
@usableFromInline package enum Kind: UInt8, Sendable {
    case null
    case bool
    case int
    case double
    case string
    case array
    case object
}
