import ArgumentParser
import Engine
import EventLog
import Rules

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
              docket rules shadow ../proposal/rules
            """,
        subcommands: [
            RulesNew.self, RulesCheck.self, RulesFormat.self, RulesTest.self, RulesMutate.self, RulesShow.self,
            RulesDiff.self,
            RulesActivate.self, RulesSchedule.self, RulesShadow.self, RulesSchema.self,
        ])
}

/// Reads rule files from disk.
enum RuleFolder {
    /// The rule files at the top of a folder.
    static func read(_ directory: String) throws(Failure) -> [RuleFile] {
        do { return try DataDirectory.ruleFiles(in: directory) } catch { throw Failure(.couldNotRun, "\(error)") }
    }

    /// Files whose names suggest rule files, but which are not read.
    static func passedOver(_ directory: String) -> [String] {
        (try? DataDirectory.misnamedRuleFiles(in: directory)) ?? []
    }

    /// Checks and compiles rule files as this program's ledgers would.
    static func load(_ files: [RuleFile]) throws(RuleSetError) -> RuleSet {
        try RuleSet.load(files: files, host: machine.ruleHost, isNew: true)
    }

    /// The failure of a verb whose rule files have errors, which it has printed.
    static func failure(_ error: RuleSetError, in directory: String) -> Failure {
        let count = error.diagnostics.count
        return Failure(.refused, "\(count) \(count == 1 ? "error" : "errors") in `\(directory)`")
    }

    /// The names of the agents that may have a rule file.
    static var agents: [String] { machine.ruleHost.agents.map(\.name).sorted() }

    private static var machine: Machine {
        let settings = LedgerSettings(origin: "check", verifierKey: "", clock: .events)
        return Machine(settings: settings, history: NoHistory(), chain: .genesis(origin: settings.origin))
    }
}

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

/// `docket types`
struct TypesVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "types",
        abstract: "Describe the event types that a folder of rule files declares.",
        discussion: """
            Prints an AsyncAPI 3.0 document, or JSON Schema (2020-12) of the events' data: of all types in `$defs`, or of one. \
            The engine's own types are among them. The files' rules are not read. Of what producers send, a personal member \
            is described both as it is sent and sealed, as the log holds it.

            Examples:
              docket types rules > asyncapi.json
              docket types rules --schema > events.schema.json
              docket types rules --schema --type order.placed
            """)

    @Argument(help: "The folder of rule files.", completion: .directory)
    var directory = "./rules"

    @Flag(help: "Print JSON Schema.")
    var schema = false

    @Option(help: ArgumentHelp("With `--schema`: of this type alone.", valueName: "type"))
    var type: String?

    func validate() throws {
        guard type == nil || schema else { throw ValidationError("`--type` goes with `--schema`") }
    }

    func run() throws {
        let files = try RuleFolder.read(directory)
        let types: EventTypes
        do throws(RuleSetError) { types = try EventTypes.declared(in: files) } catch {
            error.diagnostics.forEach { Console.page($0.description) }
            throw RuleFolder.failure(error, in: directory)
        }
        let catalogue = EventCatalogue(types)
        guard schema else { return Console.page(catalogue.asyncAPI) }
        guard let type else { return Console.page(catalogue.schema) }
        guard let text = catalogue.schema(of: type) else {
            throw Failure(.refused, "`\(directory)` declares no event type `\(type)`")
        }
        Console.page(text)
    }
}
