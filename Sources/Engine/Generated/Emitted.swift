// Written by `tools/generate` from the declarations of event types and `folds.yaml`; change those.
import AgentKit

/// The data of a `ledger.created` to record.
struct LedgerCreatedData: EventData {
    static let type = "ledger.created"
    var clock: String
    var format: Int64
    var origin: String
    var verifierKey: String

    func write(to writer: inout CanonicalWriter) {
        writer.beginObject()
        writer.key("clock")
        writer.string(clock)
        writer.key("format")
        writer.int(format)
        writer.key("origin")
        writer.string(origin)
        writer.key("verifierKey")
        writer.string(verifierKey)
        writer.endObject()
    }
}

/// The data of a `ruleset.file.added` to record.
struct RulesetFileAddedData: EventData {
    static let type = "ruleset.file.added"
    var content: String
    var digest: String
    var file: String
    var part: Int64
    var parts: Int64

    func write(to writer: inout CanonicalWriter) {
        writer.beginObject()
        writer.key("content")
        writer.string(content)
        writer.key("digest")
        writer.string(digest)
        writer.key("file")
        writer.string(file)
        writer.key("part")
        writer.int(part)
        writer.key("parts")
        writer.int(parts)
        writer.endObject()
    }
}

/// The data of a `ruleset.activated` to record.
struct RulesetActivatedData: EventData {
    static let type = "ruleset.activated"
    var backtest: String?
    var digest: String
    var effectiveFrom: Instant?
    var engine: Int64
    var files: [String: String]

    func write(to writer: inout CanonicalWriter) {
        writer.beginObject()
        if let backtest {
            writer.key("backtest")
            writer.string(backtest)
        }
        writer.key("digest")
        writer.string(digest)
        if let effectiveFrom {
            writer.key("effectiveFrom")
            writer.string(effectiveFrom.text)
        }
        writer.key("engine")
        writer.int(engine)
        writer.key("files")
        writer.beginObject()
        for (name, text) in files.sorted(by: { JCS.precedes($0.key, $1.key) }) {
            writer.key(name)
            writer.string(text)
        }
        writer.endObject()
        writer.endObject()
    }
}

/// The data of a `ruleset.schedule.cancelled` to record.
struct RulesetScheduleCancelledData: EventData {
    static let type = "ruleset.schedule.cancelled"
    var activated: String

    func write(to writer: inout CanonicalWriter) {
        writer.beginObject()
        writer.key("activated")
        writer.string(activated)
        writer.endObject()
    }
}

/// The data of a `timer.scheduled` to record.
struct TimerScheduledData: EventData {
    static let type = "timer.scheduled"
    var due: Instant
    var key: String
    var name: String

    func write(to writer: inout CanonicalWriter) {
        writer.beginObject()
        writer.key("due")
        writer.string(due.text)
        writer.key("key")
        writer.string(key)
        writer.key("name")
        writer.string(name)
        writer.endObject()
    }
}

/// The data of a `timer.cancelled` to record.
struct TimerCancelledData: EventData {
    static let type = "timer.cancelled"
    var key: String
    var name: String

    func write(to writer: inout CanonicalWriter) {
        writer.beginObject()
        writer.key("key")
        writer.string(key)
        writer.key("name")
        writer.string(name)
        writer.endObject()
    }
}

/// The data of a `timer.fired` to record.
struct TimerFiredData: EventData {
    static let type = "timer.fired"
    var agent: String
    var due: Instant
    var key: String
    var name: String

    func write(to writer: inout CanonicalWriter) {
        writer.beginObject()
        writer.key("agent")
        writer.string(agent)
        writer.key("due")
        writer.string(due.text)
        writer.key("key")
        writer.string(key)
        writer.key("name")
        writer.string(name)
        writer.endObject()
    }
}

/// The data of a `schedule.daily` to record.
struct ScheduleDailyData: EventData {
    static let type = "schedule.daily"
    var date: String
    var due: Instant

    func write(to writer: inout CanonicalWriter) {
        writer.beginObject()
        writer.key("date")
        writer.string(date)
        writer.key("due")
        writer.string(due.text)
        writer.endObject()
    }
}

/// The data of a `schedule.weekly` to record.
struct ScheduleWeeklyData: EventData {
    static let type = "schedule.weekly"
    var date: String
    var due: Instant

