import CEL
import Testing

@Suite("Compiling CEL")
struct CompilingTests {
    private func problems(_ source: String, _ environment: CELEnvironment = CELEnvironment(), expecting: CELType? = nil)
        -> [String]
    {
        do {
            _ = try environment.compile(source, expecting: expecting)
            return []
        } catch {
            return error.diagnostics.map { "\($0.line):\($0.column)+\($0.length): \($0.message)" }
        }
    }

    private var shop: CELEnvironment {
        var environment = CELEnvironment()
        environment.declare(
            record: RecordType(
                "order",
                [
                    .init("id", .string), .init("buyer", .string), .init("amount", .int), .init("rate", .double),
                    .init("note", .string, isOptional: true),
                ]))
        environment.declare(variable: "order", .record("order"))
        environment.declare(variable: "event", .map(.string, .dyn))
        return environment
    }

    @Test("an unknown field is refused with its place and the nearest name")
    func unknownField() {
        #expect(
            problems("event.a == 1 &&\n  order.buyr == 'x'", shop)
                == ["2:9+4: unknown field `buyr`, did you mean `buyer`?"])
    }

    @Test("columns are counted in code points")
    func columns() {
        #expect(problems("'é🐱' + nme == ''") == ["1:8+3: unknown name `nme`"])
    }

    @Test("several mistakes are reported in one go, in the order of the text")
    func several() {
        #expect(
            problems("order.idd + 1 > order.amont || evnt.x", shop)
                == [
                    "1:7+3: unknown field `idd`, did you mean `id`?",
                    "1:23+5: unknown field `amont`, did you mean `amount`?",
                    "1:32+4: unknown name `evnt`, did you mean `event`?",
                ])
        #expect(problems("[1, ] + (2 * ) + {'a' 1}").count == 2)
    }

    @Test("syntax errors say what stands there and what was expected")
    func syntax() {
        #expect(problems("1 +") == ["1:4+1: unexpected end, expected an expression"])
        #expect(problems("a.b.") == ["1:5+1: unexpected end, expected a name"])
        #expect(problems("1 = 2").first == "1:3+1: `=` is not an operator, did you mean `==`?")
        #expect(problems("'abc") == ["1:1+4: the string is not closed"])
        #expect(problems(#"'\q'"#) == [#"1:2+2: invalid escape `\q`"#])
        #expect(problems("for") == ["1:1+3: `for` is a reserved word"])
        #expect(problems("9223372036854775808") == ["1:1+19: the number `9223372036854775808` is out of range"])
        #expect(problems("has(event['a'])", shop) == ["1:10+1: `has` takes a selection such as `a.b`"])
    }

    @Test("operands and arguments of the wrong type are refused by name")
    func types() {
        #expect(problems("order.amount + order.id", shop) == ["1:14+1: `+` does not take `int` and `string`"])
        #expect(
            problems("order.id.startWith('x')", shop) == [
                "1:10+9: unknown function `startWith`, did you mean `startsWith`?"
            ])
        #expect(problems("order.id.contains(1)", shop) == ["1:10+8: `string` has no `contains` that takes (`int`)"])
        #expect(problems("true ? 1 : 'a'") == ["1:6+1: the branches have types `int` and `string`"])
        #expect(problems("order.amount && true", shop) == ["1:1+12: expected `bool`, found `int`"])
        #expect(problems("'%d %s'.format(['a', 1])") == ["1:17+3: `%d` does not take `string`"])
    }

    @Test("a result of the wrong type is refused")
    func expectation() {
        #expect(problems("1 + 1", expecting: .bool) == ["1:1+5: expected `bool`, found `int`"])
        #expect(problems("event.x", shop, expecting: .bool).isEmpty)
    }

    @Test("a literal is compared with the declared record it is to be")
    func recordLiteral() {
        let wanted = CELType.record("order")
        #expect(
            problems("{'id': 'a', 'buyer': 'b', 'amount': 1, 'rate': 2}", shop, expecting: wanted).isEmpty)
        #expect(
            problems("{'id': 1, 'buyr': 'b', 'amount': 1, 'rate': 2.5, ?'note': event.?note}", shop, expecting: wanted)
                == [
                    "1:1+1: missing field `buyer`", "1:8+1: expected `string`, found `int`",
                    "1:11+6: unknown field `buyr`, did you mean `buyer`?",
                ])
    }

    @Test("nesting and length are limited")
    func limits() {
        let deep = String(repeating: "(", count: 300) + "1" + String(repeating: ")", count: 300)
        #expect(problems(deep) == ["1:251+1: the expression is nested deeper than 250"])
        #expect(problems("1" + String(repeating: "+1", count: 300)).count == 1)
        #expect(problems("true" + String(repeating: " && true", count: 5000)).isEmpty)
        let long = String(repeating: " ", count: 100_001)
        #expect(problems(long) == ["1:1+1: the expression is longer than 100000 code points"])
    }

    @Test("a pattern that RE2 refuses is a compile error")
    func patterns() {
        #expect(problems("'a'.matches('(')") == ["1:13+3: invalid pattern: missing ): ("])
        #expect(problems(#"'a'.matches('(?:(?:\\pL{1,99}){1,10}\\pN{1,99}){1,9}')"#).count == 1)
    }

    @Test("the parts of a chain of conditions keep their text")
    func conjuncts() throws {
        let program = try shop.compile("order.amount > 3 && (event.a || event.b) && true")
        #expect(program.conjuncts.map(\.source) == ["order.amount > 3", "(event.a || event.b)", "true"])
        #expect(program.conjuncts.map(\.offset) == [0, 20, 44])
        #expect(try shop.compile("1 + 1").conjuncts.map(\.source) == ["1 + 1"])
    }

    @Test("references tell what is read and what a test guards")
    func references() throws {
        let program = try shop.compile(
            "order.note == 'x' || (has(order.note) && order.note == 'y') || event.data['k'].z == 1 || event.?q.r == optional.none()"
        )
        let found = program.references.map {
            "\($0.variable).\($0.path.joined(separator: "."))\($0.record.map { " of " + $0 } ?? "")\($0.isGuarded ? " guarded" : "")"
        }
        #expect(
            found == [
                "order.note of order", "order.note of order guarded", "order.note of order guarded", "event.data.k.z",
                "event.q.r guarded",
            ])
    }

    @Test("constant expressions have their value")
    func constants() throws {
        #expect(
            try CELEnvironment().compile("[1, 2].map(x, x * 2) + [size('abc')]").constantValue
                == .list([.int(2), .int(4), .int(3)]))
        #expect(try CELEnvironment().compile("1 / 0").constantValue == nil)
        #expect(try shop.compile("order.amount").constantValue == nil)
    }
}

