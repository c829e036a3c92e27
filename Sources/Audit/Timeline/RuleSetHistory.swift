import AgentKit
import Engine
import EventLog
import JSON
import Rules

/// The rule sets that a log put in force or scheduled, read without folding anything else.
struct RuleSetHistory {
    /// The versions of all rules.
    private(set) var versions = RuleVersions()
    /// The layout of times and amounts of the newest; of events each says what no later one does.
    private(set) var layout = Layout()

    private static let added = EntryNeedle(#""type":"ruleset.file.added"}"#)
    private static let cancelled = EntryNeedle(#""type":"ruleset.schedule.cancelled"}"#)
    private static let activated = EntryNeedle(#""type":"ruleset.activated"}"#)

    /// Reads the entries before `end`.
    init(_ log: EventLog, end: UInt64) throws(ReplayError) {
        let settings = LedgerSettings(origin: log.origin, verifierKey: "", clock: .events)
        let machine = Machine(settings: settings, history: CommittedHistory(log), chain: log.nextChain)
        var failure: ReplayError?
        var versions = RuleVersions()
        var sentences = Sentences.ofEngine
        try reading { () throws(EventLogError) in
            unsafe try log.scan(from: 0, to: end) { sequence, bytes in
                let isActivation = unsafe Self.activated.ends(bytes)
                guard unsafe isActivation || Self.added.ends(bytes) || Self.cancelled.ends(bytes),
                    let entry = try? unsafe Document(canonical: bytes)
                else { return true }
                do throws(RuleSetError) {
                    try machine.replay(entry)
                    // It may come into force only later.
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
        layout = Layout(newest, alsoSaying: sentences)
    }
}

/// Which version of its file each rule has in each rule set.
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
