import EventLog
package import Rules

extension DataDirectory.Initial {
    /// Loads the rule set once, so that no ledger is made with rules in error.
    /// - Parameter kept: the declared tables whose rows it will find.
    @discardableResult
    package func checkRules(keeping kept: [KeptTable] = []) throws(RuleSetError) -> RuleSet {
        let machine = Machine(settings: settings, history: NoHistory(), chain: .genesis(origin: settings.origin))
        return try RuleSet.load(files: ruleFiles, host: machine.ruleHost(keeping: kept), isNew: true)
    }
}