/// The checked tree of an expression, as semantic checks see it.
@Suite struct SyntaxViewTests {
    private func tree(_ source: String) throws -> SyntaxView {
        var environment = CELEnvironment()
        environment.declare(record: RecordType("order", [.init("status", .string, isOptional: true)]))
        environment.declare(variable: "order", .record("order"))
        environment.declare(variable: "list", .list(.int))
        return try environment.syntax(of: source)
    }

    /// The tree in one line.
    private func shape(_ view: SyntaxView) -> String {
        let parts = view.children.map(shape).joined(separator: " ")
        return switch view.form {
        case .literal(let value): value.jsonDescription
        case .variable(let name): name
        case .local(let name): "~" + name
        case .member(_, let name): "(." + name + " " + parts + ")"
        case .element: "([] " + parts + ")"
        case .call(let name, _): "(" + name + " " + parts + ")"
        case .conditional: "(? " + parts + ")"
        case .list: "[" + parts + "]"
        case .map: "{" + parts + "}"
        case .and: "(&& " + parts + ")"
        case .other: "<" + parts + ">"
        }
    }

    @Test(
        "every part is named by what it is, the receiver of a call first",
        arguments: [
            (#"order.status == "open""#, #"(_==_ (.status order) "open")"#),
            (#"order["status"] in ["a"]"#, #"(@in (.status order) ["a"])"#),
            (#"order.?status.orValue("a")"#, #"(orValue (.status order) "a")"#),
            ("has(order.status) ? list[0] : 1", "(? <order> ([] list 0) 1)"),
            ("list[0] > 1 && list[1] > 1 && true", "(&& (_>_ ([] list 0) 1) (_>_ ([] list 1) 1) true)"),
            ("list.exists(i, i > 2)", "<list (_>_ ~i 2)>"),
            (#"{"a": 1 + 2}"#, #"{"a" (_+_ 1 2)}"#),
        ])
    func forms(source: String, expected: String) throws {
        #expect(shape(try tree(source)) == expected)
    }

    @Test("a part knows its type, its text and where it stands")
    func places() throws {
        let view = try tree(#"order.status  ==  "open""#)
        let literal = try #require(view.children.last)
        #expect(view.type == .bool && literal.type == .string)
        #expect(literal.text == #""open""# && literal.offset == 18)
        #expect(view.children.first?.text == "order.status")
    }
}
