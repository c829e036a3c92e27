/// The variables of an evaluation and what it may cost; reused from one evaluation to the next.
///
/// A slot that is not set reads as an `unknownVariable` error.
@safe package final class Activation {
    @usableFromInline var slots: UnsafeMutablePointer<Value>
    @usableFromInline var locals: UnsafeMutablePointer<Value>
    @usableFromInline var localBase = 0
    @usableFromInline var localCapacity: Int
    @usableFromInline var depth = 0
    /// The number of slots.
    package let slotCount: Int
    /// Cost units one evaluation may take; 1 is one simple operation.
    package var costLimit: UInt64 = 1_000_000
    /// Cost units the evaluation in progress, or the last one, took.
    package internal(set) var cost: UInt64 = 0
    /// For the embedding program's functions.
    package var context: AnyObject?

    package init(slots count: Int) {
        slotCount = count
        unsafe slots = .allocate(capacity: max(count, 1))
        unsafe slots.initialize(repeating: Self.unbound, count: count)
        localCapacity = 16
        unsafe locals = .allocate(capacity: localCapacity)
        unsafe locals.initialize(repeating: .null, count: localCapacity)
    }

    deinit {
        unsafe slots.deinitialize(count: slotCount)
        unsafe slots.deallocate()
        unsafe locals.deinitialize(count: localCapacity)
        unsafe locals.deallocate()
    }

    static let unbound = Value.failure(.unknownVariable, "variable is not bound")

    /// The value of the variable whose slot `Environment.declare(variable:_:)` gave.
    @inlinable package subscript(_ slot: Int) -> Value {
        get {
            precondition(slot >= 0 && slot < slotCount)
            return unsafe slots[slot]
        }
        set {
            precondition(slot >= 0 && slot < slotCount)
            unsafe slots[slot] = newValue
        }
    }

    @inlinable func local(_ index: Int) -> Value {
        precondition(index >= 0 && index < localCapacity)
        return unsafe locals[index]
    }

    @inlinable func charge(_ units: UInt64) -> Bool {
        let (sum, overflow) = cost.addingReportingOverflow(units)
        cost = overflow ? .max : sum
        return cost <= costLimit
    }
}
