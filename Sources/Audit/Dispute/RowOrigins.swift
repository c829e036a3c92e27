import AgentKit
import Dispatch
import Engine
import EventLog
import JSON
import Rules
import Synchronization

/// The entries from which rows were last folded, as of some places in a log.
///
/// The log is folded once more, and after each entry it is asked which of the rows are other objects than before: a row is
/// never changed, only replaced. Where the views beside the log know between which snapshots a row changed, only the
/// entries between these are folded.
struct RowOrigins {
    /// A row of which it is asked where it was folded last before a place.
    fileprivate struct Question: Sendable {
        let name: RowName
        let place: UInt64
        /// The starts of the stretches in which it may be, the last one first.
        var starts: [UInt64] = []
    }

    /// By the place, the last entry before it that set or removed each row; a row that none ever touched is left out.
    private(set) var entries: [UInt64: [RowName: UInt64]] = [:]
    private let search: Search

    /// - Parameters:
    ///   - reads: the rows that are asked about, by the place.
    ///   - isThreaded: whether it uses all cores.
    ///   - isAbandoned: polled while it folds, by any thread; true ends it with an error.
    /// - Throws: `ReplayError` if the log cannot be read or folded.
    init(
        of reads: [UInt64: [RowName]], in log: EventLog, isThreaded: Bool, isAbandoned: @escaping () -> Bool
    ) throws(ReplayError) {
        search = Search(log: log, isThreaded: isThreaded, isAbandoned: isAbandoned)
        var open = reads.flatMap { place, names in names.map { Question(name: $0, place: place) } }
        if let views = ViewReader.beside(log, tables: []), views.position > 0 {
            try answer(&open, Stretches(views))
        } else {
            note(try search.answers(open, from: 0, to: reads.keys.max() ?? 0))
        }
    }

    private mutating func note(_ answers: [Answer]) {
        for answer in answers { entries[answer.place, default: [:]][answer.name] = answer.last }
    }

    /// The stretches of the log between snapshots of the views.
    private struct Stretches {
        private let views: ViewReader
        /// The first entry of each, and the one behind the last that the views have folded.
        private let bounds: [UInt64]

        init(_ views: ViewReader) {
            self.views = views
            bounds = [0] + views.snapshots().filter { $0 < views.position } + [views.position]
        }

        /// The starts of those in which a row may have been folded before a place, the last one first. Before the first
        /// snapshot and behind the views nothing is known of any row.
        func starts(_ question: Question) -> [UInt64] {
            let known = Set(views.snapshots(changing: question.name))
            return bounds.reversed().filter {
                $0 < question.place && (known.contains($0) || $0 == 0 || $0 == views.position)
            }
        }

        func end(of start: UInt64, before place: UInt64) -> UInt64 { min(place, bounds.first { $0 > start } ?? place) }
    }

    /// Answers questions by the last stretch in which the row changed.
    private mutating func answer(_ open: inout [Question], _ stretches: Stretches) throws(ReplayError) {
        for index in open.indices { open[index].starts = stretches.starts(open[index]) }
        while true {
            open.removeAll { $0.starts.isEmpty || entries[$0.place]?[$0.name] != nil }
            if open.isEmpty { return }
            var asked: [UInt64: [Question]] = [:]
            for index in open.indices { asked[open[index].starts.removeFirst(), default: []].append(open[index]) }
            let work = asked.sorted { $0.key < $1.key }.map { start, questions in
                let end = questions.map { stretches.end(of: start, before: $0.place) }.max() ?? start
                return Search.Stretch(questions: questions, start: start, end: end)
            }
            for answers in try search.answers(work) { note(answers) }
        }
    }
}

extension RowOrigins {
    /// A row was folded last before a place by this entry.
    fileprivate struct Answer: Sendable {
        let name: RowName
        let place: UInt64
        let last: UInt64
    }

    /// Folds stretches of the log. Any thread may call the closure that it was given.
    fileprivate struct Search: @unchecked Sendable {
        let log: EventLog
        let isThreaded: Bool
        let isAbandoned: () -> Bool

        struct Stretch: Sendable {
            let questions: [Question]
            let start: UInt64
            let end: UInt64
        }
    }
}

