import Dispatch
import Glibc
import Synchronization

/// A thread of the lowest priority that works beside a service until it is told to stop.
final class BackgroundThread: Sendable {
    private static let stopMilliseconds = 1000
    /// The lowest priority that a thread can have (nice).
    private static let niceness: Int32 = 19

    private let stopping = Atomic(false)
    private let ended = DispatchSemaphore(value: 0)

    /// Indicates that it was told to stop; its work asks from time to time.
    var isStopping: Bool { stopping.load(ordering: .relaxed) }

    /// Starts it. Called once.
    /// - Returns: the reason why no thread could be started; nil if one was.
    func start(_ work: @escaping @Sendable () -> Void) -> String? {
        let failure = Threads.start { [self] in
            // On Linux the priority is the thread's own.
            _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, Self.niceness)
            work()
            ended.signal()
        }
        guard failure != 0 else { return nil }
        ended.signal()
        return "no thread could be started (error \(failure))"
    }

    /// Tells it to end, and waits for it as long as a machine that has no time for it may be kept waiting. It holds
    /// nothing that others need.
    func stop() {
        stopping.store(true, ordering: .relaxed)
        _ = ended.wait(timeout: .now() + .milliseconds(Self.stopMilliseconds))
    }
}
