import CEL
import Testing

@Suite("Joining strings with +")
struct ConcatenationTests {
    /// A value of an expression over `s`, `t` and `i`, whose types only the run tells.
    private func evaluate(_ source: String, costLimit: UInt64 = 1_000_000) throws -> Value {
        var environment = Environment()
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
        #expect(throws: (any Error).self) { try Environment().compile("'a' + 'b' + 1") }
    }

    @Test("a chain that doubles stops with the cost error")
    func cost() throws {
        let source = "lists.range(40).map(x, 'a').transformList(i, x, (x + v.s + x).split('').size())"
        #expect(try evaluate(source).errorValue == nil)
        let doubling = (0..<24).reduce("v.s + 'x'") { text, n in "cel.bind(n\(n), \(text), n\(n) + '' + n\(n))" }
        #expect(try evaluate(doubling, costLimit: 10_000).errorValue?.ruleCode == "cost")
    }
}