extension RowOrigins.Search {
    /// The answers in each of several stretches.
    func answers(_ stretches: [Stretch]) throws(ReplayError) -> [[RowOrigins.Answer]] {
        let results = Mutex([Result<[RowOrigins.Answer], ReplayError>?](repeating: nil, count: stretches.count))
        @Sendable func fold(_ index: Int) {
            let stretch = stretches[index]
            let result = Result { () throws(ReplayError) in
                try answers(stretch.questions, from: stretch.start, to: stretch.end)
            }
            results.withLock { $0[index] = result }
        }
        if isThreaded {
            DispatchQueue.concurrentPerform(iterations: stretches.count, execute: fold)
        } else {
            for index in stretches.indices { fold(index) }
        }
        var all: [[RowOrigins.Answer]] = []
        for result in results.withLock({ $0 }) { if let result { all.append(try result.get()) } }
        return all
    }

    /// Folds the entries of a stretch and answers the questions as far as the rows change in it before their places.
    func answers(
        _ questions: [RowOrigins.Question], from start: UInt64, to end: UInt64
    ) throws(ReplayError) -> [RowOrigins.Answer] {
        let replay = start > 0 ? try Replay.near(start, in: log) : try Replay(log)
        var watch = RowWatch(Set(questions.map(\.name)), replay.machine.tables)
        let byPlace = Dictionary(grouping: questions, by: \.place)
        let places = byPlace.keys.sorted()
        var known: [UInt64: [RowName: UInt64]] = [:]
        var (next, failure) = (0, ReplayError?.none)
        try reading { () throws(EventLogError) in
            unsafe try log.scan(from: replay.position, to: end) { sequence, bytes in
                while next < places.count, places[next] <= sequence {
                    known[places[next]] = watch.known
                    next += 1
                }
                failure = unsafe Self.fold(bytes, sequence, replay.machine)
                if sequence % 4096 == 0, failure == nil, isAbandoned() {
                    failure = ReplayError(.abandoned, "nobody waits for it any more")
                }
                watch.note(sequence)
                return failure == nil
            }
        }
        if let failure { throw failure }
        for place in places[next...] { known[place] = watch.known }
        return questions.compactMap { question in
            known[question.place]?[question.name].map {
                RowOrigins.Answer(name: question.name, place: question.place, last: $0)
            }
        }
    }

    private static func fold(
        _ bytes: UnsafeRawBufferPointer, _ sequence: UInt64, _ machine: Machine
    ) -> ReplayError? {
        guard let document = try? unsafe Document(canonical: bytes) else {
            return ReplayError(.damaged, sequence: sequence, "cannot be read")
        }
        do throws(RuleSetError) { try machine.replay(document, isForAppending: false) } catch {
            return ReplayError(error, at: sequence)
        }
        return nil
    }
}

/// Rows that are watched while entries are folded.
private struct RowWatch {
    private struct Watched {
        let name: RowName
        var row: AnyObject?
        var last: UInt64?
    }

    /// The rows of one table.
    private struct WatchedTable {
        let table: AnyTable
        var changeNumber: UInt64
        var rows: [Watched] = []
    }

    private var tables: [WatchedTable] = []

    init(_ names: Set<RowName>, _ all: TableSet) {
        for name in names.sorted() {
            guard let table = all.named(name.table) else { continue }
            if tables.last?.table !== table {
                tables.append(WatchedTable(table: table, changeNumber: table.changeNumber))
            }
            // A row that is read once stays the same object until it is set.
            tables[tables.count - 1].rows.append(Watched(name: name, row: Self.row(name.key, in: table)))
        }
    }

    private static func row(_ key: String, in table: AnyTable) -> AnyObject? {
        if case .host(let host, _) = table.value(key) { host } else { nil }
    }

    /// The last entry noted of each row that changed.
    var known: [RowName: UInt64] {
        var known: [RowName: UInt64] = [:]
        for row in tables.lazy.flatMap(\.rows) { if let last = row.last { known[row.name] = last } }
        return known
    }

    /// Notes the rows that an entry changed.
    mutating func note(_ sequence: UInt64) {
        for index in tables.indices where tables[index].table.changeNumber != tables[index].changeNumber {
            let table = tables[index].table
            tables[index].changeNumber = table.changeNumber
            for place in tables[index].rows.indices {
                let row = Self.row(tables[index].rows[place].name.key, in: table)
                guard row !== tables[index].rows[place].row else { continue }
                tables[index].rows[place].row = row
                tables[index].rows[place].last = sequence
            }
        }
    }
}
