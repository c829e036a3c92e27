import AgentKit
import Engine
import EventLog
import JSON
import Rules
import TransparencyLog

/// Makes the bundle of one dispute from a log.
///
/// The log is read for the entries that matter, to have the state before each cascade of them, and for the entries from
/// which the rows were last folded that deriving the cascades reads: of a ledger with views each time only near the places
/// that these know, of any other log the whole of it.
struct DisputeMaker {
    /// Rows, keys and entries that deriving one cascade may read.
    private static let readsMax = 20_000
    /// The same of all cascades together.
    private static let allReadsMax = 200_000

    /// A cascade that was derived, with what it read.
    private struct Derived {
        let rows: [RowName: [UInt8]?]
        let walks: [RowWalk]
    }

    private let subject: DisputeSubject
    private let log: EventLog
    private let foldedMax: UInt64
    private let isThreaded: Bool
    private let isAbandoned: () -> Bool
    private let player: CascadePlayer
    private var replay: Replay
    private let reads: ReadRecorder
    private let history: EntryRecorder
    /// By the trigger's sequence.
    private var derived: [UInt64: Derived] = [:]
    private var why: [UInt64: String] = [:]
    private var readCount = 0
    /// Entries that belong to none of the cascades but are needed for them.
    private var others: Set<UInt64> = [0]
    private var decisions: [Document] = []
    private var differences: [DisputeBundle.Result.Difference] = []
    private var record: [UInt8]?

    private init(
        _ subject: DisputeSubject, _ log: EventLog, _ foldedMax: UInt64, isThreaded: Bool,
        _ isAbandoned: @escaping () -> Bool
    ) throws(ReplayError) {
        self.subject = subject
        self.log = log
        self.foldedMax = foldedMax
        self.isThreaded = isThreaded
        self.isAbandoned = isAbandoned
        replay = try Replay(log, isAbandoned: isAbandoned)
        reads = ReadRecorder(of: replay.machine.tables)
        history = EntryRecorder(CommittedHistory(log))
        player = CascadePlayer(replay.machine.settings, subject, history: history, store: reads)
    }

    /// The bundle under the log's newest checkpoint.
    /// - Returns: nil if no entry is about the subject.
    /// - Throws: `ReplayError` if the log cannot be read or folded.
    static func make(
        _ subject: DisputeSubject, from log: EventLog, foldedMax: UInt64, isThreaded: Bool,
        isAbandoned: @escaping () -> Bool
    ) throws(ReplayError) -> DisputeBundle? {
        let size = log.size
        guard size > 0, let found = try DisputeEntries(of: subject, in: log, end: size, isAbandoned: isAbandoned) else {
            return nil
        }
        var maker = try DisputeMaker(subject, log, foldedMax, isThreaded: isThreaded, isAbandoned)
        for cascade in found.cascades { try maker.derive(cascade) }
        return try maker.bundle(found, size)
    }

    // MARK: Deriving

    private mutating func derive(_ cascade: DisputeEntries.Cascade) throws(ReplayError) {
        let first = cascade.lowerBound
        guard first > 0, let before = try log.document(first - 1), let trigger = try log.document(first) else {
            why[first] = "it begins the ledger"
            return
        }
        try fold(until: first)
        reads.begin()
        history.begin()
        let played: CascadePlayer.Played
        do throws(CascadePlayer.Unplayable) { played = try player.play(trigger, behind: before) } catch {
            why[first] = error.why
            return player.forget()
        }
        let count = reads.count + history.asked.count
        guard count <= Self.readsMax, readCount + count <= Self.allReadsMax else {
            why[first] = "deriving it reads \(count) rows and entries, more than a bundle carries"
            return player.forget()
        }
        if let name = player.unusable(reads.rows) {
            why[first] = "row \(name) counts more keys than a bundle carries"
            return player.forget()
        }
        readCount += count
        derived[first] = Derived(rows: reads.rows, walks: reads.walks)
        others.formUnion(history.asked)
        others.insert(first - 1)
        try take(played, cascade)
    }

    private mutating func fold(until end: UInt64) throws(ReplayError) {
        if end - replay.position > foldedMax {
            let near = try Replay.near(end, in: log, isAbandoned: isAbandoned)
            if near.position > replay.position {
                replay = near
                reads.turn(to: near.machine.tables)
            }
        }
        try replay.fold(until: end)
    }

    private mutating func take(
        _ played: CascadePlayer.Played, _ cascade: DisputeEntries.Cascade
    ) throws(ReplayError) {
        var recorded: [Document] = []
        for sequence in cascade { if let entry = try log.document(sequence) { recorded.append(entry) } }
        if let difference = played.difference(from: recorded, first: cascade.lowerBound) {
            differences.append(difference)
        }
        decisions += recorded.filter { $0.root["agent"] != nil }
        if let record = played.record { self.record = record }
    }

    // MARK: Putting together

