import ArgumentParser

/// `docket rules`
struct RulesVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rules",
        abstract: "Start, check, format, test, show, compare and activate rule sets.",
        discussion: """
            Examples:
              docket rules check rules
              docket rules format --check rules
              docket rules test rules
              docket rules diff rules ../proposal/rules
              docket rules activate rules --effective-from 2026-12-01T00:00:00+05:00
              docket rules schedule list
            """,
        subcommands: [
            RulesNew.self, RulesCheck.self, RulesFormat.self, RulesTest.self, RulesMutate.self, RulesShow.self,
            RulesDiff.self,
            RulesActivate.self, RulesSchedule.self, RulesSchema.self,
        ])
}
