package import AgentKit
import Rules

/// A rule set that an activation named a time for.
package struct RuleSetSchedule: Sendable, Equatable {
    package enum Status: String, RowValue, CaseIterable, Sendable {
        case scheduled
        case cameIntoForce = "came-into-force"
        case cancelled
    }

    /// The `ruleset.activated` entry.
    package let activated: EntrySequence
    package let digest: String
    package let effectiveFrom: Instant
    package let status: Status

    init(_ row: RuleSetScheduleRow) {
        activated = row.activated
        digest = row.digest
        effectiveFrom = row.from
        status = row.status
    }
}

/// A rule set that is or was in force.
package struct RuleSetInForce: Sendable, Equatable {
    package let digest: String
    /// The `ruleset.activated` entry that put it in force last.
    package let activated: EntrySequence
    package let since: Instant
    /// The time that its activation named, where it named one ahead.
    package let effectiveFrom: Instant?
}

/// The rule sets of a ledger at one time.
package struct RuleSetOverview: Sendable {
    /// Every one that is or was in force, oldest activation first.
    package internal(set) var ruleSets: [RuleSetInForce] = []
    /// The digest of the one in force.
    package internal(set) var active: String?
    /// Every activation that named a time, in the order of these times.
    package internal(set) var schedules: [RuleSetSchedule] = []

    /// The schedules that stand.
    package var standing: [RuleSetSchedule] { schedules.filter { $0.status == .scheduled } }
}

extension Machine {
    /// The rule sets as of a time that is not before the clock: what comes into force by then counts as in force.
    package func ruleSets(at time: Instant? = nil) -> RuleSetOverview {
        var overview = RuleSetOverview()
        overview.active = activeRuleSet
        var inForce: [String: RuleSetInForce] = [:]
        state.engine.ruleSets.forEachKey { key in
            guard let row = state.engine.ruleSets[key], let activated = row.activated, let since = row.since else {
                return true
            }
            inForce[key] = RuleSetInForce(
                digest: row.digest, activated: activated, since: since, effectiveFrom: row.effectiveFrom)
            return true
        }
        for var row in state.engine.allSchedules() {
            if row.status == .scheduled, row.from <= time ?? clock {
                row.status = .cameIntoForce
                overview.active = row.digest
                inForce[row.digest] = RuleSetInForce(
                    digest: row.digest, activated: row.activated, since: row.from, effectiveFrom: row.from)
            }
            overview.schedules.append(RuleSetSchedule(row))
        }
        overview.ruleSets = inForce.values.sorted { $0.activated < $1.activated }
        return overview
    }

    /// The rule sets as of now.
    package var ruleSetsNow: RuleSetOverview { ruleSets(at: present(SystemTime.now)) }

    /// Every rule set that is or was in force, oldest activation first.
    package var ruleSetHistory: [RuleSetInForce] { ruleSets().ruleSets }

    /// The ledger's present: its clock, or the system's where it goes by that.
    package func present(_ now: Instant) -> Instant { settings.clock == .system ? max(clock, now) : clock }
}

/// A rule set that the ingress must know, and from when.
struct RuleSetAtIngress: Equatable {
    let digest: String
    /// Nil for the one in force.
    let from: Instant?
}

extension Machine {
    /// The rule set in force and those that are scheduled, in order.
    var ruleSetsAtIngress: [RuleSetAtIngress] {
        [RuleSetAtIngress(digest: ruleSet?.digest ?? "", from: nil)]
            + state.engine.standingSchedules().map { RuleSetAtIngress(digest: $0.digest, from: $0.from) }
    }
}
