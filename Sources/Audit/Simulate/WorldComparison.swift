import AgentKit
import EventLog
import JSON

/// Comparison of a simulated world with the log, cascade by cascade, in the order in which both come.
///
/// A recorded trigger's cascade is compared with the simulated one of the same trigger, a firing's with that of the same
/// timer, schedule or row; firings wait for their like, since one world's may come earlier. Entries of two such cascades
/// that are the same one after the other are done with at once (`EntryComparison`); the others are found again by what they
/// say (`DecisionKey`), within the cascade or in any other, and what is left over goes to `Leftovers`. One thread at a time
/// uses it.
final class WorldComparison: @unchecked Sendable {
    /// A recorded cascade; its batch is let go of once it waits for its like.
    private struct Recorded {
        let first: UInt64
        let count: Int
        let batch: RecordedBatch?
    }

    private let entries: SimulatedEntries
    /// Indicates that changes of the rule sets are not compared.
    private let passesEngine: Bool
    private(set) var map: SequenceMap
    var leftovers: Leftovers
    /// The batches whose cascades are not all compared yet, with the next of each.
    private var batches: [(batch: RecordedBatch, next: Int)] = []
    private var chunk: SimulatedChunk?
    private var waitingRecorded: [String: Queue<Recorded>] = [:]
    private var waitingSimulated: [String: Queue<Range<UInt64>>] = [:]

    init(_ entries: SimulatedEntries, passesEngine: Bool) {
        self.entries = entries
        self.passesEngine = passesEngine
        map = SequenceMap(base: entries.base)
        leftovers = Leftovers()
    }

    // MARK: What comes

    func add(_ batch: RecordedBatch) { batches.append((batch, 0)) }

    func compare(_ chunk: SimulatedChunk) {
        self.chunk = chunk
        for step in chunk.steps { take(step) }
        self.chunk = nil
    }

    private func take(_ step: SimulatedStep) {
        switch step {
        case .trigger(let recorded, let range):
            guard let cascade = advance(to: recorded) else { return }
            map.match(simulated: range.lowerBound, recorded: recorded)
            pair(range, cascade)
        case .removed(let recorded):
            guard let cascade = advance(to: recorded) else { return }
            leftovers.removed += 1
            lose(cascade)
        case .notAdmitted(let recorded, let why):
            guard let cascade = advance(to: recorded) else { return }
            leftovers.noteNotAdmitted(recorded, why)
            lose(cascade)
        case .added(let range):
            leftovers.added += 1
            gain(range)
        case .firing(let range), .engine(let range):
            if let front = frontFiring, isSameFiring(range.lowerBound, front) {
                batches[0].next += 1
                map.match(simulated: range.lowerBound, recorded: front.first)
                return pair(range, front)
            }
            if case .engine = step, passesEngine { return gain(range) }
            wait(range)
        }
    }

    /// Has recorded cascades wait for their like up to that of a trigger, which it returns.
    private func advance(to recorded: UInt64?) -> Recorded? {
        while let (batch, next) = batches.first {
            guard next < batch.cascades.count else {
                batches.removeFirst()
                continue
            }
            batches[0].next += 1
            let cascade = batch.cascades[next]
            if cascade.first == recorded {
                return Recorded(first: cascade.first, count: cascade.count, batch: batch)
            }
            let waiting = Recorded(first: cascade.first, count: cascade.count, batch: nil)
            if cascade.origin == .engine, passesEngine {
                lose(waiting)
            } else {
                wait(waiting, FiringName(cascade.trigger.root).name)
            }
        }
        return nil
    }

    /// Has all recorded cascades that came so far wait for their like.
    func finishBatches() { _ = advance(to: nil) }

    /// The recorded cascade that comes next, where it is a firing.
    private var frontFiring: Recorded? {
        while let (batch, next) = batches.first {
            guard next < batch.cascades.count else {
                batches.removeFirst()
                continue
            }
            let cascade = batch.cascades[next]
            if cascade.origin == .engine, passesEngine {
                batches[0].next += 1
                lose(Recorded(first: cascade.first, count: cascade.count, batch: batch))
                continue
            }
            guard cascade.origin != .producer else { return nil }
            return Recorded(first: cascade.first, count: cascade.count, batch: batch)
        }
        return nil
    }

