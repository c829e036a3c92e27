import Dispatch
import Synchronization

/// A few threads for reads that may take long, so that neither connections nor appends wait for them.
final class ReadPool: Sendable {
    private let queues: [DispatchQueue]
    private let turn = Atomic<Int>(0)

    init(_ label: String, threads: Int) {
        queues = (0..<threads).map { DispatchQueue(label: "docket.\(label).\($0)") }
    }

    func run<T: Sendable>(_ body: @escaping @Sendable () -> T) async -> T {
        let number = turn.wrappingAdd(1, ordering: .relaxed).newValue
        let queue = queues[(number & Int.max) % queues.count]
        return await withCheckedContinuation { continuation in
            queue.async { continuation.resume(returning: body()) }
        }
    }
}
