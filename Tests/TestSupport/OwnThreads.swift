import Foundation
import Synchronization
package import Testing

/// Trait of tests that wait for other processes: they run on threads of their own. On the few threads that Swift's
/// tasks share, two such tests would hold up every other.
package struct OwnThreads: SuiteTrait, TestTrait, TestScoping {
    package var isRecursive: Bool { true }

    package func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable @concurrent () async throws -> Void
    ) async throws {
        try await withTaskExecutorPreference(ThreadExecutor.shared) { try await function() }
    }
}

extension Trait where Self == OwnThreads {
    /// Runs on threads that may wait for other processes.
    package static var ownThreads: Self { OwnThreads() }
}

/// Executor that gives each job an idle thread, and starts one where there is none.
private final class ThreadExecutor: TaskExecutor {
    static let shared = ThreadExecutor()

    private struct State {
        var jobs: [UnownedJob] = []
        var idle = 0
    }

    private let state = Mutex(State())
    private let bell = DispatchSemaphore(value: 0)

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let needsThread = state.withLock { state in
            state.jobs.append(job)
            return state.jobs.count > state.idle
        }
        if needsThread { Thread.detachNewThread { [self] in run() } }
        bell.signal()
    }

    private func run() {
        while true {
            state.withLock { $0.idle += 1 }
            bell.wait()
            let job = state.withLock { state in
                state.idle -= 1
                return state.jobs.removeFirst()
            }
            unsafe job.runSynchronously(on: asUnownedTaskExecutor())
        }
    }
}