    private func isSameFiring(_ simulated: UInt64, _ recorded: Recorded) -> Bool {
        let comparison = EntryComparison(simulated: simulated, recorded: recorded.first)
        let isSame = unsafe withSimulated(simulated) { a in
            unsafe withRecorded(recorded.first, recorded.batch) { b in unsafe comparison.isSame(a, b, map) }
        }
        if isSame { return true }
        guard let a = simulatedName(simulated), let b = recordedName(recorded.first) else { return false }
        return a.name == b.name
    }

    // MARK: Waiting for their like

    private func wait(_ recorded: Recorded, _ name: String) {
        if let range = waitingSimulated.popFirst(name) {
            map.match(simulated: range.lowerBound, recorded: recorded.first)
            pair(range, recorded)
        } else {
            waitingRecorded[name, default: Queue()].append(recorded)
        }
    }

    private func wait(_ range: Range<UInt64>) {
        guard let name = simulatedName(range.lowerBound)?.name else { return gain(range) }
        if let recorded = waitingRecorded.popFirst(name) {
            map.match(simulated: range.lowerBound, recorded: recorded.first)
            pair(range, recorded)
        } else {
            waitingSimulated[name, default: Queue()].append(range)
        }
    }

    /// Gives up waiting for cascades that began before a recorded entry and a simulated one: they are compared with the
    /// like of another time, or are lost and gained.
    func settle(recordedBefore recordedEnd: UInt64, simulatedBefore simulatedEnd: UInt64) {
        var due: [Recorded] = []
        for (name, list) in waitingRecorded {
            let old = list.filter { $0.first < recordedEnd }
            guard !old.isEmpty else { continue }
            waitingRecorded[name] = old.count == list.count ? nil : Queue(list.filter { $0.first >= recordedEnd })
            due += old
        }
        var loose: [String: Queue<Recorded>] = [:]
        for recorded in due.sorted(by: { $0.first < $1.first }) {
            loose[looseName(of: recorded.first), default: Queue()].append(recorded)
        }
        var gained: [Range<UInt64>] = []
        for (name, list) in waitingSimulated {
            let due = list.filter { $0.lowerBound < simulatedEnd }
            guard !due.isEmpty else { continue }
            waitingSimulated[name] =
                due.count == list.count ? nil : Queue(list.filter { $0.lowerBound >= simulatedEnd })
            gained += due
        }
        for range in gained.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let name = simulatedName(range.lowerBound)?.looseName, let recorded = loose.popFirst(name) {
                map.match(simulated: range.lowerBound, recorded: recorded.first)
                leftovers.movedFirings += 1
                pair(range, recorded)
            } else {
                leftovers.gainedFirings += 1
                gain(range)
            }
        }
        for recorded in loose.values.joined().sorted(by: { $0.first < $1.first }) {
            leftovers.lostFirings += 1
            lose(recorded)
        }
    }

    /// The number of firings on each side that wait for their like.
    var waitingCounts: (recorded: Int, simulated: Int) {
        (waitingRecorded.values.reduce(0) { $0 + $1.count }, waitingSimulated.values.reduce(0) { $0 + $1.count })
    }

    /// The name of a simulated firing, as the log would have it.
    private func simulatedName(_ sequence: UInt64) -> FiringName? {
        unsafe withSimulated(sequence) { unsafe document($0, sequence) }.map { FiringName($0.root, map.recorded(of:)) }
    }

    private func recordedName(_ sequence: UInt64) -> FiringName? {
        unsafe withRecorded(sequence, nil) { unsafe document($0, sequence) }.map { FiringName($0.root) }
    }

    private func looseName(of recorded: UInt64) -> String { recordedName(recorded)?.looseName ?? "" }

    // MARK: Cascades

    /// Compares two cascades whose triggers correspond.
    private func pair(_ range: Range<UInt64>, _ recorded: Recorded) {
        var offset: UInt64 = 1
        let both = min(UInt64(range.count), UInt64(recorded.count))
        while offset < both {
            let (a, b) = (range.lowerBound + offset, recorded.first + offset)
            let comparison = EntryComparison(simulated: a, recorded: b)
            let isSame = unsafe withSimulated(a) { simulated in
                unsafe withRecorded(b, recorded.batch) { unsafe comparison.isSame(simulated, $0, map) }
            }
            guard isSame else { break }
            map.match(simulated: a, recorded: b)
            offset += 1
        }
        guard offset < range.count || offset < recorded.count else { return }
        let origin = DifferenceOrigin(recorded: recorded.first, simulated: range.lowerBound)
        var found: [Int: [Leftovers.Item]] = [:]
        for item in items(of: recorded, from: offset, origin).reversed() {
            found[item.key.content, default: []].append(item)
        }
        for item in items(of: range, from: offset, origin) {
            if let same = found[item.key.content]?.popLast() {
                map.match(simulated: item.sequence, recorded: same.sequence)
                if same.key.reason != item.key.reason { leftovers.noteReason(recorded: same, simulated: item) }
            } else {
                gain(item)
            }
        }
        for item in found.values.joined().sorted(by: { $0.sequence < $1.sequence }) { lose(item) }
    }

    private func gain(_ range: Range<UInt64>) {
        let origin = DifferenceOrigin(recorded: nil, simulated: range.lowerBound)
        for item in items(of: range, from: 1, origin) { gain(item) }
    }

    private func lose(_ recorded: Recorded) {
        let origin = DifferenceOrigin(recorded: recorded.first, simulated: nil)
        for item in items(of: recorded, from: 1, origin) { lose(item) }
    }

    private func gain(_ item: Leftovers.Item) {
        if let recorded = leftovers.gain(item) { map.match(simulated: item.sequence, recorded: recorded) }
    }

    private func lose(_ item: Leftovers.Item) {
        if let simulated = leftovers.lose(item) { map.match(simulated: simulated, recorded: item.sequence) }
    }

    private func items(of range: Range<UInt64>, from offset: UInt64, _ origin: DifferenceOrigin) -> [Leftovers.Item] {
        (range.lowerBound + offset..<max(range.upperBound, range.lowerBound + offset)).compactMap { sequence in
            unsafe withSimulated(sequence) { unsafe document($0, sequence) }
                .flatMap { leftovers.item($0, sequence, origin) }
        }
    }

    private func items(of recorded: Recorded, from offset: UInt64, _ origin: DifferenceOrigin) -> [Leftovers.Item] {
        let end = recorded.first + UInt64(recorded.count)
        return (recorded.first + offset..<max(end, recorded.first + offset)).compactMap { sequence in
            unsafe withRecorded(sequence, recorded.batch) { unsafe document($0, sequence) }
                .flatMap { leftovers.item($0, sequence, origin) }
        }
    }

    // MARK: Bytes

    // What cannot be read counts as nothing here: `entries` keeps the error, with which the simulation ends.

    private func document(_ bytes: UnsafeRawBufferPointer, _ sequence: UInt64) -> Document? {
        do { return try unsafe Document(canonical: bytes) } catch {
            entries.note(ReplayError(.damaged, sequence: sequence, "cannot be read"))
            return nil
        }
    }

    private func withSimulated<R>(_ sequence: UInt64, _ body: (UnsafeRawBufferPointer) -> R) -> R {
        if let chain = chunk?.chain, sequence >= chain.base, sequence - chain.base < UInt64(chain.count) {
            return unsafe chain.withEntry(Int(sequence - chain.base)) { unsafe body($0) }
        }
        return unsafe entries.readBytes(sequence).withUnsafeBytes { unsafe body($0) }
    }

    private func withRecorded<R>(
        _ sequence: UInt64, _ batch: RecordedBatch?, _ body: (UnsafeRawBufferPointer) -> R
    ) -> R {
        if let batch, sequence >= batch.first, sequence < batch.end {
            return unsafe batch.withEntry(sequence) { unsafe body($0) }
        }
        return unsafe entries.readRecordedBytes(sequence).withUnsafeBytes { unsafe body($0) }
    }
}
