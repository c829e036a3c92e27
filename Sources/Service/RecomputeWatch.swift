import Audit
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

    private let log: EventLog
    private let current = Mutex(Status())
    private let thread = BackgroundThread()

    init(_ log: EventLog) { self.log = log }

    var status: Status { current.withLock { $0 } }

    /// Starts the thread.
    func start() {
        if let failure = thread.start({ [self] in work() }) { end(failure) }
    }

    func stop() { thread.stop() }

    private func work() {
        while !thread.isStopping, log.size == 0 { rest() }
        guard !thread.isStopping else { return }
        do throws(ReplayError) {
            let recompute = try Recompute(log, isAbandoned: { [self] in thread.isStopping })
            let began = ContinuousClock.now
            var hasCaughtUp = false
            while !thread.isStopping {
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
