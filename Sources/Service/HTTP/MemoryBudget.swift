import Synchronization

/// Bytes that all requests and replies in progress may hold together: bodies being read, what is made of them, pages
/// and other replies until they are sent. A client that would exceed it is told to come again, so that many clients at
/// once, or clients that do not read what they asked for, cost no more memory than this.
final class MemoryBudget: Sendable {
    let bytesMax: Int
    private let held = Atomic<Int>(0)

    init(bytesMax: Int) { self.bytesMax = bytesMax }

    /// A budget that nothing exceeds.
    static var unlimited: MemoryBudget { MemoryBudget(bytesMax: .max) }

    /// Size of a request's body at most: one body with what is made of it must fit.
    var bodyBytesMax: Int { min(ServiceLimits.bodyBytesMax, bytesMax / Self.perBodyByte) }

    /// Bytes held for each of a body: itself, its canonical copy with the copy's index, and the entries encoded from
    /// it.
    private static let perBodyByte = 4

    /// Bytes held now.
    var bytesHeld: Int { held.load(ordering: .relaxed) }

    /// Returns true if there is memory for a body now.
    func admits(bodyOf size: Int) -> Bool {
        size <= bodyBytesMax && Self.held(forBodyOf: size) <= bytesMax - bytesHeld
    }

    /// Bytes held for a body of a size, from its head to its reply.
    fileprivate static func held(forBodyOf size: Int) -> Int { perBodyByte * size }

    fileprivate func take(_ bytes: Int) -> Bool {
        var before = bytesHeld
        while bytes <= bytesMax - before {
            let (exchanged, original) = held.weakCompareExchange(
                expected: before, desired: before + bytes, ordering: .relaxed)
            if exchanged { return true }
            before = original
        }
        return false
    }

    fileprivate func change(by bytes: Int) { held.wrappingAdd(bytes, ordering: .relaxed) }
}

/// One request's share of the budget, given back with the last reference to it.
final class MemoryShare: Sendable {
    private let budget: MemoryBudget
    private let bytes = Mutex(0)

    init(_ budget: MemoryBudget = .unlimited) { self.budget = budget }

    deinit { budget.change(by: -bytes.withLock { $0 }) }

    /// Size of a request's body at most.
    var bodyBytesMax: Int { budget.bodyBytesMax }

    /// Changes the share to a number of bytes.
    /// - Throws: `unavailable` where they do not fit; the share is as it was.
    func resize(to size: Int) throws(ProblemReply) {
        let fits = bytes.withLock { bytes in
            if size > bytes {
                guard budget.take(size - bytes) else { return false }
            } else {
                budget.change(by: size - bytes)
            }
            bytes = size
            return true
        }
        guard fits else { throw .busy("requests and replies under way hold all the memory they may") }
    }

    /// Changes the share to what a body of a size needs, and the index of its values.
    /// - Throws: `unavailable` where that does not fit.
    func hold(bodyOf size: Int, index: Int = 0) throws(ProblemReply) {
        try resize(to: max(MemoryBudget.held(forBodyOf: size), 3 * size + index))
    }

    /// Changes the share, beyond the budget where it must be: what has been decided is answered.
    func force(to size: Int) {
        bytes.withLock { bytes in
            budget.change(by: size - bytes)
            bytes = size
        }
    }
}
