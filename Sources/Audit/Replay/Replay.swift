import AgentKit
package import Engine
package import EventLog
import JSON
package import Rules

/// The ledger as it was at a moment: a machine that folds a log entry by entry, forwards only.
///
/// It streams: apart from the tables nothing stays in memory. Not thread-safe: one thread uses it.
package final class Replay {
    /// Entries folded between two calls of `progress`.
    private static let entriesPerProgress: UInt64 = 1 << 16
    /// Entries folded between two calls of `isAbandoned`.
    private static let entriesPerQuestion: UInt64 = 1 << 8

    package let log: EventLog
    /// The machine, folded up to `position`. Rules run on it only in a dry run.
    package let machine: Machine
    /// The number of entries folded.
    package private(set) var position: UInt64 = 0
    private let isAbandoned: () -> Bool

    /// A replay that has folded nothing yet.
    /// - Parameter isAbandoned: polled while folding; true ends the fold with an error.
    /// - Throws: `ReplayError` if the log is empty or its first entry does not describe the ledger.
    package init(_ log: EventLog, isAbandoned: @escaping () -> Bool = { false }) throws(ReplayError) {
        self.log = log
        self.isAbandoned = isAbandoned
        let settings = try Self.settings(of: log)
        machine = Machine(
            settings: settings, history: CommittedHistory(log), chain: log.nextChain,
            rules: .onDemand)
    }

    /// A replay of the ledger in a data directory, with or without a service running on it.
    /// - Throws: `ReplayError` if the log cannot be opened, is empty or does not describe the ledger.
    package static func open(dataDirectory: String) throws(ReplayError) -> Replay {
        try Replay(
            try reading { () throws(EventLogError) in
                try EventLog.openReader(directory: DataDirectory(dataDirectory).log)
            })
    }

    /// The present: the views beside the log with the entries behind them folded on; where there are no views that follow
    /// from the log, all of it folded. What the views say is believed: nothing is to be proved by it.
    /// - Parameter progress: called from time to time with the number of entries folded.
    package static func atPresent(
        _ log: EventLog, progress: ((UInt64) -> Void)? = nil
    ) throws(ReplayError) -> Replay {
        let present = try Replay.near(.max, in: log)
        try present.fold(progress: progress)
        return present
    }

    /// The ledger as it was at a moment: the nearest snapshot of the views before it with the entries behind that folded
    /// on; where there is none, all of them folded. What the views say is believed, as by `atPresent`.
    /// - Parameters: as in `init` and `fold`.
    /// - Throws: `ReplayError` if the moment is not in the log, or if an entry cannot be read or loaded.
    package static func asOf(
        _ moment: Moment, in log: EventLog, isAbandoned: @escaping () -> Bool = { false },
        progress: ((UInt64) -> Void)? = nil
    ) throws(ReplayError) -> Replay {
        let end = try log.position(after: moment)
        let past = try Replay.near(end, in: log, isAbandoned: isAbandoned)
        try past.fold(until: end, progress)
        return past
    }

    /// A replay that stands as near before an entry as the views' snapshots let it.
    /// - Parameter end: the number of entries folded, at most.
    static func near(
        _ end: UInt64, in log: EventLog, isAbandoned: @escaping () -> Bool = { false }
    ) throws(ReplayError) -> Replay {
        let near = ViewReader.beside(log, before: end).flatMap { try? Replay(log, from: $0, isAbandoned) }
        return if let near { near } else { try Replay(log, isAbandoned: isAbandoned) }
    }

    private init(_ log: EventLog, from views: ViewReader, _ isAbandoned: @escaping () -> Bool) throws {
        self.log = log
        self.isAbandoned = isAbandoned
        machine = Machine(
            settings: try Self.settings(of: log), history: CommittedHistory(log), store: views, chain: log.nextChain,
            rules: .onDemand)
        if views.position > 0 { try machine.restore(at: EntrySequence(views.position - 1)) }
        position = views.position
    }

    /// The rule set in force at the present position; nil before the first one.
    package var ruleSet: RuleSet? { machine.ruleSet }

    /// The currencies of the rule set in force.
    package var currencies: Currencies { machine.ruleSet?.currencies ?? .standard }

    /// The formatter of the rule set in force.
    package var formatter: EntryFormatter { EntryFormatter(machine.ruleSet) }

    /// Folds on up to and including a moment, or to the newest entry if none is given.
    /// - Parameter progress: called from time to time with the number of entries folded.
    /// - Throws: `ReplayError` if the moment is behind the replay or not in the log, or if an entry cannot be read or
    ///   loaded.
    package func fold(to moment: Moment? = nil, progress: ((UInt64) -> Void)? = nil) throws(ReplayError) {
        let end = try moment.map { moment throws(ReplayError) in try log.position(after: moment) } ?? log.size
        guard end >= position else {
            throw ReplayError(.past, "the replay stands behind entry \(position - 1) already")
        }
        try fold(until: end, progress)
    }

    /// Folds the entries before `end`.
    func fold(until end: UInt64, _ progress: ((UInt64) -> Void)? = nil) throws(ReplayError) {
        var failure: ReplayError?
        try reading { () throws(EventLogError) in
            unsafe try log.scan(from: position, to: end) { sequence, bytes in
                failure = unsafe fold(sequence, bytes).failure
                if sequence % Self.entriesPerProgress == 0 { progress?(position) }
                if sequence % Self.entriesPerQuestion == 0, failure == nil, isAbandoned() {
                    failure = ReplayError(.abandoned, "nobody waits for it any more")
                }
                return failure == nil
            }
        }
        if let failure { throw failure }
    }

    /// Folds one entry, which is returned parsed, or the reason why it cannot be folded.
    func fold(
        _ sequence: UInt64, _ bytes: UnsafeRawBufferPointer
    ) -> (entry: Document?, failure: ReplayError?) {
        do throws(JSONError) {
            let document = try unsafe Document(canonical: bytes)
            do throws(RuleSetError) {
                try machine.replay(document, isForAppending: false)
            } catch {
                return (nil, ReplayError(error, at: sequence))
            }
            position = sequence + 1
            return (document, nil)
        } catch {
            return (nil, ReplayError(.damaged, sequence: sequence, "cannot be read: \(error)"))
        }
    }

    /// Folds on inside `body`, then rolls back what was folded. `body` must not fold an entry that puts other rules in
    /// force.
    func withRollback<R>(_ body: () throws(ReplayError) -> R) throws(ReplayError) -> R {
        let before = position
        defer { position = before }
        return try machine.dryRun(body)
    }

    /// The settings that the log's first entry fixed for the ledger's life.
    static func settings(of log: EventLog) throws(ReplayError) -> LedgerSettings {
        guard let first = try log.document(0) else { throw ReplayError(.empty, "the log has no entry yet") }
        guard let data = first.root["data"], let origin = data["origin"]?.string, let key = data["verifierKey"]?.string,
            let clock = data["clock"]?.string.flatMap(LedgerSettings.Clock.init(rawValue:))
        else { throw ReplayError(.damaged, sequence: 0, "does not say what ledger this is") }
        return LedgerSettings(origin: origin, verifierKey: key, clock: clock)
    }
}

