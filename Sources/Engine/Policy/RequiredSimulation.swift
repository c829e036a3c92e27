import AgentKit
import EventLog
import JSON
import Rules

/// The check of the signed report of a simulation that comes with an activation, and is needed where the policy in force
/// says so: of this rule set, over this log's own history up to an entry not long ago, and not failed.
struct RequiredSimulation {
    private static let pointer = "/simulation"
    private static let millisecondsPerDay: Int64 = 86_400_000

    private let digest: String
    private let log: EventLog
    private let policy: Policy.Activation
    /// The rule sets that are or were in force by then.
    private let known: [RuleSetInForce]
    private let now: Instant

    /// - Parameters:
    ///   - digest: the rule set that is to come into force.
    ///   - now: the ledger's present, by which a schedule may have come into force that the machine has not folded yet.
    init(of digest: String, log: EventLog, machine: Machine, at now: Instant) {
        self.digest = digest
        self.log = log
        self.now = now
        policy = machine.ruleSet(at: now)?.policy.activation ?? Policy.Activation()
        known = machine.ruleSets(at: now).ruleSets
    }

    /// - Throws: `invalidEvent` where a report is missing that is needed, or where one does not bear the activation out.
    func check(_ note: [UInt8]?) throws(Problem) {
        guard let note else {
            guard policy.needsSimulation else { return }
            throw problem(
                "the policy in force asks for the signed report of a simulation: `docket simulate --rules DIR -o FILE`, "
                    + "then `docket rules activate DIR --simulation FILE`")
        }
        let report: Document
        do { report = try Document.parse(try SimulationNote.open(note, of: log)) } catch {
            throw problem("the report is not a simulation that this ledger signed: \(error)")
        }
        try check(report.root)
    }

    private func check(_ report: View) throws(Problem) {
        guard report["ruleSet"]?.equals(digest) == true else {
            throw problem("the report is of rule set `\(report["ruleSet"]?.string ?? "none")`, not of `\(digest)`")
        }
        guard report["without"]?.count == 0, report["with"]?.count == 0 else {
            throw problem("the report leaves events out, or adds some: that is not the history that the ledger had")
        }
        if let failIf = report["failIf"], failIf["failed"]?.bool == true {
            throw problem("the simulation failed its condition: \(failIf["expression"]?.string ?? "")")
        }
        guard let from = report["from"]?.int, let to = report["to"]?.int, from >= 0, to > from else {
            throw problem("the report went through no entry")
        }
        try checkHistory(report, to: UInt64(to))
        guard to - from >= min(policy.entries, to) else {
            throw problem("the report derived \(to - from) entries; the policy in force asks for \(policy.entries)")
        }
    }

    /// Checks that the report went through this log's entries, and up to one not long ago.
    private func checkHistory(_ report: View, to: UInt64) throws(Problem) {
        let root: String?
        let last: Document?
        do throws(EventLogError) {
            root = to <= log.size ? try log.rootText(size: to) : nil
            last = root == nil ? nil : try log.entry(to - 1).flatMap { try? Document(adopting: $0) }
        } catch {
            throw Problem(.unavailable, "the log cannot be read: \(error)")
        }
        guard let root, report["root"]?.equals(root) == true, let last, let event = Event(last) else {
            throw problem(
                "the report is of another history: this log's first \(to) entries are not those that it names")
        }
        if let activated = known.map(\.activated).max(), activated.value >= to {
            throw problem("rules were activated since, by entry \(activated.value): simulate again")
        }
        // A scheduled one comes into force without an entry: only what was recorded since was decided by it.
        let scheduled = known.filter { $0.effectiveFrom != nil }.max { $0.since < $1.since }
        if let scheduled, event.recordedTime < scheduled.since {
            throw problem(
                "the rules that entry \(scheduled.activated.value) scheduled came into force at \(scheduled.since.text), "
                    + "after the last entry of the report: simulate again once they have decided something")
        }
        guard now.milliseconds - event.recordedTime.milliseconds <= policy.days * Self.millisecondsPerDay else {
            throw problem("the report ends at \(event.recordedTime.text), more than \(policy.days) days ago")
        }
    }

    private func problem(_ detail: String) -> Problem { Problem(.invalidEvent, detail, pointer: Self.pointer) }
}
