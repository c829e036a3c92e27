import EventLog
package import Rules

extension DataDirectory.Initial {
    /// Loads the rule set once, so that no ledger is made with rules in error.
    /// - Returns: the rule set's digest.
    @discardableResult
    package func checkRules() throws(RuleSetError) -> String {
        let machine = Machine(settings: settings, history: NoHistory(), chain: .genesis(origin: settings.origin))
        return try RuleSet.load(files: ruleFiles, host: machine.ruleHost, isNew: true).digest
    }
}
