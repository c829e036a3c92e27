import AgentKit
import CEL
import JSON

/// Expressions to measure, each on an event that is read in place from its recorded bytes, as rules read it.
enum CELBenchmark {
    struct Case {
        let name: String
        /// What is evaluated or compiled once a run.
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
        var environment = Environment()
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
