import ArgumentParser

/// The command line: `docket VERB`.
struct Docket: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "docket",
        abstract: "An event-sourced ledger and rules engine whose every decision can be proved and explained.",
        discussion: """
            Data goes to stdout, messages to stderr. Exit codes: 0 done; 1 what was checked is bad, or was refused; \
            2 wrong usage, or it could not run; 3 (verify) older than a checkpoint already seen, or incomplete.

            Examples:
              docket init --data ./data --origin example.com/ledger
              docket serve --data ./data
              docket append events.ndjson
              docket explain 58
            """,
        version: "0.1.0",
        groupedSubcommands: [
            CommandGroup(
                name: "Running a ledger:", subcommands: [Init.self, Serve.self, Append.self, Run.self, ClockVerb.self]),
            CommandGroup(
                name: "Reading it:",
                subcommands: [Log.self, Show.self, Accounts.self, Transfers.self, ReplayVerb.self, Explain.self]),
            CommandGroup(
                name: "Proving it:",
                subcommands: [Verify.self, Receipt.self, Check.self, Export.self, Key.self]),
            CommandGroup(name: "Rules:", subcommands: [RulesVerb.self, TypesVerb.self, CELVerb.self]),
        ])
}
