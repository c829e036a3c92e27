import Dispatch
import EventLog
import Synchronization

/// Makes chains durable one at a time: large ones on a thread of its own, while the sequencer decides on what came
/// meanwhile, small ones on the sequencer's.
final class Committer: Sendable {
    /// Fewer bytes of entries are not worth waking a second thread.
    static let bytesAside = 128 << 10

    private let queue = DispatchQueue(label: "docket.commit", qos: .userInteractive)
    private let result = Mutex<Result<String, EventLogError>?>(nil)
    private let ended = DispatchSemaphore(value: 0)

    /// Starts on a chain; the one before must have been waited for.
    /// - Parameters:
    ///   - durable: called once the chain is durable, before anybody who waits for the commit goes on; not called where
    ///     it is not.
    ///   - answer: called after that with the signed checkpoint.
    ///   - end: called at the end in any case.
    func start(
        _ chain: EntryChain, on log: EventLog, durable: @escaping @Sendable () -> Void,
        answer: @escaping @Sendable (String) -> Void, end: @escaping @Sendable () -> Void
    ) {
        queue.async { [self] in
            commit(chain, on: log, durable: durable, answer: answer)
            end()
        }
    }

    /// Makes a chain durable on the caller's thread; the outcome is waited for as that of one that was started.
    func commit(_ chain: EntryChain, on log: EventLog, durable: () -> Void, answer: (String) -> Void) {
        do throws(EventLogError) {
            let checkpoint = try log.commit(chain.batch)
            durable()
            result.withLock { $0 = .success(checkpoint) }
            ended.signal()
            answer(checkpoint)
        } catch {
            result.withLock { $0 = .failure(error) }
            ended.signal()
        }
    }

    /// Indicates that the commit that was started has ended.
    var hasEnded: Bool { result.withLock { $0 != nil } }

    /// Waits for the commit that was started and gives its checkpoint.
    func wait() -> Result<String, EventLogError> {
        ended.wait()
        guard let outcome = result.withLock({ result in result.take() }) else {
            preconditionFailure("a commit ended without a result")
        }
        return outcome
    }
}
