import AgentKit
package import Engine
package import EventLog
import Glibc
import JSON
import Rules

/// Recomputation: derives every decision of a log again and compares it with what is recorded, byte for byte.
///
/// A log holds what came from outside (triggers), what the clock gave, and what the rules decided. Only the first is
/// taken from it. A machine in its first state is given one trigger after the other, at the recorded time and under the
/// rule sets that the log put in force, and must give each entry that follows; the clock must owe each firing, and must
/// owe nothing that was not fired.
///
/// 1. `advance` reads the log once, in order. While everything is equal (`check`) nothing is kept but the state.
/// 2. Rule sets, and whatever is not equal, is looked at as a whole cascade (`settle`, in `Recompute+Cascade.swift`):
///    `CascadeComparison` says which entries differ, and `MovedMoney` by how much each account does. The machine then
///    folds the cascade as it is recorded and goes on behind it, so that what follows from a difference consistently is
///    not reported once more.
/// 3. At the position of the views each of their rows is compared with the derived one (`ViewsComparison`), and at the
///    end each account with its limit.
///
/// The form of entries, the chain, the tree and signatures are `Verifier`'s. Not thread-safe: one thread uses it;
/// `RecomputeOnTwoCores` has one on each of two.
package final class Recompute {
    /// Derived entries kept until they are dropped together.
    private static let entriesKept = 4096
    private static let bytesPerRead = 1 << 19

    let log: EventLog
    let machine: Machine
    /// The number of entries before the first that is derived.
    package let first: UInt64
    /// The number of entries that were derived or taken over.
    package internal(set) var position: UInt64
    /// The place at which the cascade under way began; nil between cascades.
    var start: Machine.DerivationStart?
    /// The number of entries of the machine's chain that were found in the log.
    var matched = 0
    /// The number of them before the cascade under way.
    var cascadeStart = 0
    /// The first differences, in order, of which at most 10,000 are kept.
    package private(set) var differences: [RecomputeDifference] = []
    package private(set) var differencesCount = 0
    private let views: StoredViews?
    private(set) var comparison: ViewsComparison?
    private let isAbandoned: () -> Bool
    /// Entries read ahead, one after the other, and the end of each.
    private var ahead: [UInt8] = []
    private var ends: [Int] = []

    /// - Parameters:
    ///   - views: the views to compare with; nil compares none.
    ///   - isAbandoned: polled while it runs; true ends it with an error.
    /// - Throws: `ReplayError` if the log is empty or its first entry does not describe the ledger.
    package init(
        _ log: EventLog, views: StoredViews? = nil, isAbandoned: @escaping () -> Bool = { false }
    ) throws(ReplayError) {
        self.log = log
        self.views = views
        self.isAbandoned = isAbandoned
        (first, position) = (0, 0)
        machine = Machine(
            settings: try Self.settings(of: log), history: CommittedHistory(log),
            chain: .genesis(origin: log.origin))
    }

    /// Begins at a snapshot: what stood then is taken from its rows, which are for others to compare.
    /// - Parameters: as above.
    /// - Throws: `ReplayError` as above, or if the rule set in force cannot be loaded.
    package init(
        _ log: EventLog, from snapshot: ViewReader, views: StoredViews? = nil,
        isAbandoned: @escaping () -> Bool = { false }
    ) throws(ReplayError) {
        self.log = log
        self.views = views
        self.isAbandoned = isAbandoned
        let first = snapshot.position
        (self.first, position) = (first, first)
        guard first > 0, let last = try reading({ () throws(EventLogError) in try log.entry(first - 1) }) else {
            throw ReplayError(.outOfRange, "the snapshot is of no entry of the log")
        }
        machine = Machine(
            settings: try Self.settings(of: log), history: CommittedHistory(log), store: snapshot,
            chain: .behind(last, at: first - 1))
        do throws(RuleSetError) {
            try machine.restore(at: EntrySequence(first - 1))
            try machine.loadScheduled()
        } catch {
            throw ReplayError(error, at: first - 1)
        }
    }

    /// Which ledger it is must follow from the log; of its first entry only the kind of clock is taken.
    private static func settings(of log: EventLog) throws(ReplayError) -> LedgerSettings {
        LedgerSettings(
            origin: log.origin, verifierKey: "\(log.verifierKey)", clock: try Replay.settings(of: log).clock)
    }

    /// Derives the log up to its present end, or up to `end`, and says what differs.
    /// - Parameter progress: called from time to time with the number of entries that are done.
    /// - Throws: `ReplayError` if the log cannot be read, or holds rules that cannot be loaded.
    package func run(to end: UInt64? = nil, progress: ((UInt64) -> Void)? = nil) throws(ReplayError) -> RecomputeResult
    {
        try advance(to: end, progress: progress)
        return RecomputeResult(
            first: first, entries: position, differences: differences, differencesCount: differencesCount,
            views: comparison, viewsPosition: views?.position, overdrawn: overdrawn(), isWhole: position == log.size,
            formatter: EntryFormatter(machine.ruleSet))
    }

    /// The result for a range whose rest another process derived and found equal.
    func result(joining sound: SpawnedRecompute.Sound, to last: UInt64) -> RecomputeResult {
        let rest = sound.rows.flatMap { rows in
            sound.viewsPosition.map { $0 <= last } ?? false ? ViewsComparison(sound: rows) : nil
        }
        return RecomputeResult(
            first: first, entries: last, differences: [], differencesCount: 0, views: comparison ?? rest,
            viewsPosition: sound.viewsPosition, overdrawn: [], isWhole: last == log.size,
            formatter: EntryFormatter(machine.ruleSet))
    }

    /// Derives on from where it stands: a log that grows is followed by calling this again and again.
    /// - Parameters:
    ///   - end: the number of entries derived, the rest of their cascade included; all of them if nil.
    ///   - progress: as in `run`.
    /// - Throws: as `run`.
    package func advance(to end: UInt64? = nil, progress: ((UInt64) -> Void)? = nil) throws(ReplayError) {
        let end = try end.map { end throws(ReplayError) in try endOfCascade(at: end) } ?? log.size
        while position < end || start != nil {
            let isEqual = try read(before: end)
            progress?(position)
            if isAbandoned() { throw ReplayError(.abandoned, "nobody waits for it any more") }
            if isEqual, matched == machine.chain.count {
                if position == end { closeCascade() }
            } else if !isEqual || position == end {
                try settle(before: end)
            }
        }
        compareViews()
        progress?(position)
    }

    /// Folds the recorded entries before a trigger, so that deriving begins there: what they are is for others to say.
    /// - Throws: as `run`.
    func takeOver(to trigger: UInt64) throws(ReplayError) {
        // Entries that were folded before are read from the log.
        machine.resume(behind: log.nextChain)
        var last: Document?
        while position < trigger {
            let start = position
            var entries: [Document] = []
            try reading { () throws(EventLogError) in
                unsafe try log.scan(from: start, to: trigger) { _, bytes in
                    guard let entry = try? unsafe Document(canonical: bytes) else { return false }
                    entries.append(entry)
                    return entries.count < Self.entriesKept
                }
            }
            guard !entries.isEmpty else {
                throw ReplayError(.damaged, sequence: start, "cannot be read; `docket verify` says more")
            }
            for entry in entries { try take(entry) }
            position += UInt64(entries.count)
            last = entries.last
            if isAbandoned() { throw ReplayError(.abandoned, "nobody waits for it any more") }
        }
        machine.commitUndoLog()
        if let last { machine.resume(behind: .behind(last.bytes, at: position - 1)) }
    }

    /// Folds an entry as it is recorded.
    func take(_ entry: Document) throws(ReplayError) {
        do throws(RuleSetError) {
            try machine.replay(entry, isAdmitted: false)
            if entry.root["type"]?.equals(RulesetActivated.type) == true { try machine.loadScheduled() }
        } catch {
            throw ReplayError(error, at: entry.root.sequence)
        }
    }

    /// Copies the next entries and checks them, one after the other, once the log's snapshot is let go of: a reader that
    /// stays keeps pages in the file that the writer gave up.
    /// - Returns: false at the first whose cascade must be looked at as a whole.
    private func read(before end: UInt64) throws(ReplayError) -> Bool {
        ahead.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
        try reading { () throws(EventLogError) in
            unsafe try log.scan(from: position, to: end) { _, bytes in
                unsafe ahead.append(contentsOf: bytes)
                ends.append(ahead.count)
                return ahead.count < Self.bytesPerRead
            }
        }
        return unsafe ahead.withUnsafeBytes { bytes in
            var first = 0
            for end in ends {
                guard unsafe check(UnsafeRawBufferPointer(rebasing: bytes[first..<end])) else { return false }
                first = end
            }
            return true
        }
    }

    /// The sequence of the first trigger from a place on; the log's size where none follows.
    func endOfCascade(at place: UInt64) throws(ReplayError) -> UInt64 {
        var end = min(place, log.size)
        try reading { () throws(EventLogError) in
            unsafe try log.scan(from: end) { _, bytes in
                guard let entry = try? unsafe Document(canonical: bytes), entry.root["agent"] != nil else {
                    return false
                }
                end += 1
                return true
            }
        }
        return end
    }

    /// The sequence of the first trigger of a producer or of the clock from a place on; the files of a rule set and its
    /// activation belong together. The log's size where none follows.
    func producersTrigger(at place: UInt64) throws(ReplayError) -> UInt64 {
        var next = min(place, log.size)
        try reading { () throws(EventLogError) in
            unsafe try log.scan(from: next) { _, bytes in
                if let entry = try? unsafe Document(canonical: bytes), entry.root["agent"] == nil, !Self.isEngine(entry)
                {
                    return false
                }
                next += 1
                return true
            }
        }
        return next
    }

    func report(_ found: [RecomputeDifference]) {
        differencesCount += found.count
        differences += found.prefix(RecomputeResult.differencesMax - differences.count)
    }

    // MARK: What is equal

    /// Compares the next entry with the derived one, or derives the cascade that it begins.
    /// - Returns: false where the cascade must be looked at as a whole.
    private func check(_ bytes: UnsafeRawBufferPointer) -> Bool {
        if matched == machine.chain.count {
            closeCascade()
            if isAbandoned() { return false }
            guard unsafe beginCascade(bytes) else { return false }
        }
        guard unsafe machine.chain.withEntry(matched, { unsafe Self.isSame($0, bytes) }) else { return false }
        matched += 1
        position += 1
        return true
    }

    private static func isSame(_ one: UnsafeRawBufferPointer, _ other: UnsafeRawBufferPointer) -> Bool {
        guard one.count == other.count, let first = one.baseAddress, let second = other.baseAddress else {
            return one.count == other.count
        }
        return unsafe memcmp(first, second, one.count) == 0
    }

    /// Derives a cascade from the clock or from a producer's trigger.
    private func beginCascade(_ bytes: UnsafeRawBufferPointer) -> Bool {
        start = machine.beginDerivation()
        cascadeStart = matched
        guard let document = try? unsafe Document(canonical: bytes), let event = Event(document), event.agent == nil,
            let source = document.root["source"], !source.isString("/engine")
        else { return false }
        if source.isString("/clock") {
            return machine.deriveFiring(event.type, by: event.recordedTime) && matched < machine.chain.count
        }
        guard machine.owed(by: event.recordedTime) == nil else { return false }
        return machine.derive(document, event) == nil && matched < machine.chain.count
    }

    /// Goes on behind a cascade that was found in the log as a whole.
    func closeCascade() {
        guard start != nil else { return compareViews() }
        start = nil
        machine.commitUndoLog()
        if matched >= Self.entriesKept {
            machine.dropChain()
            matched = 0
        }
        cascadeStart = matched
        compareViews()
    }

    // MARK: What remains

    func compareViews() {
        guard let views, comparison == nil, position >= views.position else { return }
        comparison = position == views.position ? ViewsComparison(of: views, with: machine, log: log) : nil
    }

    /// The accounts that stand beyond their limit, in byte order of their ids.
    private func overdrawn() -> [AccountLine] {
        guard let table = machine.tables.named("accounts") else { return [] }
        var found: [AccountLine] = []
        table.forEachKey { id in
            if let line = table.value(id).map({ AccountLine(id, $0) }), line.isBeyondLimit { found.append(line) }
            return true
        }
        return found
    }
}
