import AgentKit
import Engine
package import EventLog
package import JSON
package import Rules

/// What a shadow decided otherwise so far.
package struct ShadowFindings: Sendable {
    /// Differences listed: the newest.
    package static let lastMax = 100

    /// The decisions of one rule that differ, by their type.
    package struct RuleCounts: Sendable, Hashable {
        package let rule: String
        package let type: String
        package var lost = 0
        package var gained = 0
        package var changed = 0
    }

    /// The digest of the shadow's rule set.
    package let digest: String
    /// The first entry that it derived, and the number of entries that it has gone through.
    package internal(set) var from: UInt64 = 0
    package internal(set) var to: UInt64 = 0
    /// In byte order of rule and type.
    package internal(set) var rules: [RuleCounts] = []
    package internal(set) var notAdmitted = 0
    package internal(set) var lostFirings = 0
    package internal(set) var gainedFirings = 0
    /// The newest differences, the oldest of them first, each as `SimulationReport` writes one.
    package internal(set) var last: [[UInt8]] = []

    package init(digest: String) { self.digest = digest }

    package var lost: Int { rules.reduce(0) { $0 + $1.lost } }
    package var gained: Int { rules.reduce(0) { $0 + $1.gained } }
    package var changed: Int { rules.reduce(0) { $0 + $1.changed } }

    /// Writes `{changed, differences, digest, entries, failure, firings, from, gained, lag, lost, notAdmitted, rules}`;
    /// `entries` is the number gone through, `lag` that of those still to come.
    /// - Parameters:
    ///   - failure: the reason why it went no further; nil while it runs.
    ///   - size: the number of entries of the log.
    package func write(to writer: inout CanonicalWriter, failure: String?, size: UInt64) {
        writer.beginObject()
        writer.key("changed")
        writer.int(Int64(changed))
        writer.key("differences")
        writer.list(last) { bytes, writer in unsafe bytes.withUnsafeBytes { unsafe writer.raw($0) } }
        writer.key("digest")
        writer.string(digest)
        writer.key("entries")
        writer.int(Int64(clamping: to))
        writer.key("failure")
        if let failure { writer.string(failure) } else { writer.null() }
        writer.key("firings")
        writer.beginObject()
        writer.key("gained")
        writer.int(Int64(gainedFirings))
        writer.key("lost")
        writer.int(Int64(lostFirings))
        writer.endObject()
        writer.key("from")
        writer.int(Int64(clamping: from))
        writer.key("gained")
        writer.int(Int64(gained))
        writer.key("lag")
        writer.int(Int64(clamping: size - min(size, to)))
        writer.key("lost")
        writer.int(Int64(lost))
        writer.key("notAdmitted")
        writer.int(Int64(notAdmitted))
        writer.key("rules")
        writer.list(rules) { item, writer in
            writer.beginObject()
            writer.key("changed")
            writer.int(Int64(item.changed))
            writer.key("gained")
            writer.int(Int64(item.gained))
            writer.key("lost")
            writer.int(Int64(item.lost))
            writer.key("rule")
            writer.string(item.rule)
            writer.key("type")
            writer.string(item.type)
            writer.endObject()
        }
        writer.endObject()
    }
}

/// A simulation of other rules that begins at the present end of a log and follows it. It appends nothing to the log.
/// Differences are final once their triggers lie so far behind that nothing answers them any more. One thread uses it.
package final class ShadowRun {
    /// Entries behind which a trigger is settled.
    private static let reach: UInt64 = 2048

    private let simulation: Simulation
    private let source: SimulationSource
    /// What is settled.
    private var settled: ShadowFindings
    private var settledRules: [RuleType: ShadowFindings.RuleCounts] = [:]
    /// What was found so far, what may still change included.
    package private(set) var findings: ShadowFindings

    private struct RuleType: Hashable {
        let rule: String
        let type: String
    }

    /// Folds the log up to its end, and puts the rules in force behind it.
    /// - Parameter isAbandoned: polled while it runs; true ends it with an error.
    /// - Throws: as `Simulation.init`.
    package init(_ log: EventLog, rules: [RuleFile], isAbandoned: @escaping () -> Bool) throws {
        var request = SimulationRequest()
        request.rules = rules
        request.fromEnd = true
        simulation = try Simulation(log, request, isThreaded: false, isAbandoned: isAbandoned)
        source = simulation.source
        settled = ShadowFindings(digest: simulation.world.machine.ruleSet?.digest ?? "")
        (settled.from, settled.to) = (simulation.from, simulation.from)
        findings = settled
    }

    /// Derives what the log has since the last call.
    /// - Returns: false where that is nothing.
    /// - Throws: as `Simulation.advance`.
    package func advance() throws -> Bool {
        let before = simulation.position
        try simulation.advance()
        guard simulation.position > before else { return false }
        let (found, isSettled) = try simulation.differences(reach: Self.reach)
        var open: [FoundDifference] = []
        for difference in found.list {
            if isSettled(difference.origin) {
                note(difference, found, in: &settled, &settledRules)
            } else {
                open.append(difference)
            }
        }
        settled.to = simulation.position
        settled.notAdmitted = found.notAdmittedCount
        (settled.lostFirings, settled.gainedFirings) = (found.lostFirings, found.gainedFirings)
        var current = settled
        var rules = settledRules
        for difference in open { note(difference, found, in: &current, &rules) }
        current.rules = rules.values.sorted {
            ($0.rule, $0.type) < ($1.rule, $1.type)
        }
        try source.entries.check()
        findings = current
        return true
    }

    private func note(
        _ difference: FoundDifference, _ found: FoundDifferences, in findings: inout ShadowFindings,
        _ rules: inout [RuleType: ShadowFindings.RuleCounts]
    ) {
        let shown = SimulationReport.Difference(difference, source)
        let entry = (shown.recorded ?? shown.simulated)?.root
        let key = RuleType(rule: entry?.text("rule") ?? "", type: found.types[difference.type])
        var counts = rules[key] ?? ShadowFindings.RuleCounts(rule: key.rule, type: key.type)
        switch difference.kind {
        case .lost: counts.lost += 1
        case .gained: counts.gained += 1
        case .changed, .reason: counts.changed += 1
        }
        rules[key] = counts
        var writer = CanonicalWriter(capacity: 1024)
        shown.write(to: &writer)
        findings.last.append(writer.bytes)
        if findings.last.count > ShadowFindings.lastMax { findings.last.removeFirst() }
    }
}
