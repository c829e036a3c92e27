import ArgumentParser
import Rules

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
            let count = error.diagnostics.count
            throw Failure(.refused, "\(count) \(count == 1 ? "error" : "errors") in `\(directory)`")
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