    private func bundle(_ found: DisputeEntries, _ size: UInt64) throws(ReplayError) -> DisputeBundle {
        let rows = try rows()
        var sequences = others.union(rows.all.compactMap(\.last))
        for cascade in found.cascades {
            sequences.formUnion(cascade)
            // Of a cascade that is not derived, the next trigger shows the end.
            if derived[cascade.lowerBound] == nil, cascade.upperBound < size { sequences.insert(cascade.upperBound) }
        }
        sequences.formUnion(try causes(of: sequences))
        sequences.formUnion(try erasures(of: sequences, size))
        let sorted = sequences.sorted()
        let (checkpoint, proofs) = try reading { () throws(EventLogError) in try log.proofs(of: sorted, size: size) }
        var entries: [DisputeBundle.Entry] = []
        for (sequence, proof) in zip(sorted, proofs) {
            let bytes = try reading { () throws(EventLogError) in try log.entry(sequence) }
            entries.append(.init(sequence: sequence, bytes: bytes ?? [], proof: proof.hashes))
        }
        let cascades = found.cascades.map { cascade in
            let first = cascade.lowerBound
            guard let walks = derived[first]?.walks else {
                return DisputeBundle.Cascade(entries: cascade, form: .proved(why: why[first] ?? ""))
            }
            return DisputeBundle.Cascade(entries: cascade, form: .derived(rows: rows.places[first] ?? [], walks: walks))
        }
        let left = found.left.first.map {
            DisputeBundle.Left(
                cascades: found.left.count, first: $0.lowerBound,
                why: "a bundle holds at most \(DisputeEntries.cascadesMax) cascades "
                    + "with \(DisputeEntries.entriesMax) entries")
        }
        return DisputeBundle(
            subject: subject, origin: log.origin, checkpoint: checkpoint, entries: entries, cascades: cascades,
            rows: rows.all, rules: rules(entries), left: left,
            result: .init(decisions: decisions.count, differences: differences, record: record))
    }

    /// All rows that were read, each once for each time it was folded anew, and the places of those of each cascade.
    private func rows() throws(ReplayError) -> (all: [DisputeBundle.Row], places: [UInt64: [Int]]) {
        let origins = try RowOrigins(
            of: derived.mapValues { Array($0.rows.keys) }, in: log, isThreaded: isThreaded, isAbandoned: isAbandoned)
        var known: [DisputeBundle.Row: Int] = [:]
        var all: [DisputeBundle.Row] = []
        var places: [UInt64: [Int]] = [:]
        for (first, cascade) in derived.sorted(by: { $0.key < $1.key }) {
            places[first] = cascade.rows.sorted { $0.key < $1.key }.map { name, value in
                let row = DisputeBundle.Row(name: name, value: value, last: origins.entries[first]?[name])
                if let place = known[row] { return place }
                known[row] = all.count
                all.append(row)
                return all.count - 1
            }.sorted()
        }
        return (all, places)
    }

    /// What the entries name as their causes and is not among them.
    private func causes(of sequences: Set<UInt64>) throws(ReplayError) -> Set<UInt64> {
        var causes: Set<UInt64> = []
        for sequence in sequences {
            let entry = try log.document(sequence)
            if let cause = entry.flatMap({ EntryLinks($0.root).cause }), cause < sequence { causes.insert(cause) }
        }
        return causes
    }

    /// The entries that complete the erasure of somebody whom the entries name: their data is told without what is sealed.
    private func erasures(of sequences: Set<UInt64>, _ size: UInt64) throws(ReplayError) -> Set<UInt64> {
        var named: Set<String> = []
        for sequence in sequences {
            if let user = try log.document(sequence)?.root["data"]?["userId"]?.string { named.insert(user) }
        }
        var found: Set<UInt64> = []
        try reading { () throws(EventLogError) in
            unsafe try EntrySearch(log).scan(to: size, words: [ErasureCompleted.type]) { sequence, bytes in
                if let entry = try? unsafe Document(canonical: bytes), let erased = ErasureCompleted(of: entry.root),
                    named.contains(erased.userId)
                {
                    found.insert(sequence)
                }
                return true
            }
        }
        return found
    }

    /// The rule sets that decided, with the entries that hold their files.
    private func rules(_ entries: [DisputeBundle.Entry]) -> [DisputeBundle.Rules] {
        let documents = entries.compactMap { try? Document(adopting: $0.bytes) }
        var rules: [DisputeBundle.Rules] = []
        let decided = Set(decisions.map { $0.root.text("ruleset") })
        for ruleSet in player.ruleSets
        where decided.contains(ruleSet.digest) && !rules.contains(where: { $0.digest == ruleSet.digest }) {
            let first = decisions.first { $0.root.text("ruleset") == ruleSet.digest }?.root.sequence ?? 0
            let activated = documents.last {
                $0.root.sequence < first && RulesetActivated(of: $0.root)?.digest == ruleSet.digest
            }
            let files = ruleSet.files.map { file in
                let digest = ruleSet.fileDigests[file.name] ?? ""
                return DisputeBundle.Rules.File(
                    name: file.name, digest: digest,
                    entries: documents.filter { RulesetFileAdded(of: $0.root)?.digest == digest }
                        .map(\.root.sequence))
            }
            let names = Set(
                decisions.filter { $0.root.text("ruleset") == ruleSet.digest }.compactMap { $0.root["rule"]?.string })
            let acted = ruleSet.rules.filter { names.contains($0.qualifiedName) }.map {
                DisputeBundle.Rules.Acted(name: $0.qualifiedName, version: $0.version, text: $0.text)
            }
            rules.append(
                .init(
                    digest: ruleSet.digest, activated: activated?.root.sequence ?? 0, files: files, acted: acted))
        }
        return rules
    }
}
