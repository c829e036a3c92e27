import ArgumentParser
import CEL
import FoundationEssentials
import JSON

/// `docket cel`
struct CELVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cel",
        abstract: "Evaluate one expression of the rule language.",
        discussion: """
            Prints {"type": …, "value": …}. The members of the bindings' JSON object are the variables. What JSON lacks is \
            a string: integers beyond 2^53 − 1, infinities, bytes (base64). An expression that begins like an option \
            stands behind `--`.

            Exits 1 when the expression is wrong, fails, or has no value in JSON.

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
        var environment = CELEnvironment()
        var values: [(slot: Int, value: Value)] = []
        for (name, value) in try variables() {
            values.append((environment.declare(variable: name, .dyn), value.celValue))
        }
        let program: Program
        do throws(CompileError) { program = try environment.compile(expression) } catch {
            throw Failure(.refused, page: page(of: error))
        }
        let activation = Activation(slots: values.count)
        for (slot, value) in values { activation[slot] = value }
        let value = program.evaluate(activation)
        if let error = value.errorValue { throw Failure(.refused, "\(error)") }
        let json: [UInt8]
        do throws(JSONMappingError) { json = try value.json() } catch { throw Failure(.refused, "\(error)") }
        Console.line(Array("{\"type\":\"\(type(of: value, program))\",\"value\":".utf8) + json + [0x7D])
    }

    private func variables() throws -> [(String, JSONValue)] {
        guard let bindings else { return [] }
        let bytes = try FileText.read(bindings)
        guard case .object(let members)? = try? JSONDecoder().decode(JSONValue.self, from: Data(bytes)) else {
            throw Failure(.couldNotRun, "`\(bindings)` is not a JSON object")
        }
        return members.sorted { $0.key < $1.key }
    }

    /// The errors in the expression, each with a caret under its position.
    private func page(of error: CompileError) -> String {
        let lines = expression.split(separator: "\n", omittingEmptySubsequences: false)
        return error.diagnostics.map { diagnostic in
            let head = VisibleText.line("\(diagnostic.line):\(diagnostic.column): \(diagnostic.message)")
            guard lines.indices.contains(diagnostic.line - 1) else { return head }
            let line = lines[diagnostic.line - 1].unicodeScalars
            let before = VisibleText.line(String(line.prefix(diagnostic.column - 1)))
            return head + "\n" + VisibleText.line(String(line)) + "\n"
                + String(repeating: " ", count: before.unicodeScalars.count) + "^"
        }.joined(separator: "\n")
    }

    /// The type that the checker found; if that is `dyn`, the value's own.
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
        default: return value.typeName
        }
    }
}

/// JSON decoded into values of the rule language.
enum JSONValue: Decodable {
    case null
    case bool(Bool)
    case int(Int64)
    case double(Double)
    case string(String)
    case array([JSONValue])
    case object([String: JSONValue])

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(Int64.self) {
            self = .int(value)
        } else if let value = try? container.decode(Double.self) {
            self = .double(value)
        } else if let value = try? container.decode(String.self) {
            self = .string(value)
        } else if let value = try? container.decode([JSONValue].self) {
            self = .array(value)
        } else {
            self = .object(try container.decode([String: JSONValue].self))
        }
    }

    /// The value for expressions.
    var celValue: Value {
        switch self {
        case .null: .null
        case .bool(let value): .bool(value)
        case .int(let value): .int(value)
        case .double(let value): .double(value)
        case .string(let value): .string(value)
        case .array(let values): .list(values.map(\.celValue))
        case .object(let members): .map(MapValue(members.map { ($0.key, $0.value.celValue) }))
        }
    }
}
