package import AgentKit
package import EventLog
import JSON
import LMDB
import Rules

/// A ledger that is open for writing: its log, its views, and the machine that stands at the head of both.
package final class Ledger {
    package let settings: LedgerSettings
    package private(set) var log: EventLog
    package private(set) var machine: Machine
    private let directory: DataDirectory
    private let initial: DataDirectory.Initial
    private let views: ViewStore
    private let writer: ViewWriter
    private let committer = Committer()
    private let sealing: (any Sealing)?
    private let reopen: () throws -> EventLog
    /// The requests that wait for a commit, and the changes that wait for the views.
    var commits: CommitState
    /// Indicates that the log can be written, as clients may be told.
    let logTrouble = WriteTrouble("the log")
    private let viewTrouble = WriteTrouble("the views")
    private let erasure: PersonErasure
    /// Where the rows are kept as they were, for those who ask about the past.
    private var snapshots: SnapshotMarks

    /// Opens the views and folds what they lack of the log.
    /// - Parameters:
    ///   - secret: the keys that tell whether somebody else changed the views.
    ///   - reopen: opens the log again, after a commit of which nobody knows whether it is on the disk.
    ///   - flushesAt: the number of changed rows at which views are written.
    ///   - asideAt: the bytes of entries from which a commit is made on a second thread.
    ///   - snapshotsEvery: the entries between two snapshots of the rows, at least.
    package init(
        _ directory: DataDirectory, log: EventLog, secret: ViewSecret, sealing: (any Sealing)? = nil,
        flushesAt: Int = ViewWriter.changesPerFlush, asideAt: Int = Committer.bytesAside,
        snapshotsEvery: UInt64 = SnapshotMarks.entriesBetween, mapSize: Int = 1 << 38,
        reopen: @escaping () throws -> EventLog
    ) throws {
        self.directory = directory
        self.log = log
        self.sealing = sealing
        erasure = PersonErasure(sealing)
        self.reopen = reopen
        commits = CommitState(asideAt: asideAt, flushesAt: flushesAt)
        initial = try directory.readInitial()
        settings = initial.settings
        guard settings.origin == log.origin else {
            throw DataDirectoryError(
                "`\(directory.path)` says it is `\(settings.origin)`, its log says `\(log.origin)`")
        }
        views = try ViewStore.open(
            directory: directory.views, tables: Machine.tableNames, log: log, secret: secret, mapSize: mapSize)
        writer = ViewWriter(views)
        snapshots = SnapshotMarks(every: snapshotsEvery)
        let recovered = try Recovery(initial, log, views, snapshots, flushesAt: flushesAt)
        machine = recovered.machine
        take(recovered)
        erasure.perform(all: machine)
    }

    /// The rule set that the first entries will put in force; nil once the log has entries.
    var firstRuleSet: RuleSet? { machine.isEmpty ? machine.ruleSet : nil }

    /// The ingress that checks producers' events under the rule set in force, and later under those scheduled.
    package var ingress: Ingress {
        guard let ruleSet = machine.ruleSet else { preconditionFailure("an open ledger has a rule set") }
        func ingress(_ ruleSet: RuleSet) -> Ingress {
            Ingress(ruleSet: ruleSet, origin: settings.origin, sealing: sealing)
        }
        return ingress(ruleSet).followed(by: machine.state.ruleSets.upcoming.map { ($0.from, ingress($0.ruleSet)) })
    }

    // MARK: Commits

    /// Indicates that the commit under way needs no more waiting.
    var hasCommitted: Bool { commits.isCommitting && committer.hasEnded }

    /// Makes the machine's entries durable; the machine goes on behind them. A few of them are committed here and now:
    /// waking a second thread would take longer.
    /// - Parameters:
    ///   - aside: whether a second thread does it.
    ///   - answer: called once they are durable and what they erase is gone, with the signed checkpoint and the persons
    ///     whose keys are left for all that; on that thread where one does it.
    ///   - end: called on that thread afterwards, and where the commit failed there.
    func commit(
        aside: Bool, answer: @escaping @Sendable (EntryChain, String, [String]) -> Void,
        end: @escaping @Sendable () -> Void
    ) {
        let persons = machine.persons(erasedFrom: EntrySequence(machine.chain.base))
        let chain = machine.takeChain()
        snapshots.look(at: machine)
        let durable: @Sendable () -> Void = { [erasure] in erasure.perform(persons) }
        let answer: @Sendable (String) -> Void = { [erasure] checkpoint in
            answer(chain, checkpoint, erasure.unfinished)
        }
        if aside {
            committer.start(chain, on: log, durable: durable, answer: answer, end: end)
        } else {
            committer.commit(chain, on: log, durable: durable, answer: answer)
        }
    }

    /// Waits for the commit that was started; its checkpoint.
    func waitForCommit() -> Result<String, EventLogError> { committer.wait() }

    /// Goes on behind the entries of a commit: the log holds them now.
    func goOn() {
        machine.forgetTaken()
        logTrouble.end()
    }

    /// Goes back to what the log holds after a commit failed: nothing that was decided since is kept.
    /// - Parameters:
    ///   - bytes: the bytes of the commit.
    ///   - reopensLog: whether the log must be opened again, as nobody knows whether the commit is in it.
    /// - Returns: the problem that waiting clients are told.
    func recover(from error: EventLogError, bytes: Int, reopensLog: Bool) -> Problem {
        logTrouble.begin(error, bytes: bytes)
        do {
            if reopensLog {
                log.endWriting()
                log = try reopen()
            }
            writer.wait()
            _ = writer.collect()
            try views.renew()
            take(try Recovery(initial, log, views, snapshots, flushesAt: commits.flushesAt))
            erasure.abandon()
            // The commit may be on the disk for all that.
            erasure.perform(all: machine)
        } catch let second {
            // Neither the log nor what is in memory can be trusted now: the supervisor starts the process again.
            Notice.end("cannot go on after a failed commit (\(error)): \(second)")
        }
        return logTrouble.problem
    }

    /// Makes everything ready that the erasure of these persons needs, while no commit is under way.
    /// - Returns: false where it cannot be carried out now; then it must not be decided either.
    func prepareErasure(of persons: [String]) -> Bool { erasure.prepare(persons) }

    /// The persons whose erasure is recorded and whose keys are left for all that.
    var unfinishedErasures: [String] { erasure.unfinished }

    /// Indicates that a commit can be tried: always, but after one that failed, until there is room again.
    var canCommit: Bool {
        guard let bytes = logTrouble.roomToTry() else { return logTrouble.reason == nil }
        do throws(EventLogError) { try log.checkRoom(bytes: bytes) } catch { return false }
        logTrouble.foundRoom()
        return true
    }

    /// Writes everything to the views and lets another writer in.
    package func close() {
        writeViewsBehind(all: true)
        log.endWriting()
    }

    // MARK: Views

    /// Rows changed and not yet in the views.
    var changesBehind: Int { machine.tables.changedCount + machine.state.admitted.count }
    var isWritingViews: Bool { writer.isWriting }

    /// Indicates that enough changed for the views to be written, which needs every entry to be committed.
    var hasEnoughForViews: Bool { commits.wantsFlush(changes: changesBehind, isWriting: writer.isWriting) }

    /// Sets changes aside for the background writer where there are enough, or few and they are due; with `all` writes
    /// everything and waits.
    func writeViewsBehind(all: Bool, isDue: Bool = false) {
        if all { writer.wait() }
        if let result = writer.collect() { collected(result) }
        switch commits.flush(
            changes: changesBehind, entries: machine.chain.count, isWriting: writer.isWriting,
            all: all || isDue)
        {
        case .nothing: return
        case .write(let changes): writer.start(changes, of: log)
        case .setAside:
            let changes = ViewChanges(
                tables: machine.tables.tables.map { $0.rotate() }, admitted: machine.state.admitted.rotate(),
                mark: ViewMark(position: machine.chain.base, head: machine.chain.headText), snapshots: snapshots.take())
            commits.setAside(changes)
            writer.start(changes, of: log)
        }
        guard all else { return }
        writer.wait()
        if let result = writer.collect() { collected(result) }
    }

    /// Takes the result of a write. After a failure the changes stay set aside and are written again; the log has them.
    private func collected(_ result: Result<Void, LMDBError>) {
        if case .failure(let error) = result { return viewTrouble.begin(.storage(error), bytes: 0) }
        guard (try? views.renew()) != nil else { return }
        viewTrouble.end()
        for table in machine.tables.tables { table.discardRotated() }
        machine.state.admitted.discardRotated()
        if let written = commits.flushed() { writer.release(written) }
    }

    /// Goes on with the machine of a recovery.
    private func take(_ recovery: Recovery) {
        machine = recovery.machine
        snapshots = recovery.snapshots
        if let unwritten = recovery.unwritten { commits.setAside(unwritten) }
    }
}

/// The log as the machine reads it back.
package final class CommittedHistory: History {
    private let log: EventLog
    package init(_ log: EventLog) { self.log = log }
    package func entry(_ sequence: EntrySequence) -> Document? {
        do throws(EventLogError) {
            return try log.entry(sequence.value).flatMap { try? Document(adopting: $0) }
        } catch {
            // To go on as if the entry were not there would decide wrongly for ever.
            guard !error.isDamage else { Notice.end("\(error)") }
            return nil
        }
    }
}
