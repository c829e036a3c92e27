import Synchronization

/// A plan of storage failures for tests: the n-th call of a kind fails, with its effect kept or lost.
///
/// An environment opened with a plan asks it before each call; one opened without pays a nil check.
package final class FaultyStore: Sendable {
    /// A call that can be made to fail.
    package enum Operation: Hashable, Sendable { case begin, put, delete, commit, sync }

    /// The effect of a failed call: kept, as after a power cut between write and answer, or lost.
    package enum Effect: Hashable, Sendable { case kept, lost }

    struct Fault {
        let operation: Operation
        var remaining: Int
        let effect: Effect
        let code: Int32
    }

    private let faults = Mutex<[Fault]>([])

    /// A plan with no failures.
    package init() {}

    /// Makes the call number `occurrence` from now (1 is the next) fail with a raw LMDB code or errno.
    package func fail(_ operation: Operation, occurrence: Int = 1, effect: Effect, code: Int32) {
        let fault = Fault(operation: operation, remaining: occurrence, effect: effect, code: code)
        faults.withLock { $0.append(fault) }
    }

    /// Indicates that every failure of the plan has happened.
    package var isSpent: Bool { faults.withLock { $0.isEmpty } }

    /// The failure due for this call, which it uses up.
    func next(_ operation: Operation) -> (effect: Effect, code: Int32)? {
        faults.withLock { faults in
            for i in faults.indices where faults[i].operation == operation {
                faults[i].remaining -= 1
                if faults[i].remaining == 0 {
                    let fault = faults.remove(at: i)
                    return (fault.effect, fault.code)
                }
            }
            return nil
        }
    }
}
