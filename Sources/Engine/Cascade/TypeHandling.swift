import AgentKit
import Rules

/// What the machine does with the entries of one type, worked out once for a rule set.
struct TypeHandling {
    /// The type after whose entry a person's key is destroyed.
    static let erasure = "erasure.completed"

    /// The number of the engine's own fold of the type.
    let engineFold: Int?
    let reaction: EngineReaction?
    let schedule: Schedule?
    /// The rules on the type; for the items of a schedule the entry names its one rule.
    let rules: RuleDispatch
    let isScheduleItem: Bool
    let isErasure: Bool
    let isOverride: Bool
    /// The members by which an entry of the type is one fact.
    let once: OnceKey?
    /// That an entry of the type may take back what the entry that it refuses has told of a fact.
    let isFreeing: Bool
    /// Whether entries of the type change tables that rule files declare.
    let isFoldedByRules: Bool
    /// Whether anybody reads the entry again: a reducer, a rule or the engine.
    let isRead: Bool

    init(_ type: EventType, in ruleSet: RuleSet, isFolded: Bool) {
        engineFold = EngineFold.number(of: type.name)
        reaction = EngineReaction(rawValue: type.name)
        schedule = Schedule(rawValue: type.name)
        rules = ruleSet.dispatch(on: type)
        isScheduleItem = type.name == ScheduleItem.type
        isErasure = type.name == Self.erasure
        isOverride = reaction == .overridden
        once = type.once
        isFreeing = type.isRefusal && ruleSet.hasRevocableFacts
        isFoldedByRules = ruleSet.folds(type)
        isRead =
            isFolded || isFoldedByRules || isFreeing || engineFold != nil || reaction != nil || !rules.all.isEmpty
    }
}
