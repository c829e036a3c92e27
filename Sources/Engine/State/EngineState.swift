import AgentKit

/// A timer that is set: one a (agent, name, key).
struct TimerRow: Row {
    var agent = ""
    var timer = ""
    var key = ""
    var due = Instant(milliseconds: 0)
    /// The `timer.scheduled` entry that set it.
    var scheduled = EntrySequence(0)

    static let name = "timer"
    static let fields: RowFields<TimerRow> = [
        .init("agent", \.agent), .init("name", \.timer), .init("key", \.key), .init("due", \.due),
        .init("scheduled", \.scheduled),
    ]

    static func key(agent: String, name: String, key: String) -> String { agent + "/" + name + "/" + key }
}

/// The timer due at one place of the order of (due, sequence of scheduling).
struct DueRow: Row {
    var timer = ""
    static let name = "due"
    static let fields: RowFields<DueRow> = [.init("timer", \.timer)]
}

/// The last entry of one subject.
struct SubjectRow: Row {
    var last = EntrySequence(0)
    static let name = "subject"
    static let fields: RowFields<SubjectRow> = [.init("last", \.last)]
}

/// A registered principal with its key and roles.
struct PrincipalRow: Row {
    var principal = ""
    var key = ""
    var roles: [String] = []
    var previousKey: String?
    var previousUntil: Instant?
    static let name = "principal"
    static let fields: RowFields<PrincipalRow> = [
        .init("principal", \.principal), .init("key", \.key), .init("roles", \.roles),
        .init("previousKey", \.previousKey), .init("previousUntil", \.previousUntil),
    ]
}

/// A trigger whose cascade was given up.
struct DeadLetterRow: Row {
    var sequence = EntrySequence(0)
    var reason = ""
    var added = Instant(milliseconds: 0)
    static let name = "deadLetter"
    static let fields: RowFields<DeadLetterRow> = [
        .init("sequence", \.sequence), .init("reason", \.reason), .init("added", \.added),
    ]
}

/// A row of work that a schedule left to be done: `schedule.item` will carry it.
struct ScheduleItemRow: Row {
    var schedule = ""
    var agent = ""
    var rule = ""
    var key = ""
    var date = ""
    var cause = EntrySequence(0)
    static let name = "scheduleItem"
    static let fields: RowFields<ScheduleItemRow> = [
        .init("schedule", \.schedule), .init("agent", \.agent), .init("rule", \.rule), .init("key", \.key),
        .init("date", \.date), .init("cause", \.cause),
    ]
}

/// The entry that holds the key of a fact that happens once.
struct OnceRow: Row {
    var first = EntrySequence(0)
    static let name = "onceKey"
    static let fields: RowFields<OnceRow> = [.init("first", \.first)]
}

/// Changes that later entries made to a fact whose type declares `changes`.
struct FactRow: Row {
    /// The entry that changed it last; the engine's first where that is not known or was refused.
    var last = EntrySequence(0)
    /// By `changes` of the type: the entry that tells the member's value now; empty where none has.
    var stated: [String] = []
    /// The same without the last change.
    var before: [String] = []
    /// Returns true if no later entry changed what the first one told.
    func isAsTold(by first: EntrySequence) -> Bool { stated.allSatisfy { $0.isEmpty || $0 == first.padded } }

    static let name = "fact"
    static let fields: RowFields<FactRow> = [
        .init("last", \.last), .init("stated", \.stated), .init("before", \.before),
    ]
}

/// The engine's own memory between entries: one row.
struct EngineRow: Row {
    var origin = ""
    var genesis = Instant(milliseconds: 0)
    var ruleSet = ""
    /// The due times of the schedules that fired last.
    var lastDaily: Instant?
    var lastWeekly: Instant?
    var lastMonthly: Instant?
    static let name = "engine"
    static let fields: RowFields<EngineRow> = [
        .init("origin", \.origin), .init("genesis", \.genesis), .init("ruleSet", \.ruleSet),
        .init("lastDaily", \.lastDaily), .init("lastWeekly", \.lastWeekly), .init("lastMonthly", \.lastMonthly),
    ]
}

/// Count of one agent's decisions.
struct AgentRow: Row {
    /// The entries its rules gave: decisions, and timers set and taken back.
    var decisions: Int64 = 0
    /// Rules that failed and had nothing to stand in for them.
    var failures: Int64 = 0
    static let name = "agent"
    static let fields: RowFields<AgentRow> = [
        .init("decisions", \.decisions), .init("failures", \.failures),
    ]
}

/// The engine's own projections.
final class EngineState {
    /// The key of the one row of `engine`.
    static let only = "engine"
    /// Rules that run over the rows of a projection on one schedule, at most.
    static let rulesOverRowsMax = 1000

    let timers: Table<TimerRow>
    let due: Table<DueRow>
    let ruleFiles: Table<RuleFileRow>
    let ruleSets: Table<RuleSetRow>
    let ruleSetSchedules: Table<RuleSetScheduleRow>
    let subjects: Table<SubjectRow>
    let principals: Table<PrincipalRow>
    let deadLetters: Table<DeadLetterRow>
    let scheduleItems: Table<ScheduleItemRow>
    let proposals: Table<ProposalRow>
    let engine: Table<EngineRow>
    /// By type and key: which entry a later one of the same fact repeats or contradicts.
    let onceKeys: Table<OnceRow>
    /// By the same keys.
    let facts: Table<FactRow>
    /// Counts of each agent's decisions, for reports.
    let agents: Table<AgentRow>
    /// The corrections of administrators, the newest first.
    let overrides: Table<OverrideRow>
    /// The tables that rule files declare.
    let ruleTables: Table<RuleTableRow>
    /// No rule set comes into force before this time; `earliest` where that must be looked for.
    var nextRuleSetFrom = Instant.earliest
    /// The next timers in memory, in order.
    var upcoming = UpcomingTimers()
    /// The rows of schedules that wait for their item.
    var waitingItems = WaitingItems()

    init(in tables: TableSet) {
        timers = tables.table("timers", isProjection: false)
        due = tables.table("timersDue", isProjection: false)
        ruleFiles = tables.table("ruleFiles", isProjection: false)
        ruleSets = tables.table("ruleSets", isProjection: false)
        ruleSetSchedules = tables.table("ruleSetSchedules", isProjection: false)
        subjects = tables.table("subjects", isProjection: false)
        principals = tables.table("principals")
        deadLetters = tables.table("deadLetters", isProjection: false)
        scheduleItems = tables.table("scheduleItems", isProjection: false)
        proposals = tables.table("proposals", isProjection: false)
        engine = tables.table("engine", isProjection: false)
        onceKeys = tables.table("onceKeys", isProjection: false)
        facts = tables.table("changedFacts", isProjection: false)
        agents = tables.table("agents")
        overrides = tables.table("corrections", isProjection: false)
        ruleTables = tables.table("ruleTables", isProjection: false)
    }
}
