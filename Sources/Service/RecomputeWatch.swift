import Audit
import Dispatch
import Engine
import EventLog
import Glibc
import Synchronization

/// Background recomputation: a thread of the lowest priority derives every decision of the running ledger again, from
/// its first entry on, and then follows it. What differs is said on stderr; `/readyz` has its position and result.
///
/// It holds a second copy of the ledger's state and reads nothing of the first.
final class RecomputeWatch: Sendable {
    /// Its position and findings so far.
    struct Status: Sendable {
        /// The number of entries derived.
        var entries: UInt64 = 0
        var differences = 0
        /// The sequence of the first difference.
        var firstDifference: UInt64?
        /// The reason why it went no further; nil while it runs.
        var failure: String?
    }

    /// Differences that are said on stderr one by one.
    private static let differencesSaid = 20
    /// The time between two looks at a log that does not grow.
    private static let pauseMicroseconds: UInt32 = 250_000
    /// Catching up that took less is not worth a line.
    private static let quietTime = Duration.seconds(60)
    private static let stopMilliseconds = 1000
    /// The lowest priority that a thread can have (nice).
    private static let niceness: Int32 = 19

    private let log: EventLog
    private let current = Mutex(Status())
    private let isStopping = Atomic(false)
    private let ended = DispatchSemaphore(value: 0)

    init(_ log: EventLog) { self.log = log }

    var status: Status { current.withLock { $0 } }

    /// Starts the thread.
    func start() {
        var handle = pthread_t()
        let context = unsafe Unmanaged.passRetained(self).toOpaque()
        let failure = unsafe pthread_create(
            &handle, nil,
            { context in
                guard let context = unsafe context else { return nil }
                let watch = unsafe Unmanaged<RecomputeWatch>.fromOpaque(context).takeRetainedValue()
                watch.work()
                watch.ended.signal()
                return nil
            }, context)
        guard failure == 0 else {
            unsafe Unmanaged<RecomputeWatch>.fromOpaque(context).release()
            ended.signal()
            return end("no thread could be started (error \(failure))")
        }
        pthread_detach(handle)
    }

    /// Tells the thread to end, and waits for it as long as a machine that has no time for it may be kept waiting. It
    /// holds nothing that others need.
    func stop() {
        isStopping.store(true, ordering: .relaxed)
        _ = ended.wait(timeout: .now() + .milliseconds(Self.stopMilliseconds))
    }

    private func work() {
        // On Linux the priority is the thread's own.
        _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, Self.niceness)
        while !isStopping.load(ordering: .relaxed), log.size == 0 { rest() }
        guard !isStopping.load(ordering: .relaxed) else { return }
        do throws(ReplayError) {
            let recompute = try Recompute(log, isAbandoned: { [self] in isStopping.load(ordering: .relaxed) })
            let began = ContinuousClock.now
            var hasCaughtUp = false
            while !isStopping.load(ordering: .relaxed) {
                let said = recompute.differences.count
                try recompute.advance { [self] position in current.withLock { $0.entries = position } }
                note(recompute, said: said)
                if !hasCaughtUp, recompute.position == log.size {
                    hasCaughtUp = true
                    if began.duration(to: .now) > Self.quietTime { say(recompute) }
                }
                rest()
            }
        } catch {
            if error.code != .abandoned { end("\(error)") }
        }
    }

    private func say(_ recompute: Recompute) {
        let result = recompute.differencesCount == 0 ? "byte for byte" : "\(recompute.differencesCount) differ"
        Notice.say("recomputation has caught up: \(recompute.position) entries derived again, \(result)")
    }

    private func rest() {
        usleep(Self.pauseMicroseconds)
        try? log.refresh()
    }

    private func note(_ recompute: Recompute, said: Int) {
        current.withLock {
            $0.entries = recompute.position
            $0.differences = recompute.differencesCount
            $0.firstDifference = recompute.differences.first?.sequence
        }
        guard recompute.differences.count > said else { return }
        for (number, difference) in recompute.differences[said...].enumerated()
        where said + number < Self.differencesSaid {
            Notice.say("recomputation: entry \(difference.sequence): \(difference.what)")
        }
        if recompute.differences.count > Self.differencesSaid, said <= Self.differencesSaid {
            Notice.say("recomputation: there are further differences; `docket recompute` names them all")
        }
    }

    private func end(_ reason: String) {
        current.withLock { $0.failure = reason }
        Notice.say("recomputation cannot go on: \(reason)")
    }
}
