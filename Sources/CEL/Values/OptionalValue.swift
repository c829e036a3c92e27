/// What an `optional_type` value holds: a value or nothing.
package struct OptionalValue: Sendable {
    private final class Box: Sendable {
        let value: Value
        init(_ value: Value) { self.value = value }
    }

    private let box: Box?

    package init(_ value: Value?) { box = value.map(Box.init) }

    /// The value, or nil where the optional is empty.
    package var value: Value? { box?.value }
}
