package import AgentKit

/// Everything one rule decided on one event, in the order in which it is appended: emissions, timers, cancels.
package struct Decisions: Sendable {
    /// The rule's reason, at most 1,024 bytes.
    package var because: String?
    package var emissions: [Emission] = []
    package var timers: [TimerRequest] = []
    package var cancels: [TimerName] = []
    /// The resources the rule claims.
    package var claims: [String] = []
    /// Set where the emissions are to be held until a vote.
    package var quorum: QuorumRequest?
    /// Whether `otherwise` stands in because `when` did not hold.
    package var isOtherwise = false

    package init() {}
}

/// One decision to append.
package struct Emission: Sendable {
    package let type: EventType
    /// What the rule says; nil leaves the trigger's.
    package let subject: String?
    /// RFC 8785 canonical JSON that fits the declared type.
    package let data: [UInt8]

    package init(type: EventType, subject: String?, data: [UInt8]) {
        self.type = type
        self.subject = subject
        self.data = data
    }
}

/// A timer of the rule's agent by name and key.
package struct TimerName: Sendable, Hashable {
    package let name: String
    package let key: String

    package init(name: String, key: String) {
        self.name = name
        self.key = key
    }
}

/// A timer to schedule; it replaces one of the same name and key.
package struct TimerRequest: Sendable, Hashable {
    package let timer: TimerName
    package let due: Instant

    package init(timer: TimerName, due: Instant) {
        self.timer = timer
        self.due = due
    }
}

/// The vote on which a rule's emissions wait.
package struct QuorumRequest: Sendable, Hashable {
    /// The agents that may vote.
    package let of: [String]
    /// The approvals needed.
    package let need: Int
    package let withinMilliseconds: Int64
    package let reference: String

    package init(of: [String], need: Int, withinMilliseconds: Int64, reference: String) {
        self.of = of
        self.need = need
        self.withinMilliseconds = withinMilliseconds
        self.reference = reference
    }
}
