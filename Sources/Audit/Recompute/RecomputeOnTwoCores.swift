import Dispatch
package import Engine
package import EventLog
import Glibc
import JSON
package import LMDB
import Synchronization

/// Recomputation of a log on two cores, with the result that one would have.
///
/// While the caller's thread derives the log from its first entry on, the part behind the middle is derived on the other
/// core, and counts only if the first part is found as recorded and gives the state that the second began with.
///
/// - Where the views have a snapshot near the middle, another process begins there (`SpawnedRecompute`), and the rows of
///   the snapshot are compared with the derived ones once the first part is done.
/// - Otherwise a second thread folds the recorded entries up to a place behind the middle and derives from there: to fold
///   an entry costs less than half of what it costs to derive it.
package struct RecomputeOnTwoCores {
    /// The share of the entries that the first thread derives, so that both end together.
    private static let shareBeforeFold = 0.62
    private static let shareBeforeSnapshot = 0.6
    /// The greatest distance of a snapshot before that place, as a share of the entries.
    private static let snapshotReach = 0.1
    /// Logs with fewer entries are derived on one core.
    package static let entriesMin: UInt64 = 20_000
    /// As much as the main thread has.
    private static let stackBytes = 8 << 20
    private static let pauseMilliseconds = 100

    private let log: EventLog
    private let views: StoredViews?
    private let secondViews: StoredViews?
    /// The paths of `docket` and of the data directory; nil spawns nothing.
    private let spawning: (program: String, data: String)?

    /// Compares no views.
    package init(_ log: EventLog) {
        self.log = log
        (views, secondViews, spawning) = (nil, nil, nil)
    }

    /// - Parameters:
    ///   - directory: the data directory whose views are compared.
    ///   - program: the path of `docket`, which derives the part behind a snapshot; nil begins at none.
    /// - Throws: `LMDBError` where the views cannot be read.
    package init(_ log: EventLog, viewsOf directory: DataDirectory, program: String? = nil) throws(LMDBError) {
        self.log = log
        let pair = try StoredViews.open(directory, origin: log.origin, count: 2)
        (views, secondViews) = (pair.first, pair.last)
        spawning = program.map { ($0, directory.path) }
    }

    /// Derives the log as `Recompute.run` does.
    /// - Parameters:
    ///   - start: where to begin: at the last snapshot of the views that is not behind this entry; nil is the log's first
    ///     entry.
    ///   - cores: 1 or 2.
    ///   - entriesMin: the number of entries from which on two cores are used.
    ///   - progress: called on this thread from time to time with the number of entries that are done.
    /// - Throws: as `Recompute.run`; `outOfRange` where there is no snapshot to begin at.
    package func run(
        from start: UInt64? = nil, to end: UInt64? = nil, cores: Int = sysconf(Int32(_SC_NPROCESSORS_ONLN)),
        entriesMin: UInt64 = Self.entriesMin, progress: ((UInt64) -> Void)? = nil
    ) throws(ReplayError) -> RecomputeResult {
        let first = try recompute(from: start)
        let last = try first.endOfCascade(at: end ?? log.size)
        guard last >= first.position, last - first.position >= entriesMin, cores > 1 else {
            return try first.run(to: last, progress: progress)
        }
        if let second = spawned(behind: first.position, to: last) {
            return try run(first, second, to: last, progress: progress)
        }
        let middle = try first.producersTrigger(at: UInt64(Double(last) * Self.shareBeforeFold))
        guard first.first == 0, middle > 0, middle < last else { return try first.run(to: last, progress: progress) }
        return try run(first, SecondPart(log, secondViews, from: middle, to: last), to: last, progress: progress)
    }

    private func recompute(from start: UInt64?) throws(ReplayError) -> Recompute {
        guard let start else { return try Recompute(log, views: views) }
        guard let snapshot = ViewReader.beside(log, before: start) else {
            throw ReplayError(
                .outOfRange, "the views have no snapshot before entry \(start); without `--from` all is derived")
        }
        return try Recompute(log, from: snapshot, views: views)
    }

    // MARK: From a snapshot

    private typealias Spawned = (snapshot: ViewReader, process: SpawnedRecompute)

    /// A process that derives the entries behind a snapshot near the middle; nil where there is none.
    private func spawned(behind first: UInt64, to last: UInt64) -> Spawned? {
        let count = Double(last - first)
        let middle = first + UInt64(count * Self.shareBeforeSnapshot)
        guard let spawning, let snapshot = ViewReader.beside(log, before: middle), snapshot.position > first,
            snapshot.position < last, Double(middle - snapshot.position) <= count * Self.snapshotReach,
            let process = SpawnedRecompute(
                program: spawning.program, data: spawning.data, snapshot.position..<last)
        else { return nil }
        return (snapshot, process)
    }

    private func run(
        _ first: Recompute, _ second: Spawned, to last: UInt64, progress: ((UInt64) -> Void)?
    ) throws(ReplayError) -> RecomputeResult {
        defer { second.process.stop() }
        let middle = second.snapshot.position
        let began = ContinuousClock.now
        let perEntry = Double(last - first.first) / Double(middle - first.first)
        try first.advance(to: middle) {
            progress?(min(last, first.first + UInt64(Double($0 - first.first) * perEntry)))
        }
        var snapshot = ViewsComparison(sound: 0)
        let isAtSnapshot = first.position == middle && first.differencesCount == 0
        if isAtSnapshot { snapshot.compare(second.snapshot, with: first.machine) }
        let isSame = isAtSnapshot && snapshot.isEqual
        if isSame, let sound = second.process.sound(middle..<last, within: Self.patience(since: began)) {
            progress?(last)
            return first.result(joining: sound, to: last)
        }
        second.process.stop()
        var result = try first.run(to: last, progress: progress)
        result.add(snapshot)
        return result
    }

    /// The seconds that the other part is still given: it has about as much to do as the first.
    private static func patience(since began: ContinuousClock.Instant) -> Int64 {
        60 + 4 * (ContinuousClock.now - began).components.seconds
    }

    // MARK: From a fold

    private func run(
        _ first: Recompute, _ second: SecondPart, to last: UInt64, progress: ((UInt64) -> Void)?
    ) throws(ReplayError) -> RecomputeResult {
        guard second.start() else { return try first.run(to: last, progress: progress) }
        defer { second.drop() }
        let middle = second.middle
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
        let middle: UInt64
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