extension Replay {
    /// The names of the tables that rules and clients may read, in byte order.
    package var projections: [String] {
        machine.projections.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// One record as canonical JSON; nil if there is no such projection or record.
    package func record(_ projection: String, _ id: String) -> [UInt8]? { machine.record(projection, id) }

    /// The members of a projection's records that are amounts.
    func amounts(of projection: String) -> AmountMembers { machine.projection(projection)?.amounts ?? .none }

    /// Calls `body` with each record of a projection as canonical JSON, in byte order of the keys from a key on, until
    /// it returns false.
    /// - Returns: false if there is no such projection.
    @discardableResult
    package func records(of projection: String, from key: String = "", body: (String, [UInt8]) -> Bool) -> Bool {
        guard let table = machine.projection(projection) else { return false }
        let fields = table.members.map { FieldName($0) }.sorted { JCS.precedes($0.text, $1.text) }
        var writer = CanonicalWriter(capacity: 1024)
        table.forEachKey(from: key) { key in
            guard let row = table.value(key) else { return true }
            writer.removeAll()
            write(row, fields, to: &writer)
            return body(key, writer.bytes)
        }
        return true
    }

    /// Writes a row member by member, without asking it for its keys: its fields are known in order.
    func write(_ row: Value, _ fields: [FieldName], to writer: inout CanonicalWriter) {
        guard case .host(let host, let node) = row, !fields.isEmpty else { return write(row, to: &writer) }
        let currency = host.currency(node)
        writer.beginObject()
        for field in fields {
            guard let value = host.member(node, field) else { continue }
            writer.key(field.text)
            write(value, in: currency, to: &writer)
        }
        writer.endObject()
    }

    /// - Parameter currency: the currency of the row that holds the value.
    private func write(_ value: Value, in currency: CurrencyCode? = nil, to writer: inout CanonicalWriter) {
        switch value {
        case .string(let text): writer.string(text)
        case .bool(let flag): writer.bool(flag)
        case .money(let money) where money.currency == currency && Amount(money.minorUnits).isInRange:
            writer.int(money.minorUnits)
        default:
            if let bytes = CanonicalValue.bytes(of: value, in: currency) {
                unsafe bytes.withUnsafeBytes { unsafe writer.raw($0) }
            } else {
                writer.null()
            }
        }
    }
}
