// Written by `tools/generate` from the declarations of event types and `folds.yaml`; change those.
import AgentKit

/// The events that the reducer folds.
enum EngineFold: EventFold {
    case adminOverrideApproved(AdminOverrideApproved)
    case agentFailed(AgentFailed)
    case deadletterAdded(DeadletterAdded)
    case deadletterRetried(DeadletterRetried)
    case ledgerCreated(LedgerCreated)
    case overridePending(OverridePending)
    case overrideRefused(OverrideRefused)
    case principalRegistered(PrincipalRegistered)
    case principalRotated(PrincipalRotated)
    case proposalApproved(ProposalApproved)
    case proposalExpired(ProposalExpired)
    case proposalOpened(ProposalOpened)
    case proposalRejected(ProposalRejected)
    case rulesetActivated(RulesetActivated)
    case rulesetFileAdded(RulesetFileAdded)
    case rulesetScheduleCancelled(RulesetScheduleCancelled)
    case scheduleDaily(ScheduleDaily)
    case scheduleItem(ScheduleItem)
    case scheduleMonthly(ScheduleMonthly)
    case scheduleWeekly(ScheduleWeekly)
    case timerCancelled(TimerCancelled)
    case timerFired(TimerFired)
    case timerScheduled(TimerScheduled)
    case voteCast(VoteCast)

    init(_ number: Int, _ data: View) {
        switch number {
        case 0: self = .adminOverrideApproved(AdminOverrideApproved(data))
        case 1: self = .agentFailed(AgentFailed(data))
        case 2: self = .deadletterAdded(DeadletterAdded(data))
        case 3: self = .deadletterRetried(DeadletterRetried(data))
        case 4: self = .ledgerCreated(LedgerCreated(data))
        case 5: self = .overridePending(OverridePending(data))
        case 6: self = .overrideRefused(OverrideRefused(data))
        case 7: self = .principalRegistered(PrincipalRegistered(data))
        case 8: self = .principalRotated(PrincipalRotated(data))
        case 9: self = .proposalApproved(ProposalApproved(data))
        case 10: self = .proposalExpired(ProposalExpired(data))
        case 11: self = .proposalOpened(ProposalOpened(data))
        case 12: self = .proposalRejected(ProposalRejected(data))
        case 13: self = .rulesetActivated(RulesetActivated(data))
        case 14: self = .rulesetFileAdded(RulesetFileAdded(data))
        case 15: self = .rulesetScheduleCancelled(RulesetScheduleCancelled(data))
        case 16: self = .scheduleDaily(ScheduleDaily(data))
        case 17: self = .scheduleItem(ScheduleItem(data))
        case 18: self = .scheduleMonthly(ScheduleMonthly(data))
        case 19: self = .scheduleWeekly(ScheduleWeekly(data))
        case 20: self = .timerCancelled(TimerCancelled(data))
        case 21: self = .timerFired(TimerFired(data))
        case 22: self = .timerScheduled(TimerScheduled(data))
        case 23: self = .voteCast(VoteCast(data))
        default: preconditionFailure("no fold of number \(number)")
        }
    }

    static let readings: [EventReading] = [
        EventReading("admin.override.approved", [.init("override", .text)]),
        EventReading("agent.failed", [.init("agent", .text)]),
        EventReading("deadletter.added", [.init("sequence", .text), .init("reason", .text)]),
        EventReading("deadletter.retried", [.init("sequence", .text)]),
        EventReading("ledger.created", [.init("origin", .text)]),
        EventReading("override.pending", [.init("override", .text)]),
        EventReading("override.refused", [.init("override", .text), .init("reason", .text)]),
        EventReading("principal.registered", [.init("principal", .text), .init("key", .text), .init("roles", .texts)]),
        EventReading(
            "principal.rotated",
            [
                .init("principal", .text),
                .init("key", .text),
                .init("previousUntil", .moment),
            ]),
        EventReading("proposal.approved", [.init("proposalId", .text)]),
        EventReading("proposal.expired", [.init("proposalId", .text)]),
        EventReading(
            "proposal.opened",
            [
                .init("proposalId", .text),
                .init("reference", .text),
                .init("rule", .text),
                .init("of", .texts),
                .init("need", .integer),
                .init("emit", .records),
                .init("emit[].data", .map),
                .init("emit[].subject", .text, isOptional: true),
                .init("emit[].type", .text),
            ]),
        EventReading("proposal.rejected", [.init("proposalId", .text)]),
        EventReading(
            "ruleset.activated",
            [
                .init("digest", .text),
                .init("files", .map),
                .init("effectiveFrom", .moment, isOptional: true),
            ]),
        EventReading("ruleset.file.added", [.init("digest", .text), .init("file", .text), .init("content", .text)]),
        EventReading("ruleset.schedule.cancelled", [.init("activated", .text)]),
        EventReading("schedule.daily", [.init("due", .moment), .init("date", .text)]),
        EventReading(
            "schedule.item",
            [
                .init("schedule", .text),
                .init("agent", .text),
                .init("rule", .text),
                .init("key", .text),
                .init("date", .text),
            ]),
        EventReading("schedule.monthly", [.init("due", .moment), .init("date", .text)]),
        EventReading("schedule.weekly", [.init("due", .moment), .init("date", .text)]),
        EventReading("timer.cancelled", [.init("name", .text), .init("key", .text)]),
        EventReading("timer.fired", [.init("agent", .text), .init("name", .text), .init("key", .text)]),
        EventReading("timer.scheduled", [.init("name", .text), .init("key", .text), .init("due", .moment)]),
        EventReading("vote.cast", [.init("proposalId", .text), .init("agent", .text), .init("approve", .flag)]),
    ]

    static let otherReadings: [EventReading] = [
        EventReading(
            "admin.override",
            [
                .init("emit", .records),
                .init("emit[].data", .map),
                .init("emit[].subject", .text, isOptional: true),
                .init("emit[].type", .text),
            ]),
        EventReading(
            "transfer.requested",
            [
                .init("transfers", .records),
                .init("transfers[].amount", .integer),
                .init("transfers[].pendingId", .text, isOptional: true),
            ]),
    ]
}
