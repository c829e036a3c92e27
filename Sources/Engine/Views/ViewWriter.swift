import AgentKit
import Dispatch
import EventLog
import LMDB
import Synchronization

/// Writes views behind the commits, on a thread of its own: the sequencer sets changes aside and goes on.
final class ViewWriter: Sendable {
    /// Changes that are set aside and written at a time.
    static let changesPerFlush = 250_000
    /// The views may be that many changes behind; further appends are answered with 503.
    static let changesBehindMax = 2_000_000

    private enum State {
        case idle
        case writing
        case done(LMDBError?)
    }

    private let store: ViewStore
    private let state = Mutex(State.idle)
    private let queue = DispatchQueue(label: "docket.views")
    private let finished = DispatchSemaphore(value: 0)

    init(_ store: ViewStore) { self.store = store }

    /// Indicates that changes set aside are still being written.
    var isWriting: Bool { state.withLock { if case .writing = $0 { true } else { false } } }

    /// Starts to write; the one before must have been collected.
    /// - Parameter log: holds every entry that was folded.
    func start(_ changes: ViewChanges, of log: EventLog) {
        state.withLock { $0 = .writing }
        queue.async { [self] in
            var failure: LMDBError?
            do throws(LMDBError) { try store.write(changes, of: log) } catch { failure = error }
            state.withLock { $0 = .done(failure) }
            finished.signal()
        }
    }

    /// The result of a write that ended since the last call; nil where none did.
    func collect() -> Result<Void, LMDBError>? {
        state.withLock { state in
            guard case .done(let failure) = state else { return nil }
            state = .idle
            _ = finished.wait(timeout: .now())
            return failure.map { .failure($0) } ?? .success(())
        }
    }

    /// Lets go of changes that were written, which are many objects, on the writer's thread.
    func release(_ changes: consuming ViewChanges) {
        queue.async { [changes] in withExtendedLifetime(changes) {} }
    }

    /// Waits for the write under way.
    func wait() {
        guard isWriting else { return }
        finished.wait()
        finished.signal()
    }
}
