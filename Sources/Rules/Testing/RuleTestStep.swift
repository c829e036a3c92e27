/// One step of a test.
package enum RuleTestStep: Sendable {
    case event(RuleTestEvent)
    /// Moves the clock; timers and schedules that are due by then fire.
    case at(String, line: Int)
}
