import ArgumentParser
import Rules

/// `docket rules schema`
struct RulesSchema: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "Print the JSON Schema of rule files.",
        discussion: """
            For editors; the files of settings and of tests are in its `$defs`.

            Example: docket rules schema > rules/schema.json
            """)

    func run() throws { Console.page(RuleSchema.json) }
}
