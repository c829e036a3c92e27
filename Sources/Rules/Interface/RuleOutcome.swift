/// What a rule makes of an event.
package enum RuleOutcome: Sendable {
    /// `when` does not hold and there is no `otherwise`.
    case silent
    case decided(Decisions)
    /// The rule failed with a code of the log. `onError` is what stands in for its decisions, evaluated already; nil
    /// where the rule has none or that failed too.
    case failed(code: RuleFailure.Code, onError: [Emission]?)
}
