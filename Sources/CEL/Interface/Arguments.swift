/// The arguments of one call, borrowed from the evaluator's stack; not to be kept after the call.
package struct Arguments {
    @usableFromInline let activation: Activation
    @usableFromInline let start: Int
    package let count: Int

    @inlinable init(activation: Activation, start: Int, count: Int) {
        self.activation = activation
        self.start = start
        self.count = count
    }

    @inlinable package subscript(_ index: Int) -> Value { activation.local(start + index) }

    /// What the embedding program put in the activation for its functions.
    @inlinable package var context: AnyObject? { activation.context }

    /// Counts `units` against the activation's limit; false where the limit is passed.
    @inlinable package func charge(_ units: UInt64) -> Bool { activation.charge(units) }
}
