import Dispatch
package import Engine
package import EventLog
import Glibc
import JSON
package import LMDB
import Synchronization

/// Recomputation of a log on two cores, with the result that one would have.
///
/// To fold an entry costs less than half of what it costs to derive it. So while the caller's thread derives the log from
/// its first entry on, a second one folds the recorded entries up to a place behind the middle and derives from there.
/// Its part counts only if the first one finds every entry before that place as recorded: then both stand on the same
/// state. Otherwise it is dropped, and the first goes on. No snapshot is believed for that: rows that somebody changed
/// could stop a program that decides by them.
package struct RecomputeOnTwoCores {
    /// The share of the entries that the first thread derives, so that both end together.
    private static let share = 0.62
    /// Logs with fewer entries are derived on one core.
    package static let entriesMin: UInt64 = 20_000
    /// As much as the main thread has.
    private static let stackBytes = 8 << 20
    private static let pauseMilliseconds = 100

    private let log: EventLog
    private let views: StoredViews?
    private let secondViews: StoredViews?

    /// Compares no views.
    package init(_ log: EventLog) {
        self.log = log
        (views, secondViews) = (nil, nil)
    }

    /// - Parameter directory: the data directory whose views are compared.
    /// - Throws: `LMDBError` where the views cannot be read.
    package init(_ log: EventLog, viewsOf directory: DataDirectory) throws(LMDBError) {
        self.log = log
        let pair = try StoredViews.open(directory, origin: log.origin, count: 2)
        (views, secondViews) = (pair.first, pair.last)
    }

    /// Derives the log as `Recompute.run` does.
    /// - Parameters:
    ///   - entriesMin: the number of entries from which on two cores are used.
    ///   - progress: called on this thread from time to time with the number of entries that are done.
    /// - Throws: as `Recompute.run`.
    package func run(
        to end: UInt64? = nil, entriesMin: UInt64 = Self.entriesMin, progress: ((UInt64) -> Void)? = nil
    ) throws(ReplayError) -> RecomputeResult {
        let first = try Recompute(log, views: views)
        let last = try first.endOfCascade(at: end ?? log.size)
        let middle = try first.producersTrigger(at: UInt64(Double(last) * Self.share))
        guard last >= entriesMin, middle > 0, middle < last, sysconf(Int32(_SC_NPROCESSORS_ONLN)) > 1 else {
            return try first.run(to: last, progress: progress)
        }
        let second = SecondPart(log, secondViews, from: middle, to: last)
        guard second.start() else { return try first.run(to: last, progress: progress) }
        defer { second.drop() }
        try first.advance(to: middle) { progress?($0 + second.derived) }
        guard first.position == middle, first.differencesCount == 0 else {
            second.drop()
            return try first.run(to: last, progress: progress)
        }
        while !second.hasEnded(within: Self.pauseMilliseconds) { progress?(middle + second.derived) }
        guard let part = second.result else { return try first.run(to: last, progress: progress) }
        progress?(last)
        return part.joined(first)
    }

    /// The part behind the middle, on a thread of its own.
    private final class SecondPart: Sendable {
        private let log: EventLog
        private let views: UncheckedViews
        private let middle: UInt64
        private let last: UInt64
        private let position = Atomic<UInt64>(0)
        private let isDropped = Atomic(false)
        private let outcome = Mutex<RecomputeResult?>(nil)
        private let ended = DispatchSemaphore(value: 0)

        /// Only the thread uses them once it runs.
        private struct UncheckedViews: @unchecked Sendable {
            let views: StoredViews?
        }

        init(_ log: EventLog, _ views: StoredViews?, from middle: UInt64, to last: UInt64) {
            self.log = log
            self.views = UncheckedViews(views: views)
            self.middle = middle
            self.last = last
        }

        /// The number of entries derived.
        var derived: UInt64 {
            let position = position.load(ordering: .relaxed)
            return position > middle ? position - middle : 0
        }

        /// The result once the thread has ended; nil where it could not go on.
        var result: RecomputeResult? { outcome.withLock { $0 } }

        func drop() { isDropped.store(true, ordering: .relaxed) }

        func hasEnded(within milliseconds: Int) -> Bool {
            ended.wait(timeout: .now() + .milliseconds(milliseconds)) == .success
        }

        /// - Returns: false where there can be no thread.
        func start() -> Bool {
            var attributes = pthread_attr_t()
            guard unsafe pthread_attr_init(&attributes) == 0 else { return false }
            defer { unsafe pthread_attr_destroy(&attributes) }
            guard unsafe pthread_attr_setstacksize(&attributes, RecomputeOnTwoCores.stackBytes) == 0 else {
                return false
            }
            var handle = pthread_t()
            let context = unsafe Unmanaged.passRetained(self).toOpaque()
            let failure = unsafe pthread_create(
                &handle, &attributes,
                { context in
                    guard let context = unsafe context else { return nil }
                    unsafe Unmanaged<SecondPart>.fromOpaque(context).takeRetainedValue().work()
                    return nil
                }, context)
            guard failure == 0 else {
                unsafe Unmanaged<SecondPart>.fromOpaque(context).release()
                return false
            }
            pthread_detach(handle)
            return true
        }

        private func work() {
            defer { ended.signal() }
            do throws(ReplayError) {
                let part = try Recompute(
                    log, views: views.views, isAbandoned: { [self] in isDropped.load(ordering: .relaxed) })
                try part.takeOver(to: middle)
                let result = try part.run(to: last) { [self] in position.store($0, ordering: .relaxed) }
                outcome.withLock { $0 = result }
            } catch {
                // The first thread comes to the same place and says it.
            }
        }
    }
}
