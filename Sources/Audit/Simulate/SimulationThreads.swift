import Dispatch
import EventLog
import Synchronization

/// The comparison on a thread of its own, behind the one that derives; or on the same one.
final class ComparisonThread {
    /// Batches and chunks that may wait for it.
    private static let waitingMax = 16

    private let comparison: WorldComparison
    private let queue: DispatchQueue?
    private let room = DispatchSemaphore(value: waitingMax)

    /// - Parameter isThreaded: false compares on the caller's thread, at its priority.
    init(_ comparison: WorldComparison, isThreaded: Bool) {
        self.comparison = comparison
        queue = isThreaded ? DispatchQueue(label: "docket.simulation.comparison") : nil
    }

    func add(_ batch: RecordedBatch) { work { $0.add(batch) } }

    func compare(_ chunk: SimulatedChunk) { work { $0.compare(chunk) } }

    private func work(_ body: @escaping @Sendable (WorldComparison) -> Void) {
        guard let queue else { return body(comparison) }
        room.wait()
        let (comparison, room) = (comparison, room)
        queue.async {
            body(comparison)
            room.signal()
        }
    }

    /// The comparison, once everything handed over is compared.
    func finished() -> WorldComparison {
        queue?.sync {}
        return comparison
    }
}

/// Reads recorded cascades one batch ahead on a thread of its own; or on the caller's.
final class ReadAhead {
    private let queue: DispatchQueue?
    private var reader: RecordedReader
    private var next: Pending?

    /// A batch that is being read.
    private final class Pending: Sendable {
        let result = Mutex<(Result<RecordedBatch?, ReplayError>, RecordedReader)?>(nil)
        let done = DispatchSemaphore(value: 0)
    }

    /// - Parameter isThreaded: false reads on the caller's thread, at its priority.
    init(_ reader: RecordedReader, isThreaded: Bool) {
        self.reader = reader
        queue = isThreaded ? DispatchQueue(label: "docket.simulation.reading") : nil
    }

    /// The next cascades that end before `end`, which stays the same until nil is returned.
    /// - Throws: as `RecordedReader.next`.
    func next(before end: UInt64) throws(ReplayError) -> RecordedBatch? {
        guard let queue else { return try reader.next(before: end) }
        let pending = next ?? read(before: end, queue)
        pending.done.wait()
        next = nil
        guard let (result, after) = pending.result.withLock({ $0 }) else { return nil }
        reader = after
        let batch = try result.get()
        if batch != nil, reader.position < end { next = read(before: end, queue) }
        return batch
    }

    private func read(before end: UInt64, _ queue: DispatchQueue) -> Pending {
        let pending = Pending()
        queue.async { [reader] in
            var reader = reader
            let result = Result { () throws(ReplayError) in try reader.next(before: end) }
            pending.result.withLock { $0 = (result, reader) }
            pending.done.signal()
        }
        return pending
    }
}
