import AgentKit
import Audit
import Engine
import EventLog
import JSON
import Rules

/// Rows of a ledger, as they come in the order of its log.
///
/// A row is given once in a batch, and replaces the one of the same key in an earlier batch.
protocol RowSink {
    /// Takes a row, in the order of the table's columns.
    mutating func put(_ cells: [Cell], in table: SQLTable) throws
    /// Removes the row of a key, which may not be there.
    mutating func remove(_ key: String, from table: SQLTable) throws
    /// Ends a batch: the rows so far are those of the first `position` entries.
    mutating func endBatch(at position: UInt64) throws
}

/// A walk through a log from its first entry on, which folds it, reads no views, and gives the rows of the entries from
/// some place on to a sink.
///
/// Beside the state of the ledger it holds, of each record, the entry that it stems from.
struct LedgerWalk {
    /// An entry's number and name, and how its type is told, under the rule set in force there.
    private struct Teller {
        var ruleSet: String?
        var sentences = Sentences.ofEngine
    }

    private let log: EventLog
    private let replay: Replay
    private let persons: ErasedPersons
    private var teller = Teller()
    let tables: LedgerTables
    /// The entry from which the present record of each key stems, by projection.
    private var origins: [String: [String: UInt64]] = [:]
    /// The entries with personal data of each person.
    private var personal: [String: [UInt64]] = [:]
    /// What changed in this batch and is given at its end.
    private var touched: [String: Set<String>] = [:]

    /// - Throws: `ReplayError` if the log is empty or cannot be read.
    init(_ log: EventLog) throws(ReplayError) {
        self.log = log
        replay = try Replay(log)
        tables = LedgerTables(replay.machine)
        var persons = ErasedPersons()
        try persons.read(log, usesIndex: false)
        self.persons = persons
    }

    /// Walks.
    /// - Parameters:
    ///   - start: the number of entries whose rows were given before.
    ///   - end: the number of entries to walk.
    ///   - batchEntries: entries of a batch; nil gives all in one.
    mutating func run<Sink: RowSink>(
        from start: UInt64, to end: UInt64, batchEntries: UInt64?, into sink: inout Sink, progress: (UInt64) -> Void
    ) throws {
        var failure: (any Error)?
        try replay.fold(until: end, changesOf: { !LedgerTables.unkept.contains($0) }) { entry, changes in
            do {
                try take(entry, changes, from: start, &sink)
                let position = replay.position
                if position % 4096 == 0 { progress(position) }
                if position > start, position == end || batchEntries.map({ position % $0 == 0 }) ?? false {
                    try endBatch(at: position, &sink)
                }
            } catch {
                failure = error
            }
            return failure == nil
        }
        if let failure { throw failure }
    }

    private mutating func take<Sink: RowSink>(
        _ entry: Document, _ changes: [RecordChange], from start: UInt64, _ sink: inout Sink
    ) throws {
        let sequence = LedgerTables.sequence(of: entry.root)
        let isGiven = sequence >= start
        if let person = ErasedPersons.person(of: entry.root) { personal[person, default: []].append(sequence) }
        if isGiven {
            try give(entry, start, &sink)
            try giveTransfers(entry.root, sequence, changes, &sink)
        }
        for change in changes {
            let began = origins[change.projection]?[change.key]
            origins[change.projection, default: [:]][change.key] = change.after == nil ? nil : sequence
            guard isGiven else { continue }
            touched[change.projection, default: []].insert(change.key)
            guard let began, let before = change.before else { continue }
            try sink.put(
                history(change.projection, change.key, began, to: sequence, before), in: LedgerTables.history)
        }
    }

    private mutating func give<Sink: RowSink>(_ entry: Document, _ start: UInt64, _ sink: inout Sink) throws {
        try sink.put(row(of: entry), in: LedgerTables.entries)
        // Rows that are given in this walk are marked already.
        guard let person = ErasedPersons.erased(by: entry.root) else { return }
        try giveAgain(of: person, before: start, &sink)
    }

    /// The row of an entry, which is told as of the place where the walk is.
    private mutating func row(of entry: Document) -> [Cell] {
        if replay.ruleSet?.digest != teller.ruleSet {
            teller = Teller(
                ruleSet: replay.ruleSet?.digest,
                sentences: (replay.ruleSet?.sentences ?? .ofEngine).over(teller.sentences))
        }
        let shown = persons.shown(entry.root) ?? entry
        return LedgerTables.cells(
            ofEntry: shown.root, bytes: entry.bytes, said: teller.sentences.text(entry.root, erased: persons.ids),
            person: ErasedPersons.person(of: entry.root))
    }

    private mutating func giveAgain<Sink: RowSink>(
        of person: String, before end: UInt64, _ sink: inout Sink
    ) throws {
        for sequence in personal[person] ?? [] where sequence < end {
            guard let bytes = try log.entry(sequence) else { continue }
            try sink.put(row(of: try Document(adopting: bytes)), in: LedgerTables.entries)
        }
    }

    private func giveTransfers<Sink: RowSink>(
        _ entry: View, _ sequence: UInt64, _ changes: [RecordChange], _ sink: inout Sink
    ) throws {
        var transfers = RecordedTransfer.all(in: entry)
        if let expired = RecordedTransfer.expired(by: entry, changes) { transfers.append(expired) }
        let time = entry["recordedtime"]?.string ?? ""
        for (position, transfer) in transfers.enumerated() {
            try sink.put(
                LedgerTables.cells(of: transfer, sequence: sequence, position: position, time: time),
                in: LedgerTables.transfers)
        }
    }

    /// Gives the records that changed in the batch as they are at its end.
    private mutating func endBatch<Sink: RowSink>(at position: UInt64, _ sink: inout Sink) throws {
        for (projection, keys) in touched.sorted(by: { $0.key < $1.key }) {
            let table = projection == "accounts" ? LedgerTables.balances : tables.records[projection]?.shape
            for key in keys.sorted() {
                guard let origin = origins[projection]?[key], let record = replay.record(projection, key) else {
                    if let table { try sink.remove(key, from: table) }
                    continue
                }
                try sink.put(history(projection, key, origin, to: nil, record), in: LedgerTables.history)
                guard let table else { continue }
                let view = try Document(adopting: record).root
                let cells =
                    tables.records[projection]?.cells(key, view) ?? LedgerTables.cells(ofAccount: key, view)
                try sink.put(cells, in: table)
            }
        }
        touched.removeAll(keepingCapacity: true)
        try sink.endBatch(at: position)
    }

    private func history(
        _ projection: String, _ key: String, _ from: UInt64, to end: UInt64?, _ record: [UInt8]
    ) -> [Cell] {
        [.text(projection), .text(key), .sequence(from), end.map { .sequence($0) } ?? .null, .json(record)]
    }
}
