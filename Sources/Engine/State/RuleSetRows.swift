import AgentKit
import Rules

/// One file of a rule set as the log holds it.
struct RuleFileRow: Row {
    var file = ""
    /// The `ruleset.file.added` entries that hold its parts, in order.
    var parts: [EntrySequence] = []
    static let name = "ruleFile"
    static let fields: RowFields<RuleFileRow> = [.init("file", \.file), .init("parts", \.parts)]
}

/// A rule set whose files the log holds.
struct RuleSetRow: Row {
    var digest = ""
    var files: [String: String] = [:]
    /// The `ruleset.activated` entry that put it in force last; nil where it never was.
    var activated: EntrySequence?
    /// Since when it was in force then.
    var since: Instant?
    /// The time that its activation named, where it named one ahead.
    var effectiveFrom: Instant?
    static let name = "ruleSet"
    static let fields: RowFields<RuleSetRow> = [
        .init("digest", \.digest), .init("files", \.files), .init("activated", \.activated), .init("since", \.since),
        .init("effectiveFrom", \.effectiveFrom),
    ]
}

/// An activation that named a time ahead.
struct RuleSetScheduleRow: Row {
    var digest = ""
    var from = Instant(milliseconds: 0)
    var activated = EntrySequence(0)
    var status = RuleSetSchedule.Status.scheduled
    static let name = "ruleSetSchedule"
    static let fields: RowFields<RuleSetScheduleRow> = [
        .init("digest", \.digest), .init("from", \.from), .init("activated", \.activated), .init("status", \.status),
    ]
}

extension EngineState {
    /// The schedules that stand, in the order in which they come into force.
    func standingSchedules() -> [RuleSetScheduleRow] {
        if nextRuleSetFrom == .latest { return [] }
        let rows = allSchedules { $0.status == .scheduled }
        nextRuleSetFrom = rows.first?.from ?? .latest
        return rows
    }

    /// The schedules that `isIncluded` takes, in order of (time, sequence).
    func allSchedules(_ isIncluded: (RuleSetScheduleRow) -> Bool = { _ in true }) -> [RuleSetScheduleRow] {
        var rows: [RuleSetScheduleRow] = []
        ruleSetSchedules.forEachKey { key in
            if let row = ruleSetSchedules[key], isIncluded(row) { rows.append(row) }
            return true
        }
        return rows.sorted { ($0.from, $0.activated) < ($1.from, $1.activated) }
    }

    /// Folds an activation: in force at once, or noted for the time that it names.
    func activate(_ event: RulesetActivated, _ entry: Event) {
        var files: [String: String] = [:]
        event.files?.forEachMember { name, digest in files[name] = digest.string ?? "" }
        let digest = event.digest
        ruleSets.upsert(digest) {
            $0.digest = digest
            $0.files = files
        }
        if let from = event.effectiveFrom, from > entry.recordedTime {
            nextRuleSetFrom = .earliest
            ruleSetSchedules[entry.sequence.padded] = RuleSetScheduleRow(
                digest: digest, from: from, activated: entry.sequence)
        } else {
            putInForce(digest, by: entry.sequence, since: entry.recordedTime, effectiveFrom: nil)
        }
    }

    /// Puts the rule set of a schedule in force.
    func putInForce(_ schedule: RuleSetScheduleRow) {
        nextRuleSetFrom = .earliest
        ruleSetSchedules.update(schedule.activated.padded) { $0.status = .cameIntoForce }
        putInForce(schedule.digest, by: schedule.activated, since: schedule.from, effectiveFrom: schedule.from)
    }

    private func putInForce(_ digest: String, by sequence: EntrySequence, since: Instant, effectiveFrom: Instant?) {
        ruleSets.update(digest) {
            $0.activated = sequence
            $0.since = since
            $0.effectiveFrom = effectiveFrom
        }
        engine.upsert(Self.only) { $0.ruleSet = digest }
    }

    /// Folds the end of a schedule that has not come into force.
    func cancelSchedule(_ event: RulesetScheduleCancelled) {
        nextRuleSetFrom = .earliest
        ruleSetSchedules.update(event.activated) {
            if $0.status == .scheduled { $0.status = .cancelled }
        }
    }
}

/// A table that a rule file declares or once declared, by its name.
struct RuleTableRow: Row {
    /// Number under which its rows are stored; a table that goes and comes back has another.
    var number: Int64 = 0
    /// The last number that the table took: none is ever given again.
    var last: Int64 = 0
    /// Indicates that the rule set in force declares it.
    var isKept = false
    var key = ""
    /// As `TableShape` has them.
    var members: [String: String] = [:]
    /// The number of each index by its member.
    var indexes: [String: Int64] = [:]

    static let name = "ruleTable"
    static let fields: RowFields<RuleTableRow> = [
        .init("number", \.number), .init("last", \.last), .init("isKept", \.isKept), .init("key", \.key),
        .init("members", \.members), .init("indexes", \.indexes),
    ]

    var shape: TableShape { TableShape(key: key, members: members) }
}
