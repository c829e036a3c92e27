import Engine
import EventLog
import Rules

/// Rule files on disk.
enum RuleFolder {
    /// The rule files at the top of a folder.
    static func read(_ directory: String) throws(Failure) -> [RuleFile] {
        do { return try DataDirectory.ruleFiles(in: directory) } catch { throw Failure(.couldNotRun, "\(error)") }
    }

    /// Files that were meant as rule files, by their names, and are none.
    static func passedOver(_ directory: String) -> [String] {
        (try? DataDirectory.misnamedRuleFiles(in: directory)) ?? []
    }

    /// Checks and compiles them as this program's ledgers would.
    static func load(_ files: [RuleFile]) throws(RuleSetError) -> RuleSet {
        try RuleSet.load(files: files, host: machine.ruleHost, isNew: true)
    }

    /// The agents that may have a rule file, by name.
    static var agents: [String] { machine.ruleHost.agents.map(\.name).sorted() }

    private static var machine: Machine {
        let settings = LedgerSettings(origin: "check", verifierKey: "", clock: .events)
        return Machine(settings: settings, history: NoHistory(), chain: .genesis(origin: settings.origin))
    }
}
