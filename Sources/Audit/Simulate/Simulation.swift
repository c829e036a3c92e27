import AgentKit
import Engine
package import EventLog
package import JSON
package import Rules

/// What is to be other than it was.
package struct SimulationRequest {
    /// The rule files under which everything is derived; nil follows those that the log put in force.
    package var rules: [RuleFile]?
    /// The moment up to which history is taken as it was recorded; nil derives all of it.
    package var from: Moment?
    /// Takes all of history as it was recorded: what comes from now on is derived.
    var fromEnd = false
    /// The triggers of producers that never came.
    package var without: Set<UInt64> = []
    /// Events that came, too.
    package var with: [AddedEvents] = []

    package init() {}

    /// Events that came just before a recorded trigger.
    package struct AddedEvents {
        /// The sequence of the trigger.
        package let sequence: UInt64
        /// The file and each event with its line.
        package let file: String
        package let events: [(line: Int, event: Document)]

        package init(before sequence: UInt64, file: String, events: [(line: Int, event: Document)]) {
            (self.sequence, self.file, self.events) = (sequence, file, events)
        }
    }
}

/// The reason why a world cannot be simulated: a sequence that is not a trigger's, an event that the ingress refuses.
package struct SimulationError: Error, Sendable, CustomStringConvertible {
    package let description: String
    init(_ description: String) { self.description = description }
}

/// A simulation: history once more, under other rules, without an event, or with another.
///
/// A second machine (`SimulatedWorld`) is given the log's triggers one after the other at their recorded times; before each
/// it fires what its own clock owes by then. What it decides is compared with the log (`WorldComparison`), cascade by
/// cascade: sequences shift as soon as one is longer or shorter, so decisions are found again by what they say. What is
/// left over on one side or on both is the difference (`SimulationReport`).
///
/// 1. Up to `from` the log is folded as it is recorded.
/// 2. `RecordedReader` reads batches of whole cascades, the world derives them, its entries go to a file without a name.
/// 3. The comparison runs on a second thread behind the first (`ComparisonThread`).
///
/// A log that grows is followed by calling `advance` again. Not thread-safe: one thread uses it.
package final class Simulation {
    /// Derived entries that are handed to the comparison together.
    private static let entriesPerChunk = 2048

    private let log: EventLog
    private let entries: SimulatedEntries
    let world: SimulatedWorld
    private let comparison: ComparisonThread
    private let reader: ReadAhead
    private let isAbandoned: () -> Bool
    /// The first sequence that was derived.
    package let from: UInt64
    /// The number of recorded entries that were gone through.
    package private(set) var position: UInt64
    private let request: SimulationRequest

    /// Folds the log up to where it begins to differ.
    /// - Parameters:
    ///   - isThreaded: whether it uses both cores; else all is done on the caller's thread, at its priority.
    ///   - isAbandoned: polled while it runs; true ends it with an error.
    ///   - progress: called from time to time with the number of entries that are done.
    /// - Throws: `ReplayError` if the log cannot be read, `RuleSetError` if the rules are in error, `SimulationError`
    ///   if the request does not fit the log.
    package init(
        _ log: EventLog, _ request: SimulationRequest, isThreaded: Bool = true,
        isAbandoned: @escaping () -> Bool = { false }, progress: ((UInt64) -> Void)? = nil
    ) throws {
        self.log = log
        self.request = request
        self.isAbandoned = isAbandoned
        from = try request.start(in: log)
        position = from
        entries = try SimulatedEntries(behind: from, of: log)
        world = try SimulatedWorld(log, entries, request)
        try world.fold(to: from, isAbandoned: isAbandoned, progress: progress)
        try world.begin()
        reader = ReadAhead(RecordedReader(log, from: from), isThreaded: isThreaded)
        comparison = ComparisonThread(
            WorldComparison(entries, passesEngine: request.rules != nil), isThreaded: isThreaded)
    }

    /// Goes through the log up to its present end.
    /// - Throws: as `init`.
    package func advance(progress: ((UInt64) -> Void)? = nil) throws {
        let end = log.size
        while let batch = try reader.next(before: end) {
            comparison.add(batch)
            for cascade in batch.cascades {
                if world.needsMap(cascade) {
                    try flush()
                    world.ask(comparison.finished())
                }
                try world.play(cascade)
                if world.pending >= Self.entriesPerChunk { try flush() }
            }
            try entries.check()
            position = batch.end
            progress?(position)
            if isAbandoned() { throw ReplayError(.abandoned, "nobody waits for it any more") }
        }
        try flush()
    }

    private func flush() throws(ReplayError) {
        if let chunk = try world.takeChunk() { comparison.compare(chunk) }
    }

    /// The report of everything so far; behind it nothing is compared any more.
    /// - Throws: `ReplayError` if the log cannot be read.
    package func report() throws -> SimulationReport {
        let comparison = comparison.finished()
        comparison.finishBatches()
        comparison.settle(recordedBefore: .max, simulatedBefore: .max)
        try entries.check()
        let report = try SimulationReport(
            source, world, request, comparison.leftovers.differences(),
            from: from, to: position)
        try entries.check()
        return report
    }

    var source: SimulationSource { SimulationSource(log: log, entries: entries) }

    /// The differences so far. Those of triggers that lie further behind than `reach` entries are settled: they are
    /// returned this one time, and `isSettled` tells them from the others.
    /// - Throws: `ReplayError` if an entry of either world could not be read.
    func differences(
        reach: UInt64
    ) throws(ReplayError) -> (found: FoundDifferences, isSettled: (DifferenceOrigin) -> Bool) {
        let comparison = comparison.finished()
        comparison.finishBatches()
        let recorded = position - min(position, reach)
        let simulated = entries.size - min(entries.size, reach)
        comparison.settle(recordedBefore: recorded, simulatedBefore: simulated)
        try entries.check()
        let found = comparison.leftovers.differences()
        comparison.leftovers.drop(recordedBefore: recorded, simulatedBefore: simulated)
        return (found, { Leftovers.isOld($0, recorded: recorded, simulated: simulated) })
    }
}

