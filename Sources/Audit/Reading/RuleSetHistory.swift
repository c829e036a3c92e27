import AgentKit
import Engine
import EventLog
import JSON
import Rules

/// Rule sets that a log activated or scheduled, read without folding other entries.
struct RuleSetHistory {
    /// The versions of all rules.
    private(set) var versions = RuleVersions()
    /// The formatter of the newest rule set, with the sentences of earlier ones for event types it no longer has.
    private(set) var formatter = EntryFormatter()

    private static let added = BytePattern(entryType: "ruleset.file.added")
    private static let cancelled = BytePattern(entryType: "ruleset.schedule.cancelled")
    private static let activated = BytePattern(entryType: "ruleset.activated")

    /// Reads the entries before `end`.
    /// - Throws: `ReplayError` if the log cannot be read or a rule set cannot be loaded.
    init(_ log: EventLog, end: UInt64) throws(ReplayError) {
        let settings = LedgerSettings(origin: log.origin, verifierKey: "", clock: .events)
        let machine = Machine(
            settings: settings, history: CommittedHistory(log), chain: log.nextChain, rules: .onDemand)
        var failure: ReplayError?
        var versions = RuleVersions()
        var sentences = Sentences.ofEngine
        try reading { () throws(EventLogError) in
            let words = ["ruleset.file.added", "ruleset.schedule.cancelled", "ruleset.activated"]
            unsafe try EntrySearch(log).scan(to: end, words: words) { sequence, bytes in
                let isActivation = unsafe Self.activated.ends(bytes)
                guard unsafe isActivation || Self.added.ends(bytes) || Self.cancelled.ends(bytes),
                    let entry = try? unsafe Document(canonical: bytes)
                else { return true }
                do throws(RuleSetError) {
                    try machine.replay(entry)
                    // A scheduled rule set comes into force only later.
                    if isActivation, let digest = RulesetActivated(of: entry.root)?.digest {
                        let inForce = machine.ruleSet.flatMap { $0.digest == digest ? $0 : nil }
                        let ruleSet = if let inForce { inForce } else { try machine.load(digest) }
                        versions.add(ruleSet)
                        sentences = ruleSet.sentences.over(sentences)
                    }
                } catch {
                    failure = ReplayError(error, at: sequence)
                    return false
                }
                return true
            }
        }
        if let failure { throw failure }
        self.versions = versions
        let last = end > 0 ? try log.document(end - 1) : nil
        let newest = last?.root.instant("recordedtime").flatMap(machine.ruleSet(at:)) ?? machine.ruleSet
        formatter = EntryFormatter(newest, alsoSaying: sentences)
    }
}

/// The version that each rule has in each rule set.
struct RuleVersions: Sendable {
    private var versions: [String: [String: String]] = [:]

    mutating func add(_ ruleSet: RuleSet) {
        versions[ruleSet.digest] = Dictionary(ruleSet.rules.map { ($0.qualifiedName, $0.version) }) { first, _ in first
        }
    }

    /// `complaint/deadline-missed 1.0.0`; nil for an entry that no rule decided.
    func rule(of entry: View) -> String? {
        guard let rule = entry["rule"]?.string else { return nil }
        let version = versions[entry.text("ruleset")]?[rule]
        return rule + (version.map { " " + $0 } ?? "")
    }
}

/// List of the rule sets that a ledger's log holds.
package struct RuleSetList {
    package struct Item {
        package let digest: String
        /// The entry that activated or scheduled it.
        package let activated: UInt64
        /// The time that a scheduling activation names, as the entry writes it.
        package let effectiveFrom: String?
        package let isInForce: Bool
        /// Its status in words, such as `in force since #58, 2024-02-16 21:00:00+05:00`.
        package let standing: String
    }

    /// Rule sets that are or were in force, oldest first, then those that are only scheduled, in order of their time.
    package let items: [Item]
    /// Every activation that names a time, in order of the times.
    package let schedules: [Scheduled]
    private let active: String?

    package struct Scheduled {
        package let activated: UInt64
        package let digest: String
        /// The time as the entry writes it.
        package let effectiveFrom: String
        /// The time in the calendar's time zone.
        package let shownTime: String
        /// `scheduled`, `came-into-force` or `cancelled`.
        package let status: String
    }

    /// - Parameter replay: folded to the moment asked for.
    package init(_ replay: Replay) throws {
        let formatter = replay.formatter
        let known = replay.machine.ruleSetsNow
        active = known.active
        schedules = known.schedules.map {
            Scheduled(
                activated: $0.activated.value, digest: $0.digest, effectiveFrom: $0.effectiveFrom.text,
                shownTime: formatter.time($0.effectiveFrom), status: $0.status.rawValue)
        }
        var items = known.ruleSets.map { item in
            let isInForce = item.digest == known.active
            return Item(
                digest: item.digest, activated: item.activated.value, effectiveFrom: item.effectiveFrom?.text,
                isInForce: isInForce,
                standing: (isInForce ? "in force" : "was in force")
                    + " since #\(item.activated.value), \(formatter.time(item.since))")
        }
        for item in known.schedules where item.status != .cameIntoForce {
            let time = formatter.time(item.effectiveFrom)
            items.append(
                Item(
                    digest: item.digest, activated: item.activated.value, effectiveFrom: item.effectiveFrom.text,
                    isInForce: false,
                    standing: item.status == .scheduled
                        ? "scheduled by #\(item.activated.value), in force from \(time)"
                        : "scheduled by #\(item.activated.value) for \(time), but cancelled"))
        }
        self.items = items
    }

    /// The rule set whose digest begins with a text, a trailing `…` ignored; the one in force if no text is given.
    /// - Throws: `ReadingError` if none or several match.
    package func find(_ text: String?) throws(ReadingError) -> Item {
        let digest = text.map { $0.hasSuffix("…") ? String($0.dropLast()) : $0 }
        let found = items.filter { digest.map($0.digest.hasPrefix) ?? ($0.digest == active) }
        guard let item = found.first else { throw ReadingError("the log holds no rule set `\(digest ?? "")`") }
        guard Set(found.map(\.digest)).count == 1 else {
            throw ReadingError("`\(digest ?? "")` names several rule sets")
        }
        return item
    }
}