    func write(to writer: inout CanonicalWriter) {
        writer.beginObject()
        writer.key("date")
        writer.string(date)
        writer.key("due")
        writer.string(due.text)
        writer.endObject()
    }
}

/// The data of a `schedule.monthly` to record.
struct ScheduleMonthlyData: EventData {
    static let type = "schedule.monthly"
    var date: String
    var due: Instant

    func write(to writer: inout CanonicalWriter) {
        writer.beginObject()
        writer.key("date")
        writer.string(date)
        writer.key("due")
        writer.string(due.text)
        writer.endObject()
    }
}

/// The data of a `schedule.item` to record.
struct ScheduleItemData: EventData {
    static let type = "schedule.item"
    var agent: String
    var date: String
    var key: String
    var rule: String
    var schedule: String

    func write(to writer: inout CanonicalWriter) {
        writer.beginObject()
        writer.key("agent")
        writer.string(agent)
        writer.key("date")
        writer.string(date)
        writer.key("key")
        writer.string(key)
        writer.key("rule")
        writer.string(rule)
        writer.key("schedule")
        writer.string(schedule)
        writer.endObject()
    }
}

/// The data of a `agent.failed` to record.
struct AgentFailedData: EventData {
    static let type = "agent.failed"
    var agent: String
    var code: String
    var rule: String

    func write(to writer: inout CanonicalWriter) {
        writer.beginObject()
        writer.key("agent")
        writer.string(agent)
        writer.key("code")
        writer.string(code)
        writer.key("rule")
        writer.string(rule)
        writer.endObject()
    }
}

/// The data of a `decision.overruled` to record.
struct DecisionOverruledData: EventData {
    static let type = "decision.overruled"
    var agent: String
    var by: String
    var claim: String
    var data: [UInt8]
    var rule: String
    var type: String

    func write(to writer: inout CanonicalWriter) {
        writer.beginObject()
        writer.key("agent")
        writer.string(agent)
        writer.key("by")
        writer.string(by)
        writer.key("claim")
        writer.string(claim)
        writer.key("data")
        unsafe data.withUnsafeBytes { unsafe writer.raw($0) }
        writer.key("rule")
        writer.string(rule)
        writer.key("type")
        writer.string(type)
        writer.endObject()
    }
}

/// The data of a `conflict.raised` to record.
struct ConflictRaisedData: EventData {
    static let type = "conflict.raised"
    var claim: String
    var rules: [String]

    func write(to writer: inout CanonicalWriter) {
        writer.beginObject()
        writer.key("claim")
        writer.string(claim)
        writer.key("rules")
        writer.beginArray()
        for element in rules {
            writer.string(element)
        }
        writer.endArray()
        writer.endObject()
    }
}

/// The data of a `proposal.opened` to record.
struct ProposalOpenedData: EventData {
    static let type = "proposal.opened"
    var emit: [Emit]
    var need: Int64
    var of: [String]
    var proposalId: String
    var reference: String
    var rule: String
    var until: Instant

    func write(to writer: inout CanonicalWriter) {
        writer.beginObject()
        writer.key("emit")
        writer.beginArray()
        for element in emit {
            element.write(to: &writer)
        }
        writer.endArray()
        writer.key("need")
        writer.int(need)
        writer.key("of")
        writer.beginArray()
        for element in of {
            writer.string(element)
        }
        writer.endArray()
        writer.key("proposalId")
        writer.string(proposalId)
        writer.key("reference")
        writer.string(reference)
        writer.key("rule")
        writer.string(rule)
        writer.key("until")
        writer.string(until.text)
        writer.endObject()
    }

    /// An element of `emit`.
    struct Emit {
        var data: [UInt8]
        var subject: String?
        var type: String

        func write(to writer: inout CanonicalWriter) {
            writer.beginObject()
            writer.key("data")
            unsafe data.withUnsafeBytes { unsafe writer.raw($0) }
            if let subject {
                writer.key("subject")
                writer.string(subject)
            }
            writer.key("type")
            writer.string(type)
            writer.endObject()
        }
    }
}

/// The data of a `proposal.approved` to record.
struct ProposalApprovedData: EventData {
    static let type = "proposal.approved"
    var approvals: Int64
    var proposalId: String
    var reference: String

