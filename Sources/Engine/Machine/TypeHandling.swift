package import AgentKit
package import Rules

/// Treatment of the entries of one type, worked out once for a rule set.
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
    /// Indicates that an entry of the type may take back what the entry it refuses told of a fact.
    let isFreeing: Bool
    /// Indicates that entries of the type change tables that rule files declare.
    let isFoldedByRules: Bool
    /// Indicates that a reducer, a rule or the engine reads the entry.
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

/// Sees every rule as it is evaluated, with what it looked at.
package protocol RuleObserver: AnyObject {
    func evaluated(_ rule: CompiledRule, on event: Event, _ outcome: RuleOutcome, _ trace: RuleTrace)
}
