import ArgumentParser
import CEL
import FoundationEssentials
import Rules

/// `docket cel`
struct CELVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cel",
        abstract: "Evaluate one expression of the rule language.",
        discussion: """
            Prints {"type": …, "value": …}. The members of the bindings' JSON object are the variables.

            Examples:
              docket cel '1 + 2'
              docket cel 'items.filter(i, i.price > 100).map(i, i.id)' --bindings cart.json
              docket cel 'timestamp("2024-02-16T16:00:00Z") + duration("6h")'
            """)

    @Argument(help: "The expression.")
    var expression: String

    @Option(
        help: ArgumentHelp("A file with a JSON object of variables; `-` for stdin.", valueName: "file"),
        completion: .file())
    var bindings: String?

    @OptionGroup var output: OutputOptions

    func run() throws {
        var environment = Environment()
        var values: [(slot: Int, value: Value)] = []
        for (name, value) in try variables() {
            values.append((environment.declare(variable: name, .dyn), value.celValue))
        }
        let program: Program
        do throws(CompileError) { program = try environment.compile(expression) } catch {
            throw Failure(.refused, "\(error)\n\(expression)")
        }
        let activation = Activation(slots: values.count)
        for (slot, value) in values { activation[slot] = value }
        let value = program.evaluate(activation)
        if let error = value.errorValue { throw Failure(.refused, "\(error)") }
        let json = CanonicalValue.bytes(of: value) ?? Array("null".utf8)
        Console.line(Array("{\"type\":\"\(type(of: value, program))\",\"value\":".utf8) + json + [0x7D])
    }

    private func variables() throws -> [(String, JSONValue)] {
        guard let bindings else { return [] }
        let bytes = try FileText.read(bindings)
        guard case .object(let members)? = try? JSONDecoder().decode(JSONValue.self, from: Data(bytes)) else {
            throw Failure(.couldNotRun, "`\(bindings)` holds no JSON object")
        }
        return members.sorted { $0.key < $1.key }
    }

    /// The checked type, or where that says nothing the value's own.
    private func type(of value: Value, _ program: Program) -> String {
        guard program.resultType == .dyn else { return program.resultType.description }
        switch value {
        case .null: return "null"
        case .bool: return "bool"
        case .int: return "int"
        case .double: return "double"
        case .string, .text: return "string"
        case .list: return "list"
        case .map: return "map"
        default: return "dyn"
        }
    }
}
