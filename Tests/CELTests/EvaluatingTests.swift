import CEL
import Testing

@Suite("Evaluating CEL")
struct EvaluatingTests {
    private func evaluate(
        _ source: String, _ root: SampleHost.Part = .map([]), _ environment: CELEnvironment = CELEnvironment(),
        type: CELType = .dyn, costLimit: UInt64 = 1_000_000
    ) throws -> Value {
        var environment = environment
        let slot = environment.declare(variable: "v", type)
        let activation = Activation(slots: environment.variables.count)
        activation.costLimit = costLimit
        activation[slot] = SampleHost(root).root
        return try environment.compile(source).evaluate(activation)
    }

    private let sample = SampleHost.Part.map([
        ("amount", .value(.int(1500))), ("items", .list([.text("a"), .text("b"), .value(.int(3))])),
        ("name", .text("Zoë")), ("nested", .map([("deep", .text("x"))])),
    ])

    @Test("a host's data is read in place")
    func host() throws {
        #expect(try evaluate("v.amount > 1000 && v.nested.deep == 'x' && 'b' in v.items", sample) == .bool(true))
        #expect(try evaluate("v.name.size()", sample) == .int(3))
        #expect(
            try evaluate("v.map(k, k)", sample) == .list(["amount", "items", "name", "nested"].map { .string($0) }))
        #expect(try evaluate("v.items.transformList(i, v, string(i) + string(v))[2]", sample) == .string("23"))
        #expect(try evaluate("{'name': v.name} == {'name': 'Zoë'}", sample) == .bool(true))
        #expect(try evaluate("v['na' + 'me']", sample) == .string("Zoë"))
    }

    @Test("an absent member is an error, unless something else decides")
    func absent() throws {
        #expect(try evaluate("v.none", sample).errorValue?.ruleCode == "no_such_key")
        #expect(try evaluate("v.none == 1 || v.amount == 1500", sample) == .bool(true))
        #expect(try evaluate("has(v.none) || has(v.nested.deep)", sample) == .bool(true))
        #expect(try evaluate("v.?none.orValue('else')", sample) == .string("else"))
    }

    @Test("each kind of failure has its code")
    func codes() throws {
        let sources = [
            "no_such_key": "{'a': 1}['b']", "no_such_overload": "dyn(1) + 'a'", "index": "[1][v.i]",
            "overflow": "9223372036854775807 + v.i", "divide_by_zero": "v.i / 0", "invalid_argument": "int('x' + v.s)",
        ]
        for (code, source) in sources {
            let data = SampleHost.Part.map([("i", .value(.int(7))), ("s", .text("y"))])
            #expect(try evaluate(source, data).errorValue?.ruleCode == code, "\(source)")
        }
    }

    @Test("what costs too much stops with the cost error")
    func cost() throws {
        let code = try evaluate("lists.range(100).all(x, lists.range(100).all(y, x + y >= 0))", costLimit: 10_000)
        #expect(code.errorValue?.ruleCode == "cost")
        #expect(try evaluate("lists.range(100).all(x, x >= 0)", costLimit: 10_000) == .bool(true))
        #expect(try evaluate("lists.range(1000000000)").errorValue?.code == .costExceeded)
    }

    @Test("a declared scalar is converted where the host holds its text")
    func conversion() throws {
        var environment = CELEnvironment()
        environment.convertsDeclaredScalars = true
        environment.declare(
            record: RecordType(
                "row",
                [
                    .init("at", .timestamp), .init("within", .duration), .init("rate", .double),
                    .init("times", .list(.timestamp)), .init("later", .timestamp, isOptional: true),
                ]))
        let data = SampleHost.Part.map([
            ("at", .text("2026-01-02T03:04:05.000Z")), ("within", .text("21600s")), ("rate", .value(.int(2))),
            ("times", .list([.text("2026-01-01T00:00:00Z")])),
        ])
        let source =
            "v.at + v.within == timestamp('2026-01-02T09:04:05Z') && v.rate > 1.5"
            + " && v.times.exists(t, t < v.at) && v.times[0] < v.at && v.?later.orValue(v.at) == v.at"
        #expect(try evaluate(source, data, environment, type: .record("row")) == .bool(true))
    }

    @Test("a declared function sees its arguments and the context")
    func functions() throws {
        final class Context { let bonus: Int64 = 5 }
        var environment = CELEnvironment()
        environment.declare(
            function: Function(
                "withBonus",
                [
                    .init([.int], result: .int) { arguments in
                        guard case .int(let amount) = arguments[0], let context = arguments.context as? Context else {
                            return .failure(.typeMismatch, "no context")
                        }
                        return .int(amount + context.bonus)
                    }
                ]))
        let program = try environment.compile("withBonus(1) + withBonus(withBonus(2))")
        let activation = Activation(slots: 0)
        activation.context = Context()
        #expect(program.evaluate(activation) == .int(18))
        #expect(program.constantValue == nil)
    }

    @Test("a program evaluated while another runs leaves its locals alone")
    func nested() throws {
        final class Lazy: HostObject, @unchecked Sendable {
            let program: Program
            let activation: Activation
            init(_ program: Program, _ activation: Activation) {
                self.program = program
                self.activation = activation
            }
            func member(_ node: UInt32, _ name: FieldName) -> Value? { program.evaluate(activation) }
        }
        var environment = CELEnvironment()
        let slot = environment.declare(variable: "variables", .dyn)
        let inner = try environment.compile("[[1, 2], [3]].map(x, x.map(y, y * 10))[0].exists(y, y == 20) ? 7 : 8")
        let outer = try environment.compile("[1, 2, 3].map(x, [x].map(y, y + variables.a)[0] + x)")
        let activation = Activation(slots: 1)
        activation[slot] = .host(Lazy(inner, activation), 0)
        #expect(outer.evaluate(activation) == .list([.int(9), .int(11), .int(13)]))
    }

    @Test("parts of a condition are evaluated alone")
    func conjuncts() throws {
        let program = try CELEnvironment().compile("1 < 2 && 2 < 1 && 3 / 0 == 1")
        let activation = Activation(slots: 0)
        #expect((0..<2).map { program.evaluate(conjunct: $0, activation) } == [.bool(true), .bool(false)])
        #expect(program.evaluate(conjunct: 2, activation).errorValue?.code == .divideByZero)
        #expect(program.holds(activation) == false)
    }

    @Test("an unset variable fails only where it is used")
    func unset() throws {
        var environment = CELEnvironment()
        environment.declare(variable: "x", .int)
        let activation = Activation(slots: 1)
        #expect(try environment.compile("x == 1").evaluate(activation).errorValue?.code == .unknownVariable)
        #expect(try environment.compile("x == 1 || true").evaluate(activation) == .bool(true))
    }
}

