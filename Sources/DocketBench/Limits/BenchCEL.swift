import AgentKit
import ArgumentParser
import CEL
import CommandKit
import JSON

/// `docket-bench cel`
struct BenchCEL: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cel",
        abstract: "Measure how long typical rule conditions take.",
        discussion: """
            Evaluates six conditions on an event that is read in place from its recorded bytes, and compiles one. Each is run in \
            five rounds, of which the fastest counts.

            Examples:
              docket-bench cel
              docket-bench cel --only main --json
            """)

    /// Rounds, of which the fastest counts: other processes only ever slow one down.
    private static let rounds = 5

    @Option(help: ArgumentHelp("Runs of each expression in a round.", valueName: "n"))
    var count = 500_000

    @Option(help: ArgumentHelp("Measure only the one of this name.", valueName: "name"))
    var only: String?

    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard count > 0 else { throw ValidationError("--count is 1 or more") }
    }

    func run() throws {
        let cases = try CELBenchmark.cases()
        let chosen = cases.filter { only == nil || $0.name == only }
        guard !chosen.isEmpty else {
            throw ValidationError("--only is one of \(cases.map { "`\($0.name)`" }.joined(separator: ", "))")
        }
        for benchmark in chosen {
            // Compiling takes some hundred times as long as evaluating.
            let runs = benchmark.name == "compile" ? max(1, count / 100) : count
            let seconds = Self.seconds(runs, benchmark.run)
            var result = Measurement("CEL: \(benchmark.name)", count: runs, unit: "runs", seconds: seconds)
            result.expression = benchmark.expression
            try result.print(json: output.json)
            if !output.json {
                print("    \(Text.decimal(seconds / Double(runs) * 1e9, places: 0)) ns: \(benchmark.expression)")
            }
        }
    }

    /// The seconds of the fastest round.
    private static func seconds(_ runs: Int, _ body: () -> Void) -> Double {
        (0..<rounds).map { _ in
            let clock = Stopwatch()
            for _ in 0..<runs { body() }
            return clock.seconds
        }.min() ?? 0
    }
}

/// The expressions measured, each on an event that is read in place from its recorded bytes, as rules read it.
enum CELBenchmark {
    struct Case {
        let name: String
        /// The expression evaluated, or compiled, once a run.
        let expression: String
        let run: () -> Void
    }

    private static let event =
        #"{"amount":1500,"email":"someone@example.com","items":[1,2,3,4,5,6,7,8],"type":"order.placed"}"#
    private static let user = #"{"trust_score":35}"#

    private static let main =
        #"event.amount > 1000 && user.trust_score < 40 && event.type in ["order.placed","order.cancelled"]"#

    private static let expressions = [
        ("main", main),
        (
            "first part false",
            #"event.amount > 9000 && user.trust_score < 40 && event.type in ["order.placed","order.cancelled"]"#
        ),
        ("one comparison", "event.amount > 1000"),
        ("has with ternary", "has(event.amount) ? event.amount > 1000 : false"),
        ("exists over 8", "event.items.exists(item, item == 8)"),
        ("matches", #"event.email.matches("^[a-z0-9.]+@[a-z]+\\.com$")"#),
    ]

    /// Every expression, ready to run, and one that is compiled.
    static func cases() throws -> [Case] {
        var environment = CELEnvironment()
        let eventSlot = environment.declare(variable: "event", .map(.string, .dyn))
        let userSlot = environment.declare(variable: "user", .map(.string, .dyn))
        let activation = Activation(slots: environment.variables.count)
        activation[eventSlot] = try host(event)
        activation[userSlot] = try host(user)
        var cases: [Case] = []
        for (name, expression) in expressions {
            let program = try environment.compile(expression)
            let expected = name != "first part false"
            cases.append(
                Case(name: name, expression: expression) {
                    precondition(program.holds(activation) == expected, "`\(expression)` is not \(expected)")
                })
        }
        cases.append(Case(name: "compile", expression: main) { _ = try? environment.compile(main) })
        return cases
    }

    private static func host(_ json: String) throws -> Value {
        .host(JSONHost(try Document(adopting: Array(json.utf8))), 0)
    }
}