/// The entries of both worlds.
struct SimulationSource {
    let log: EventLog
    let entries: SimulatedEntries

    func recorded(_ sequence: UInt64) -> Document? { entries.recorded(sequence) }

    func simulated(_ sequence: UInt64) -> Document? { entries.entry(EntrySequence(sequence)) }
}

extension SimulationRequest {
    /// The first sequence that may differ.
    /// - Throws: `SimulationError` for a sequence that is not that of a trigger, `ReplayError` if the log cannot be read.
    func start(in log: EventLog) throws -> UInt64 {
        guard log.size > 0 else { throw ReplayError(.empty, "the log has no entry yet") }
        if fromEnd { return log.size }
        for sequence in without {
            guard try trigger(sequence, "--without", log).isFromProducer else {
                throw SimulationError(
                    "`--without \(sequence)`: entry \(sequence) is of the clock or the ledger itself, which follows from others"
                )
            }
        }
        for added in with { _ = try trigger(added.sequence, "--with", log) }
        let changed = (without + with.map(\.sequence)).min()
        var start =
            try from.map { moment throws in try Self.behind(moment, log) } ?? (rules == nil ? changed ?? log.size : 0)
        if let changed, changed < start {
            guard from == nil else {
                throw SimulationError("entry \(changed) is before the entry from which everything is derived")
            }
            start = changed
        }
        return start
    }

    private func trigger(
        _ sequence: UInt64, _ option: String, _ log: EventLog
    ) throws -> (entry: Document, isFromProducer: Bool) {
        guard let entry = try log.document(sequence) else {
            throw SimulationError(
                "`\(option)`: entry \(sequence) is not in the log, which has \(log.size) entries")
        }
        guard entry.root["agent"] == nil else {
            throw SimulationError(
                "`\(option)`: entry \(sequence) is a decision (`\(entry.root.text("type"))`); name the trigger that it follows from"
            )
        }
        let source = entry.root["source"]
        let isEngine = source?.isString("/engine") == true
        if option == "--with", isEngine {
            throw SimulationError("`--with`: nothing comes before entry \(sequence), which is of the ledger itself")
        }
        return (entry, !isEngine && source?.isString("/clock") != true)
    }

    /// The first trigger at a sequence or behind a time.
    private static func behind(_ moment: Moment, _ log: EventLog) throws -> UInt64 {
        var start: UInt64
        switch moment {
        case .sequence(let sequence):
            guard sequence < log.size else {
                throw SimulationError("`--from`: entry \(sequence) is not in the log, which has \(log.size) entries")
            }
            start = sequence
        case .time: start = try log.position(after: moment)
        }
        if start == 0 { return 0 }
        // The first entries belong together: with them the rules come into force.
        while let entry = try log.document(start),
            entry.root["agent"] != nil || entry.root["source"]?.isString("/engine") == true
        {
            start += 1
        }
        return start
    }
}