@Suite("Joining strings with +")
struct ConcatenationTests {
    /// Evaluates an expression over `s`, `t` and `i`, whose types are known only at run time.
    private func evaluate(_ source: String, costLimit: UInt64 = 1_000_000) throws -> Value {
        var environment = CELEnvironment()
        let slot = environment.declare(variable: "v", .dyn)
        let activation = Activation(slots: environment.variables.count)
        activation.costLimit = costLimit
        let data: [(String, SampleHost.Part)] = [("s", .text("Zoë")), ("t", .text("")), ("i", .value(.int(7)))]
        activation[slot] = SampleHost(.map(data)).root
        let program = try environment.compile(source)
        let value = program.evaluate(activation)
        let again = program.evaluate(activation).jsonDescription
        #expect(again == value.jsonDescription, "the second time: \(source)")
        return value
    }

    @Test("a long chain keeps its order", arguments: ["v.s", "'c'"])
    func long(_ part: String) throws {
        let source = (0..<40).map { "'\($0),' + \(part)" }.joined(separator: " + ")
        let text = (0..<40).map { "\($0)," + (part == "v.s" ? "Zoë" : "c") }.joined()
        #expect(try evaluate(source) == .string(text))
    }

    @Test(
        "parentheses change nothing",
        arguments: [
            "'a' + v.s + v.t + 'b' + v.s", "'a' + (v.s + (v.t + ('b' + v.s)))", "('a' + v.s) + (v.t + 'b') + v.s",
            "(('a' + (v.s + v.t)) + 'b') + v.s", "v.t + v.t + ('a' + v.s + ('b' + (v.t + v.s)))",
            "'' + ('a' + ('' + v.s)) + string('b') + [v.s].map(x, v.t + (x + ''))[0]",
        ])
    func nested(_ source: String) throws {
        #expect(try evaluate(source) == .string("aZoëbZoë"))
    }

    @Test(
        "a part that is no string is an error, wherever it stands",
        arguments: [
            "'a' + v.i", "v.i + 'a'", "'a' + v.s + v.i", "v.s + v.i + 'a'", "'a' + (v.s + ('b' + (v.i + v.s)))",
            "('a' + v.s) + (v.i + v.i)", "'a' + v.s + dyn([1]) + 'b'", "'a' + dyn(b'b') + v.s", "'a' + dyn(null)",
        ])
    func noString(_ source: String) throws {
        #expect(try evaluate(source).errorValue?.ruleCode == "no_such_overload")
    }

    @Test(
        "a part in error is the error of the whole",
        arguments: [
            ("'a' + v.none", "no_such_key"), ("v.none + 'a' + v.i", "no_such_key"),
            ("'a' + v.s + string(v.i / 0) + 'b'", "divide_by_zero"), ("'a' + v.i + v.none", "no_such_overload"),
            ("'a' + (v.s + ('b' + v.none))", "no_such_key"),
        ])
    func failing(_ source: String, _ code: String) throws {
        #expect(try evaluate(source).errorValue?.ruleCode == code)
        #expect(try evaluate("(\(source)) == 'x' || true") == .bool(true))
    }

    @Test("what a checked type excludes is not compiled")
    func checked() {
        #expect(throws: (any Error).self) { try CELEnvironment().compile("'a' + 'b' + 1") }
    }

    @Test("a chain that doubles stops with the cost error")
    func cost() throws {
        let source = "lists.range(40).map(x, 'a').transformList(i, x, (x + v.s + x).split('').size())"
        #expect(try evaluate(source).errorValue == nil)
        let doubling = (0..<24).reduce("v.s + 'x'") { text, n in "cel.bind(n\(n), \(text), n\(n) + '' + n\(n))" }
        #expect(try evaluate(doubling, costLimit: 10_000).errorValue?.ruleCode == "cost")
    }
}
