import AgentKit
import Engine
package import EventLog
import JSON
import Rules

/// Explains entries of a log: why each is there, and whether the rules give it again.
///
/// From an entry it follows causes back to the trigger (`path`) and forward to everything that followed (`CauseTree`).
/// It folds the log up to the trigger (`Replay`), evaluates the trigger again in a dry run while a `RuleRecorder` notes
/// every rule that is asked, and compares the outcome byte for byte with the log (`Recomputation`). Account balances
/// are read before the entry and after its last consequence. Votes, corrections, retries and conflicts are in
/// `Explainer+Case`. The result is an `Explanation`, with its text and its JSON.
///
/// A later entry is reached from where the last explanation stopped. Not thread-safe: one thread uses it.
package final class Explainer {
    /// The largest number of causes followed back.
    private static let pathMax = 256
    /// From that many entries on a snapshot is looked for instead of folding them.
    private static let foldedMax: UInt64 = 8_192

    let log: EventLog
    private var replay: Replay
    private let isAbandoned: () -> Bool
    private var versions = RuleVersions()
    private var erased = ErasedPersons()

    /// - Parameter isAbandoned: polled while folding; true ends an explanation with an error.
    /// - Throws: `ReplayError` if the log is empty or does not describe the ledger.
    package init(_ log: EventLog, isAbandoned: @escaping () -> Bool = { false }) throws(ReplayError) {
        self.log = log
        self.isAbandoned = isAbandoned
        replay = try Replay(log, isAbandoned: isAbandoned)
    }

    /// Explains an entry.
    /// - Parameters:
    ///   - rules: rules under which its trigger is decided once more, beside those of its time.
    ///   - progress: called from time to time with the number of entries folded.
    /// - Throws: `ReplayError` with code `outOfRange` if there is no such entry, with `unknownRules` if there are no such
    ///   rules, or if the log cannot be read or folded.
    package func explain(
        _ sequence: UInt64, under rules: RulesAsked? = nil, progress: ((UInt64) -> Void)? = nil
    ) throws(ReplayError) -> Explanation {
        let entry = try document(sequence)
        let trigger = try trigger(of: entry)
        let first = trigger.root.sequence
        let path = try path(to: entry)
        let tree = try CauseTree(of: entry, in: log)
        let cascade = try cascade(from: trigger)
        let accounts = AccountsTouched(by: [entry] + tree.nodes.map(\.entry))

        replay = try nearer(to: first)
        try replay.fold(until: first, progress)
        let recorder = RuleRecorder { self.replay.amounts(of: $0) }
        let recomputation = try recompute(trigger, cascade, recorder)
        let asked = Self.settled(Self.asked(recorder, about: entry, trigger), in: cascade)
        let underRules = try rules.map { rules throws(ReplayError) in
            try decide(cascade, in: replay, under: rules)
        }
        let rule = Self.rule(of: entry, among: asked, in: replay.ruleSet)
        if let ruleSet = replay.ruleSet { versions.add(ruleSet) }
        let override = try override(of: trigger)
        let last = tree.nodes.last?.entry.root.sequence ?? sequence
        let around = { () throws(ReplayError) in
            try self.changes(of: accounts, from: sequence, to: last)
        }
        // The next explanation can continue from here if this one need not look beyond its cascade.
        let isNear = last < first + UInt64(cascade.count) && trigger.root["source"]?.isString("/engine") != true
        let changes = isNear ? try replay.withRollback(around) : try around()
        try erased.read(log)
        let wording = Wording(replay.formatter, present: try log.newestTime, erased: erased.ids)
        return Explanation(
            entry: entry, trigger: trigger, path: path, rule: rule,
            others: asked.filter { $0.name != rule?.name }, consequences: tree.nodes.map { ($0.entry, $0.depth) },
            isCut: tree.isCut, accounts: changes,
            ballot: try Ballot(about: entry.root, cause: path.last?.root, in: log),
            override: override, corrected: try corrected(by: override), retried: try retried(by: trigger),
            related: try related(to: entry, path, cascade),
            recomputation: recomputation, underRules: underRules,
            headline: Self.headline(path + [entry], cascade + tree.nodes.map(\.entry), wording), wording: wording,
            versions: versions)
    }

    /// A replay that stands before an entry: the one there is, unless it is behind it or far away.
    private func nearer(to end: UInt64) throws(ReplayError) -> Replay {
        if replay.position <= end, end - replay.position <= Self.foldedMax { return replay }
        let near = try Replay.near(end, in: log, isAbandoned: isAbandoned)
        return replay.position <= end && replay.position >= near.position ? replay : near
    }

    // MARK: Causes

    private func document(_ sequence: UInt64) throws(ReplayError) -> Document {
        guard let document = try log.document(sequence) else {
            throw ReplayError(.outOfRange, sequence: sequence, "is not in the log, which has \(log.size) entries")
        }
        return document
    }

    /// The trigger of a decision's cascade.
    private func trigger(of entry: Document) throws(ReplayError) -> Document {
        var entry = entry
        while entry.root["agent"] != nil, let cause = Self.cause(of: entry) { entry = try document(cause) }
        return entry
    }

    private static func cause(of entry: Document) -> UInt64? {
        let sequence = entry.root.sequence
        return EntryLinks(entry.root).cause.flatMap { $0 < sequence ? $0 : nil }
    }

    /// The causes of an entry, the first cause first.
    func path(to entry: Document) throws(ReplayError) -> [Document] {
        var path: [Document] = []
        var cause = Self.cause(of: entry)
        while let sequence = cause, path.count < Self.pathMax {
            let next = try document(sequence)
            path.append(next)
            cause = Self.cause(of: next)
        }
        return path.reversed()
    }

    /// A trigger and the decisions after it, as recorded.
    func cascade(from trigger: Document) throws(ReplayError) -> [Document] {
        var entries = [trigger]
        try reading { () throws(EventLogError) in
            unsafe try log.scan(from: trigger.root.sequence + 1) { _, bytes in
                guard let entry = try? unsafe Document(canonical: bytes), entry.root["agent"] != nil else {
                    return false
                }
                entries.append(entry)
                return true
            }
        }
        return entries
    }

    // MARK: Recomputation

    private func recompute(
        _ trigger: Document, _ cascade: [Document], _ recorder: RuleRecorder
    ) throws(ReplayError) -> Recomputation? {
        let first = trigger.root.sequence
        if trigger.root["source"]?.isString("/engine") == true {
            let derived = try Replay.rederiveGenesis(log)
            guard first < UInt64(derived.count) else { return nil }
            return Recomputation(
                recorded: cascade, derived: Array(derived[Int(first)...].prefix(cascade.count)), first: first)
        }
        let derived = try replay.rederive(trigger, recorder: recorder)
        return derived.isEmpty ? nil : Recomputation(recorded: cascade, derived: derived, first: first)
    }

    /// The rules evaluated on the event that caused an entry, or on the entry itself if it is a trigger.
    private static func asked(
        _ recorder: RuleRecorder, about entry: Document, _ trigger: Document
    ) -> [AskedRule] {
        let about = entry.root["agent"] == nil ? entry.root.sequence : cause(of: entry)
        // A retry evaluates the event of the dead letter.
        let again = about == trigger.root.sequence ? retried(by: trigger) : nil
        return recorder.asked.filter { $0.asked == about || $0.asked == again }
    }

    private static func rule(of entry: Document, among asked: [AskedRule], in ruleSet: RuleSet?) -> AskedRule? {
        guard let name = entry.root["rule"]?.string else { return failed(entry, among: asked) }
        if let found = asked.first(where: { $0.name == name }) { return found }
        return ruleSet?.rule(named: name).map { AskedRule(held: $0, asked: cause(of: entry) ?? 0) }
    }

    // MARK: Context

    private static func headline(_ path: [Document], _ others: [Document], _ wording: Wording) -> Headline? {
        guard let subject = path.reversed().lazy.compactMap({ Headline.subject(of: $0.root) }).first else { return nil }
        var entries: [UInt64: Document] = [:]
        for entry in path + others { entries[entry.root.sequence] = entry }
        return Headline(of: subject, in: entries.sorted { $0.key < $1.key }.map(\.value), wording)
    }

    private func record(_ projection: String, _ id: String) -> Document? {
        replay.record(projection, id).flatMap { try? Document(adopting: $0) }
    }

    /// The accounts before the entry at `first` and after the one at `last`.
    private func changes(
        of accounts: AccountsTouched, from first: UInt64, to last: UInt64
    ) throws(ReplayError) -> [AccountChange] {
        try replay.fold(until: first)
        let ids = accounts.ids(held: { record("pendingTransfers", $0) })
        let before = ids.map { replay.account($0) ?? AccountLine(unopened: $0) }
        let after = try nearer(to: last + 1)
        try after.fold(until: last + 1)
        return before.map { AccountChange(before: $0, after: after.account($0.id) ?? $0) }
    }
}

/// The accounts on which entries moved money.
struct AccountsTouched {
    private var accounts: Set<String> = []
    /// Held transfers that expired.
    private var expired: Set<String> = []

    init(by entries: [Document]) {
        for entry in entries {
            for transfer in TransferPosted(of: entry.root).map({ Array($0.transfers) }) ?? [] {
                accounts.insert(transfer.debitAccount)
                accounts.insert(transfer.creditAccount)
            }
            if let timer = TimerFired(of: entry.root), timer.name == "transfer.expiry" { expired.insert(timer.key) }
        }
    }

    /// Their ids in byte order. `held` returns the record of a held transfer.
    func ids(held: (String) -> Document?) -> [String] {
        var all = accounts
        for id in expired {
            guard let record = held(id)?.root else { continue }
            all.insert(record.text("debitAccount"))
            all.insert(record.text("creditAccount"))
        }
        return all.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}
