import HummingbirdCore
import NIOCore
import Synchronization

/// A followed stream of server-sent events, fed from the log at its reader's pace: a slow reader holds nobody up.
struct EventFeed: Sendable {
    let reader: LogReader
    let signal: CommitSignal
    /// The first sequence sent.
    let from: UInt64
    /// Number of entries after which the stream ends; nil never does.
    let entriesMax: Int?
    let filter: EventFilter
    let connection: Connection
    let memory: MemoryShare

    /// Writes until all entries asked for are sent, the reader has gone or the service stops.
    @concurrent func write(to writer: inout any ResponseBodyWriter) async throws {
        var request = EntrySlice.Request(
            from: from, form: .serverSentEvents, entriesMax: entriesMax ?? ServiceLimits.pageEntriesMax,
            bytesMax: ServiceLimits.streamBytesMax, predicate: filter)
        var left = entriesMax
        // The head goes out with the first bytes, so a reader knows at once that it follows.
        try await writer.write(ByteBuffer(staticString: ": following\n\n"))
        while true {
            guard let slice = try await slice(request) else { return }
            request.from = slice.next
            if slice.count > 0 { try await writer.write(slice.buffer) }
            if let rest = left {
                guard rest > slice.count else { return }
                left = rest - slice.count
                request.entriesMax = rest - slice.count
            }
            guard slice.isAtEnd else {
                guard !signal.isStopping else { return }
                continue
            }
            switch await signal.wait(beyond: slice.next, atMost: .seconds(ServiceLimits.heartbeatSeconds)) {
            case .grown: continue
            case .silent:
                try await writer.write(ByteBuffer(staticString: ": silence\n\n"))
                // Nearly all that was written has been sent by now.
                memory.force(to: 0)
            case .stopping: return
            }
        }
    }

    /// The next slice, once a thread and memory are free; nil where the reader has gone or the service stops.
    private func slice(_ request: EntrySlice.Request) async throws -> EntrySlice? {
        while true {
            guard !signal.isStopping, !connection.isGone else { return nil }
            do throws(ProblemReply) {
                let slice = try await reader.slice(request, for: connection)
                if slice.count > 0 { try memory.resize(to: slice.buffer.storageCapacity) }
                return slice
            } catch {
                guard error.status == 503 else { throw error }
            }
            try await Task.sleep(for: .seconds(ServiceLimits.retrySeconds))
        }
    }
}

/// Wakes the log's followers when it grows: at once after a commit of this service's requests, within
/// `followMilliseconds` after others (timers, schedules). Idle while nobody waits.
final class CommitSignal: Sendable {
    enum Outcome: Sendable {
        case grown
        /// Nothing was appended in the time waited.
        case silent
        case stopping
    }

    private struct Waiter {
        let size: UInt64
        let deadline: ContinuousClock.Instant
        let continuation: CheckedContinuation<Outcome, Never>
    }

    private struct State {
        var waiters: [Waiter] = []
        var isWatching = false
        var isStopping = false
    }

    private let state = Mutex(State())
    private let waiting = Atomic<Int>(0)
    private let size: @Sendable () -> UInt64

    /// - Parameter size: the number of committed entries.
    init(size: @escaping @Sendable () -> UInt64) { self.size = size }

    /// Indicates that the service was told to stop.
    var isStopping: Bool { state.withLock { $0.isStopping } }

    /// Waits until the log has more than `size` entries.
    func wait(beyond size: UInt64, atMost patience: Duration) async -> Outcome {
        await withCheckedContinuation { continuation in
            let waiter = Waiter(size: size, deadline: .now + patience, continuation: continuation)
            let (isStopping, starts) = state.withLock { state -> (Bool, Bool) in
                guard !state.isStopping else { return (true, false) }
                state.waiters.append(waiter)
                waiting.store(state.waiters.count, ordering: .releasing)
                defer { state.isWatching = true }
                return (false, !state.isWatching)
            }
            if isStopping { return continuation.resume(returning: .stopping) }
            if starts { Task { await watch() } }
        }
    }

    /// Notes that something was committed.
    func noteCommit() {
        guard waiting.load(ordering: .acquiring) > 0 else { return }
        look()
    }

    /// Ends every wait, now and from now on.
    func stop() {
        let waiters = state.withLock { state in
            state.isStopping = true
            defer { state.waiters = [] }
            return state.waiters
        }
        waiting.store(0, ordering: .releasing)
        for waiter in waiters { waiter.continuation.resume(returning: .stopping) }
    }

    private func watch() async {
        while look() {
            try? await Task.sleep(for: .milliseconds(ServiceLimits.followMilliseconds))
        }
    }

    /// Resumes every waiter whose wait is over.
    /// - Returns: true if others go on waiting.
    @discardableResult
    private func look() -> Bool {
        let size = size()
        let now = ContinuousClock.now
        let (woken, goesOn) = state.withLock { state -> ([Waiter], Bool) in
            let woken = state.waiters.filter { $0.size < size || $0.deadline <= now }
            state.waiters.removeAll { $0.size < size || $0.deadline <= now }
            waiting.store(state.waiters.count, ordering: .releasing)
            if state.waiters.isEmpty { state.isWatching = false }
            return (woken, !state.waiters.isEmpty)
        }
        for waiter in woken { waiter.continuation.resume(returning: waiter.size < size ? .grown : .silent) }
        return goesOn
    }
}
