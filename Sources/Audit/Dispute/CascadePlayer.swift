import AgentKit
import Engine
import EventLog
import JSON
import Rules

/// Derives cascades again, one after the other, each from rows and earlier entries that are given for it; the same for who
/// makes a bundle and for who checks one, so that both read the same.
final class CascadePlayer {
    /// What came of a trigger.
    struct Played {
        /// The entries that the rules give, the trigger's own first; empty where it was refused.
        let derived: [[UInt8]]
        /// The reason why the trigger would not have been there.
        let refusal: String?
        /// The subject's record behind it, as canonical JSON.
        let record: [UInt8]?
    }

    /// The reason why a cascade is not derived alone.
    struct Unplayable: Error {
        let why: String
    }

    private let settings: LedgerSettings
    private let history: any History
    private let store: any TableStore
    private let subject: DisputeSubject
    private(set) var machine: Machine?
    /// Every rule set that decided, in order, some of them twice.
    private(set) var ruleSets: [RuleSet] = []

    init(_ settings: LedgerSettings, _ subject: DisputeSubject, history: any History, store: any TableStore) {
        self.settings = settings
        self.subject = subject
        self.history = history
        self.store = store
    }

    /// Derives what follows from a trigger.
    /// - Parameter before: the entry before it.
    func play(_ trigger: Document, behind before: Document) throws(Unplayable) -> Played {
        let machine = try machine(behind: before)
        if let ruleSet = machine.ruleSet, ruleSets.last !== ruleSet { ruleSets.append(ruleSet) }
        let derived: [[UInt8]]
        do throws(Machine.NotDerived) { derived = try machine.deriveOne(trigger) } catch {
            switch error {
            case .refused(let reason): return Played(derived: [], refusal: reason, record: nil)
            case .ruleSets: throw Unplayable(why: "it changes the rules; `docket recompute` derives it")
            }
        }
        if let errors = machine.ruleSet?.errors { throw Unplayable(why: "its rules cannot be loaded: \(errors)") }
        return Played(derived: derived, refusal: nil, record: machine.record(subject.projection, subject.id))
    }

    /// Tables of no rows, which read what is stored.
    private lazy var tables =
        Machine(settings: settings, history: NoHistory(), chain: .genesis(origin: settings.origin)).tables

    /// Keys of one value that an index over a declared table may have here: they may all be asked for.
    private static let indexedMax: Int64 = 100_000

    /// The first row that is not in the form of its table, or an index of more keys than a bundle carries.
    func unusable(_ rows: [RowName: [UInt8]?]) -> RowName? {
        rows.filter { !isUsable($0.key, $0.value) }.keys.min()
    }

    private func isUsable(_ name: RowName, _ bytes: [UInt8]?) -> Bool {
        guard let table = tables.named(name.table) else { return false }
        guard let bytes else { return true }
        guard let row = table.value(stored: bytes) else { return false }
        guard name.table == "declaredIndexes" else { return true }
        // Behind the number of the index, `c` begins the key of a count, `k` and `s` those of places.
        let isCount = name.key.utf8.dropFirst(11).first == UInt8(ascii: "c")
        let number = CanonicalValue.bytes(of: row).flatMap { try? Document(adopting: $0) }?.root["number"]?.int
        return number.map { (0...(isCount ? Self.indexedMax : .max)).contains($0) } ?? false
    }

    /// Forgets the loaded rule set, so that the next cascade reads it again.
    func forget() { machine = nil }

    private func machine(behind before: Document) throws(Unplayable) -> Machine {
        let place = EntrySequence(before.root.sequence)
        do throws(RuleSetError) {
            if let machine, try machine.restart(behind: before, at: place) { return machine }
            let new = Machine(
                settings: settings, history: history, store: store,
                chain: .behind(before.bytes, at: place.value), rules: .onDemand)
            machine = new
            _ = try new.restart(behind: before, at: place)
            return new
        } catch {
            machine = nil
            throw Unplayable(why: "its rules cannot be loaded: \(error)")
        }
    }
}

extension CascadePlayer.Played {
    /// The first entry that is not what the rules give.
    func difference(from recorded: [Document], first: UInt64) -> DisputeBundle.Result.Difference? {
        if let refusal {
            return .init(sequence: first, what: "the trigger would not have been recorded: \(refusal)")
        }
        let isSame =
            derived.count == recorded.count
            && zip(derived, recorded).allSatisfy { pair in
                unsafe pair.1.withBytes { unsafe $0.elementsEqual(pair.0) }
            }
        if isSame { return nil }
        let documents = derived.compactMap { try? Document(adopting: $0) }
        let found = CascadeComparison(derived: documents, recorded: recorded, first: first).differences().first
        return .init(sequence: found?.sequence ?? first, what: found?.what ?? "the rules give other bytes")
    }
}

/// The entries of a log, of which it is noted which were asked for.
final class EntryRecorder: History {
    private let history: any History
    private(set) var asked: Set<UInt64> = []

    init(_ history: any History) { self.history = history }

    func begin() { asked = [] }

    func entry(_ sequence: EntrySequence) -> Document? {
        asked.insert(sequence.value)
        return history.entry(sequence)
    }
}

/// Nothing but given entries, with a note of the first that was asked for and not given. In its place stands another, as
/// the machine takes for granted that what its rows name is there.
final class GivenEntries: History {
    private let entries: [UInt64: Document]
    private let other: Document
    private(set) var missing: UInt64?

    init(_ entries: [UInt64: Document], otherwise other: Document) {
        self.entries = entries
        self.other = other
    }

    func begin() { missing = nil }

    func entry(_ sequence: EntrySequence) -> Document? {
        if let entry = entries[sequence.value] { return entry }
        missing = missing ?? sequence.value
        return other
    }
}

extension LedgerSettings {
    /// The settings that a ledger's first entry fixes; nil for another entry.
    init?(_ first: View) {
        guard first["type"]?.isString("ledger.created") == true, let data = first["data"],
            let origin = data["origin"]?.string, let key = data["verifierKey"]?.string,
            let clock = data["clock"]?.string.flatMap(Clock.init(rawValue:))
        else { return nil }
        self.init(origin: origin, verifierKey: key, clock: clock)
    }
}