    func write(to writer: inout CanonicalWriter) {
        writer.beginObject()
        writer.key("approvals")
        writer.int(approvals)
        writer.key("proposalId")
        writer.string(proposalId)
        writer.key("reference")
        writer.string(reference)
        writer.endObject()
    }
}

/// The data of a `proposal.rejected` to record.
struct ProposalRejectedData: EventData {
    static let type = "proposal.rejected"
    var proposalId: String
    var reference: String
    var rejections: Int64

    func write(to writer: inout CanonicalWriter) {
        writer.beginObject()
        writer.key("proposalId")
        writer.string(proposalId)
        writer.key("reference")
        writer.string(reference)
        writer.key("rejections")
        writer.int(rejections)
        writer.endObject()
    }
}

/// The data of a `proposal.expired` to record.
struct ProposalExpiredData: EventData {
    static let type = "proposal.expired"
    var proposalId: String
    var reference: String

    func write(to writer: inout CanonicalWriter) {
        writer.beginObject()
        writer.key("proposalId")
        writer.string(proposalId)
        writer.key("reference")
        writer.string(reference)
        writer.endObject()
    }
}

/// The data of a `override.pending` to record.
struct OverridePendingData: EventData {
    static let type = "override.pending"
    var amounts: [UInt8]
    var by: String
    var override: String
    var until: Instant

    func write(to writer: inout CanonicalWriter) {
        writer.beginObject()
        writer.key("amounts")
        unsafe amounts.withUnsafeBytes { unsafe writer.raw($0) }
        writer.key("by")
        writer.string(by)
        writer.key("override")
        writer.string(override)
        writer.key("until")
        writer.string(until.text)
        writer.endObject()
    }
}

/// The data of a `override.refused` to record.
struct OverrideRefusedData: EventData {
    static let type = "override.refused"
    var override: String
    var reason: String

    func write(to writer: inout CanonicalWriter) {
        writer.beginObject()
        writer.key("override")
        writer.string(override)
        writer.key("reason")
        writer.string(reason)
        writer.endObject()
    }
}

/// The data of a `personal.revealed` to record.
struct PersonalRevealedData: EventData {
    static let type = "personal.revealed"
    var by: String
    var sequence: String

    func write(to writer: inout CanonicalWriter) {
        writer.beginObject()
        writer.key("by")
        writer.string(by)
        writer.key("sequence")
        writer.string(sequence)
        writer.endObject()
    }
}

/// The data of a `deadletter.added` to record.
struct DeadletterAddedData: EventData {
    static let type = "deadletter.added"
    var reason: String
    var sequence: String

    func write(to writer: inout CanonicalWriter) {
        writer.beginObject()
        writer.key("reason")
        writer.string(reason)
        writer.key("sequence")
        writer.string(sequence)
        writer.endObject()
    }
}

/// The data of a `trigger.repeated` to record.
struct TriggerRepeatedData: EventData {
    static let type = "trigger.repeated"
    var first: String
    var key: [String]
    var type: String

    func write(to writer: inout CanonicalWriter) {
        writer.beginObject()
        writer.key("first")
        writer.string(first)
        writer.key("key")
        writer.beginArray()
        for element in key {
            writer.string(element)
        }
        writer.endArray()
        writer.key("type")
        writer.string(type)
        writer.endObject()
    }
}

/// The data of a `trigger.contradicted` to record.
struct TriggerContradictedData: EventData {
    static let type = "trigger.contradicted"
    var first: String
    var key: [String]
    var type: String

    func write(to writer: inout CanonicalWriter) {
        writer.beginObject()
        writer.key("first")
        writer.string(first)
        writer.key("key")
        writer.beginArray()
        for element in key {
            writer.string(element)
        }
        writer.endArray()
        writer.key("type")
        writer.string(type)
        writer.endObject()
    }
}

/// The data of a `alert.raised` to record.
struct AlertRaisedData: EventData {
    static let type = "alert.raised"
    var alertId: String
    var reference: String?
    var severity: String
    var what: String

    func write(to writer: inout CanonicalWriter) {
        writer.beginObject()
        writer.key("alertId")
        writer.string(alertId)
        if let reference {
            writer.key("reference")
            writer.string(reference)
        }
        writer.key("severity")
        writer.string(severity)
        writer.key("what")
        writer.string(what)
        writer.endObject()
    }
}
