/// The variables and the cost limit of an evaluation; reused from one evaluation to the next.
///
/// A slot that is not set reads as an `unknownVariable` error.
@safe package final class Activation {
    @exclusivity(unchecked) @usableFromInline var slots: UnsafeMutablePointer<Value>
    @exclusivity(unchecked) @usableFromInline var locals: UnsafeMutablePointer<Value>
    @safe @exclusivity(unchecked) @usableFromInline var localBase = 0
    @safe @exclusivity(unchecked) @usableFromInline var localCapacity: Int
    /// The end of the locals in use.
    @safe @exclusivity(unchecked) private var localTop = 0
    @safe @exclusivity(unchecked) private var depth = 0
    /// The error of the last condition without an outcome.
    @safe @exclusivity(unchecked) @usableFromInline var failure = Value.null
    /// Buffer for concatenation; each evaluation leaves it as it found it.
    @safe @exclusivity(unchecked) var octets: [UInt8] = []
    /// The number of slots.
    package let slotCount: Int
    /// Cost units one evaluation may take; 1 is one simple operation.
    @safe @exclusivity(unchecked) package var costLimit: UInt64 = 1_000_000
    /// Cost units the evaluation in progress, or the last one, took.
    @safe @exclusivity(unchecked) package internal(set) var cost: UInt64 = 0
    /// An object of the embedding program, for its functions.
    @safe @exclusivity(unchecked) package var context: AnyObject?

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

    static var scratch: Activation { Activation(slots: 0) }

    static let unbound = Value.failure(.unknownVariable, "variable is not bound")

    /// The value of the variable whose slot `CELEnvironment.declare(variable:_:)` gave.
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

    /// The value of a compiled variable, whose slot is known to be in range.
    @inline(__always)
    func slotValue(_ slot: Int) -> Value {
        assert(slot >= 0 && slot < slotCount)
        return unsafe slots[slot]
    }

    @inlinable func local(_ index: Int) -> Value {
        precondition(index >= 0 && index < localCapacity)
        return unsafe locals[index]
    }

    @inline(__always)
    func frameLocal(_ index: Int) -> Value {
        let place = localBase + index
        precondition(place < localCapacity)
        return unsafe locals[place]
    }

    @inline(__always)
    func setFrameLocal(_ index: Int, _ value: Value) {
        let place = localBase + index
        precondition(place < localCapacity)
        unsafe locals[place] = value
    }

    /// Bounds of the calling program's frame of locals.
    struct Frame {
        let base: Int
        let top: Int
    }

    /// Opens a frame of `count` locals; the cost starts anew unless another evaluation is open.
    @inline(__always)
    func enter(_ count: Int, slots: Int) -> Frame {
        precondition(slots <= slotCount, "the activation has too few slots")
        let frame = Frame(base: localBase, top: localTop)
        if depth == 0 { cost = 0 }
        depth += 1
        localBase = localTop
        localTop += count
        if localTop > localCapacity { grow() }
        return frame
    }

    @inline(__always)
    func leave(_ frame: Frame) {
        depth -= 1
        localBase = frame.base
        localTop = frame.top
    }

    private func grow() {
        let capacity = max(localTop, localCapacity * 2)
        let larger = UnsafeMutablePointer<Value>.allocate(capacity: capacity)
        unsafe larger.moveInitialize(from: locals, count: localCapacity)
        unsafe (larger + localCapacity).initialize(repeating: .null, count: capacity - localCapacity)
        unsafe locals.deallocate()
        unsafe locals = larger
        localCapacity = capacity
    }

    @inlinable package func charge(_ units: UInt64) -> Bool {
        let (sum, overflow) = cost.addingReportingOverflow(units)
        cost = overflow ? .max : sum
        return cost <= costLimit
    }
}
