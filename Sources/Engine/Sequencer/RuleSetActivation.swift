package import AgentKit
package import Rules

/// Rules to put in force: files, or the digest of a set that the log holds already.
package struct ActivationRequest: Sendable {
    package enum Source: Sendable {
        case files([RuleFile])
        case recorded(digest: String)
    }

    package let source: Source
    package let principal: String
    /// From when it is in force; nil is at once.
    package let effectiveFrom: Instant?

    package init(_ source: Source, principal: String, effectiveFrom: Instant? = nil) {
        self.source = source
        self.principal = principal
        self.effectiveFrom = effectiveFrom
    }
}

/// A rule set that was put in force, or will be.
package struct RuleSetActivation: Sendable {
    package let digest: String
    /// The `ruleset.activated` entry, also where it stood already; nil where the set was in force already.
    package let sequence: EntrySequence?
    package let effectiveFrom: Instant?
    /// The signed note that covers it; nil where nothing was appended.
    package let checkpoint: String?
    /// The schedules that stand now.
    package let schedules: [RuleSetSchedule]
}

/// A schedule that was taken back.
package struct RuleSetCancellation: Sendable {
    package let schedule: RuleSetSchedule
    /// The `ruleset.schedule.cancelled` entry.
    package let sequence: EntrySequence
    /// The signed note that covers it.
    package let checkpoint: String
    /// The schedules that stand now.
    package let schedules: [RuleSetSchedule]
}
