import Audit
import Dispatch
import Engine
import EventLog
import Glibc
import Rules
import Synchronization

/// A rule set that runs beside the one in force: a thread of the lowest priority decides under it what the log records, and
/// counts what it decides otherwise. It appends nothing and ends with the service.
final class ShadowWatch: Sendable {
    /// The time between two looks at a log that does not grow.
    private static let pauseMicroseconds: UInt32 = 250_000
    private static let stopMilliseconds = 1000
    /// The lowest priority that a thread can have (nice).
    private static let niceness: Int32 = 19

    /// The digest of its rule set.
    let digest: String
    private let log: EventLog
    private let files: [RuleFile]
    private let current = Mutex<(findings: ShadowFindings?, failure: String?)>((nil, nil))
    private let isStopping = Atomic(false)
    private let ended = DispatchSemaphore(value: 0)

    init(_ log: EventLog, _ files: [RuleFile], digest: String) {
        self.log = log
        self.files = files
        self.digest = digest
    }

    /// What was found so far, nil until the log is folded up to where it begins; and the reason why it went no further.
    var state: (findings: ShadowFindings?, failure: String?) { current.withLock { $0 } }

    var size: UInt64 { log.size }

    /// Starts the thread.
    func start() {
        var handle = pthread_t()
        let context = unsafe Unmanaged.passRetained(self).toOpaque()
        let failure = unsafe pthread_create(
            &handle, nil,
            { context in
                guard let context = unsafe context else { return nil }
                let watch = unsafe Unmanaged<ShadowWatch>.fromOpaque(context).takeRetainedValue()
                watch.work()
                watch.ended.signal()
                return nil
            }, context)
        guard failure == 0 else {
            unsafe Unmanaged<ShadowWatch>.fromOpaque(context).release()
            ended.signal()
            return current.withLock { $0.failure = "no thread could be started (error \(failure))" }
        }
        pthread_detach(handle)
    }

    /// Tells the thread to end, and waits for it a moment.
    func stop() {
        isStopping.store(true, ordering: .relaxed)
        _ = ended.wait(timeout: .now() + .milliseconds(Self.stopMilliseconds))
    }

    private func work() {
        // On Linux the priority is the thread's own.
        _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, Self.niceness)
        do {
            let run = try ShadowRun(log, rules: files, isAbandoned: { [self] in isStopping.load(ordering: .relaxed) })
            current.withLock { $0.findings = run.findings }
            while !isStopping.load(ordering: .relaxed) {
                if try run.advance() { current.withLock { $0.findings = run.findings } }
                usleep(Self.pauseMicroseconds)
                try? log.refresh()
            }
        } catch {
            guard !isStopping.load(ordering: .relaxed) else { return }
            current.withLock { $0.failure = "\(error)" }
            Notice.say("the shadow of rule set `\(digest)` cannot go on: \(error)")
        }
    }
}
