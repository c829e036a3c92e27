import AgentKit
import Engine
import JSON
import Rules
import TransparencyLog

/// Derives the cascades of a bundle from the rows that it carries, in order.
///
/// What a row was is the operator's word, but not for every row: where an earlier cascade of the bundle set it, it must be
/// as that one left it, unless an entry is named that changed it since.
struct CascadeCheck {
    private let bundle: DisputeBundle
    private let entries: [UInt64: Document]
    private let store = GivenRows()
    private let history: GivenEntries
    let player: CascadePlayer
    private(set) var problems: [String] = []
    private(set) var differences: [DisputeBundle.Result.Difference] = []
    /// The decisions that were derived again.
    private(set) var decisions: [Document] = []
    /// The number of cascades they belong to.
    private(set) var cascades = 0
    /// The subject's record behind the last of them, as canonical JSON.
    private(set) var record: [UInt8]?
    /// The number of rows that were found to be as an earlier cascade left them.
    private(set) var followed = 0
    /// The triggers of cascades of which it cannot be seen where they end.
    private(set) var unseenEnds: [UInt64] = []
    /// The size of the tree that the checkpoint signs.
    private let size: UInt64
    /// The rows that derived cascades set last, with the cascade.
    private var left: [RowName: (value: [UInt8]?, by: Range<UInt64>)] = [:]

    init(_ bundle: DisputeBundle, _ proved: ProvedEntries) throws(DisputeCheck.Failure) {
        guard let first = proved.bySequence[0], let settings = LedgerSettings(first.root) else {
            throw .bad("the bundle lacks entry 0, which says what ledger it is")
        }
        guard settings.origin.hasSameBytes(as: bundle.origin) else {
            throw .bad("entry 0 is that of `\(settings.origin)`")
        }
        self.bundle = bundle
        entries = proved.bySequence
        size = proved.checkpoint.size
        history = GivenEntries(entries, otherwise: first)
        player = CascadePlayer(settings, bundle.subject, history: history, store: store)
    }

    mutating func run() {
        var isNamed = false
        for cascade in bundle.cascades {
            guard let recorded = recorded(cascade.entries) else { continue }
            isNamed = isNamed || recorded.contains { DisputeStory.isEvent($0.root, of: bundle.subject) }
            guard case .derived(let places, let walks) = cascade.form else {
                checkEnd(cascade.entries)
                continue
            }
            derive(cascade.entries, recorded, places.map { bundle.rows[$0] }, walks)
        }
        let decided = bundle.cascades.contains { cascade in
            cascade.entries.count > 1
                && entries[cascade.entries.lowerBound]?.root["source"]?.isString("/engine") != true
        }
        if cascades == 0, decided, problems.isEmpty {
            problems.append("the bundle carries nothing from which its decisions could be derived again")
        }
        if !isNamed { problems.append("nothing in the bundle is about \(bundle.subject)") }
    }

    /// The entries of a cascade; nil, with a problem noted, where they are not all there or not of one cascade.
    private mutating func recorded(_ range: Range<UInt64>) -> [Document]? {
        var recorded: [Document] = []
        for sequence in range {
            guard let entry = entries[sequence] else {
                problems.append("the bundle lacks entry \(sequence) of the cascade of \(range.lowerBound)")
                return nil
            }
            guard (entry.root["agent"] == nil) == (sequence == range.lowerBound) else {
                problems.append("entry \(sequence) does not belong to the cascade of \(range.lowerBound)")
                return nil
            }
            recorded.append(entry)
        }
        return recorded
    }

    /// Checks that a cascade which is not derived ends where the bundle says, as far as the entry behind it is carried.
    private mutating func checkEnd(_ range: Range<UInt64>) {
        guard range.upperBound < size else { return }
        guard let next = entries[range.upperBound] else { return unseenEnds.append(range.lowerBound) }
        if next.root["agent"] != nil {
            problems.append(
                "the cascade of \(range.lowerBound) does not end at entry \(range.upperBound - 1): the next belongs to it"
            )
        }
    }

    private mutating func derive(
        _ range: Range<UInt64>, _ recorded: [Document], _ rows: [DisputeBundle.Row], _ walks: [RowWalk]
    ) {
        let first = range.lowerBound
        guard first > 0, let before = entries[first - 1] else {
            problems.append("the bundle lacks entry \(first &- 1), which entry \(first) carries the hash of")
            return
        }
        guard isCarried(rows, first) else { return }
        let given = Dictionary(rows.map { ($0.name, $0.value) }) { first, _ in first }
        if let name = player.unusable(given) {
            problems.append("row \(name) is not in the form of its table")
            return
        }
        store.give(given, walks)
        history.begin()
        let played: CascadePlayer.Played
        do throws(CascadePlayer.Unplayable) { played = try player.play(recorded[0], behind: before) } catch {
            problems.append(missing(first) ?? "entry \(first): \(error.why)")
            return
        }
        if let missing = missing(first) {
            problems.append(missing)
            return player.forget()
        }
        if let difference = played.difference(from: recorded, first: first) {
            differences.append(difference)
            problems.append("entry \(difference.sequence): \(difference.what)")
        }
        decisions += recorded.dropFirst()
        cascades += 1
        if let record = played.record { self.record = record }
        for (name, value) in player.machine?.takeChanges() ?? [:] { left[name] = (value, range) }
    }

    private func missing(_ first: UInt64) -> String? {
        if let row = store.missing { return "the bundle does not carry \(row), which deriving entry \(first) reads" }
        return history.missing.map { "the bundle does not carry entry \($0), which deriving entry \(first) reads" }
    }

    /// Returns true if the rows can be read, and are as earlier cascades left them.
    private mutating func isCarried(_ rows: [DisputeBundle.Row], _ first: UInt64) -> Bool {
        for row in rows {
            if let last = row.last, last >= first || entries[last] == nil {
                problems.append("row \(row.name): the bundle lacks entry \(last), from which it was last folded")
                return false
            }
            guard let (value, by) = left[row.name], by.upperBound <= first else { continue }
            guard let last = row.last, last >= by.lowerBound else {
                problems.append("row \(row.name): the cascade of \(by.lowerBound) changed it since \(Self.place(row))")
                return false
            }
            guard last < by.upperBound else { continue }
            guard value == row.value else {
                problems.append("row \(row.name) is not as the cascade of \(by.lowerBound) left it")
                return false
            }
            followed += 1
        }
        return true
    }

    private static func place(_ row: DisputeBundle.Row) -> String {
        row.last.map { "entry \($0), from which it is said to be" } ?? "the ledger began"
    }
}
