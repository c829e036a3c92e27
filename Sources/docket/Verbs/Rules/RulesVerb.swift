import ArgumentParser

/// `docket rules`
struct RulesVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rules",
        abstract: "Check, test, show and compare rule sets.",
        discussion: """
            Examples:
              docket rules check rules
              docket rules test rules
              docket rules diff rules ../proposal/rules
            """,
        subcommands: [
            RulesCheck.self, RulesTest.self, RulesShow.self, RulesDiff.self, RulesActivate.self,
            RulesSchema.self,
        ])
}
