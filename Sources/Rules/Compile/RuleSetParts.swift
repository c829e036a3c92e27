/// What loading a rule set comes to.
struct RuleSetParts {
    var digest = ""
    var files: [RuleFile] = []
    var fileDigests: [String: String] = [:]
    var warnings: [RuleDiagnostic] = []
    var types = EventTypes([])
    var rules: [CompiledRule] = []
    var calendar = Calendar.standard
    var currencies = Currencies.standard
    var policy = Policy.standard
}
