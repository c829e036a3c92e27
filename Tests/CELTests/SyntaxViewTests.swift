import CEL
import Testing

/// The checked tree of an expression, as checks of meaning see it.
@Suite struct SyntaxViewTests {
    private func tree(_ source: String) throws -> SyntaxView {
        var environment = Environment()
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
