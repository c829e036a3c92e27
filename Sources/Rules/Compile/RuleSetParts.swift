/// What loading a rule set comes to.
struct RuleSetParts {
    var digest = ""
    var files: [RuleFile] = []
    var fileDigests: [String: String] = [:]
    var warnings: [RuleDiagnostic] = []
    var types = EventTypes([])
    var rules: [CompiledRule] = []
    /// The agents that rule files bring.
    var agents: [RuleHost.AgentEntry] = []
    var tables: [DeclaredTable] = []
    /// By the index of the event type.
    var folds: [[FoldPlan]] = []
    /// The canonical JSON of what agents fold, by `agent: type`.
    var foldTexts: [String: [UInt8]] = [:]
    /// The canonical JSON of each parameter, by `agent: path`.
    var parameters: [String: [UInt8]] = [:]
    /// The version each agent's file states.
    var versions: [String: String] = [:]
    var calendar = Calendar.standard
    var currencies = Currencies.standard
    var policy = Policy.standard
    var sentences = Sentences.ofEngine
}
