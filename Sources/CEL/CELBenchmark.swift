/// Expressions to measure, each on data that a host object holds.
package enum CELBenchmark {
    package struct Case {
        package let name: String
        /// What is evaluated or compiled once a run.
        package let expression: String
        package let run: () -> Void
    }

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

    package static func cases() throws(CompileError) -> [Case] {
        var environment = Environment()
        let event = environment.declare(variable: "event", .map(.string, .dyn))
        let user = environment.declare(variable: "user", .map(.string, .dyn))
        let activation = Activation(slots: environment.variables.count)
        activation[event] = .host(
            BenchmarkRow([
                ("amount", .int(1500)), ("email", .string("someone@example.com")),
                ("items", .list((1...8).map { .int($0) })), ("type", .string("order.placed")),
            ]), 0)
        activation[user] = .host(BenchmarkRow([("trust_score", .int(35))]), 0)
        var cases: [Case] = []
        for (name, expression) in expressions {
            let program = try environment.compile(expression)
            cases.append(Case(name: name, expression: expression) { _ = program.holds(activation) })
        }
        cases.append(Case(name: "compile", expression: main) { _ = try? environment.compile(main) })
        return cases
    }
}
