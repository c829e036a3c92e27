import AgentKit

/// The JSON Schema (2020-12) of rule files, for editors: a rule file as the whole, and in `$defs` also the files of
/// settings and of tests. It says what the readers say; what needs types or other files, only `docket rules check` can
/// tell.
package enum RuleSchema {
    /// The text of `rules/schema.json`.
    package static let json = document.json() + "\n"

    /// Every kind of mapping, whatever file it stands in.
    private static let tables: [KeyTable] = [
        .ruleFile, .eventType, .once, .declaredTable, .fold, .rule, .refusal, .emit, .transfer, .timer, .cancel,
        .quorum, .decisionTable, .row, .calendar, .transition, .policy, .role, .prohibition, .activation, .limits,
        .testFile, .test,
        .step, .included, .expected,
    ]

    private static var document: SchemaValue {
        .object([
            ("$schema", .text("https://json-schema.org/draft/2020-12/schema")),
            ("title", .text("A rule file of Docket")),
            ("description", .text("Written by `docket rules schema`.")),
            ("$ref", reference("ruleFile")),
            ("$defs", .object(tables.map { ($0.id, schema(of: $0)) } + shared)),
        ])
    }

    private static func reference(_ id: String) -> SchemaValue { .text("#/$defs/" + id) }

    private static func schema(of table: KeyTable) -> SchemaValue {
        var members: [(name: String, value: SchemaValue)] = [
            ("type", .text("object")), ("description", .text(table.what)),
        ]
        let required = table.keys.filter(\.isRequired).map { SchemaValue.text($0.name) }
        if !required.isEmpty { members.append(("required", .list(required))) }
        if !table.oneOf.isEmpty {
            let choices = table.oneOf.map { SchemaValue.object([("required", .list([.text($0)]))]) }
            members.append(("anyOf", .list(choices)))
        }
        members.append(("properties", .object(table.keys.map { ($0.name, described($0.content, $0.about)) })))
        if let other = table.other {
            members.append(
                ("patternProperties", .object([(other.pattern, described(other.content, other.about))])))
        }
        members.append(("additionalProperties", .flag(false)))
        return .object(members)
    }

    private static func described(_ content: KeyContent, _ about: String) -> SchemaValue {
        .object([("description", .text(about))] + members(of: content))
    }

    private static func schema(of content: KeyContent) -> SchemaValue { .object(members(of: content)) }

    /// The members of the schema that the value of a key has to fit.
    private static func members(of content: KeyContent) -> [(name: String, value: SchemaValue)] {
        switch content {
        case .text: [("$ref", reference("text"))]
        case .matching(let pattern): [("type", .text("string")), ("pattern", .text(pattern))]
        case .oneOf(let values): [("enum", .list(values.map { .text($0) }))]
        case .texts: [("$ref", reference("texts"))]
        case .expression: [("$ref", reference("expression"))]
        case .expressions: [("$ref", reference("expressions"))]
        case .integer(let range):
            [
                ("type", .text("integer")), ("minimum", .integer(range.lowerBound)),
                ("maximum", .integer(range.upperBound)),
            ]
        case .flag: [("type", .text("boolean"))]
        case .list(let table):
            [("type", .list([.text("array"), .text("null")])), ("items", .object([("$ref", reference(table.id))]))]
        case .oneOrMore(let table): oneOrMore(table.id)
        case .table(let table): [("$ref", reference(table.id))]
        case .map(let value):
            [("type", .list([.text("object"), .text("null")])), ("additionalProperties", schema(of: value))]
        case .any: []
        case .cell: [("$ref", reference("cell"))]
        case .eventTypes:
            [("type", .list([.text("object"), .text("null")]))]
                + [
                    (
                        "additionalProperties",
                        .object(
                            anyOf([
                                .object([("$ref", reference("eventType"))]),
                                .object([("$ref", reference("members"))]),
                            ]))
                    )
                ]
        case .emission: [("$ref", reference("emission"))]
        case .members: [("$ref", reference("members"))]
        case .either(let first, let second): anyOf([schema(of: first), schema(of: second)])
        }
    }

    private static func anyOf(_ choices: [SchemaValue]) -> [(name: String, value: SchemaValue)] {
        [("anyOf", .list(choices))]
    }

    private static func oneOrMore(_ id: String) -> [(name: String, value: SchemaValue)] {
        anyOf([
            .object([("$ref", reference(id))]),
            .object([("type", .text("array")), ("items", .object([("$ref", reference(id))]))]),
        ])
    }

    /// Definitions that several keys share.
    private static var shared: [(name: String, value: SchemaValue)] {
        let scalar = SchemaValue.list([.text("string"), .text("number"), .text("boolean")])
        return [
            ("text", .object([("type", scalar), ("minLength", .integer(1))])),
            ("texts", .object(oneOrMore("text"))),
            (
                "expression",
                .object([("type", scalar), ("minLength", .integer(1)), ("description", .text("a CEL expression"))])
            ),
            ("expressions", .object(oneOrMore("expression"))),
            ("cell", .object(oneOrMore("text"))),
            (
                "members",
                .object([("type", .text("object")), ("additionalProperties", .object([("$ref", reference("type"))]))])
            ),
            (
                "emission",
                .object(
                    anyOf([
                        .object([("$ref", reference("expression"))]),
                        .object([("type", .text("null"))]),
                        .object([
                            ("type", .text("array")), ("items", .object([("$ref", reference("emission"))])),
                        ]),
                        .object([
                            ("type", .text("object")),
                            ("additionalProperties", .object([("$ref", reference("emission"))])),
                        ]),
                    ]))
            ),
            ("type", type),
            ("currencies", currencies),
        ]
    }

    /// A declared type: in one text, as a list of the one type of its elements, or as the members of a record.
    private static var type: SchemaValue {
        let names = DeclaredType.named.keys.sorted()
        let named = names.map { SchemaValue.text($0) }
        let others = ["a|b|c", "[T]", "{string: T}", "*name", "optional T", "personal T", "minimal T"]
        return .object(
            [("description", .text("a type: " + (names + others).joined(separator: ", ")))]
                + anyOf([
                    .object([("enum", .list(named))]),
                    .object([
                        ("type", .list([.text("string"), .text("number"), .text("boolean")])),
                        ("minLength", .integer(1)),
                    ]),
                    .object([
                        ("type", .text("array")), ("minItems", .integer(1)), ("maxItems", .integer(1)),
                        ("items", .object([("$ref", reference("type"))])),
                    ]),
                    .object([("$ref", reference("members"))]),
                ]))
    }

    private static var currencies: SchemaValue {
        .object([
            ("type", .text("object")),
            ("description", .text("The decimals of each currency.")),
            (
                "patternProperties",
                .object([
                    (
                        CurrenciesFile.codePattern,
                        .object([
                            ("type", .text("integer")), ("minimum", .integer(0)),
                            ("maximum", .integer(CurrenciesFile.exponentMax)),
                        ])
                    )
                ])
            ),
            ("additionalProperties", .flag(false)),
        ])
    }
}

/// A part of a JSON Schema, its members in the order in which they are to be read.
indirect enum SchemaValue {
    case text(String)
    case integer(Int64)
    case flag(Bool)
    case list([SchemaValue])
    case object([(name: String, value: SchemaValue)])

    /// JSON, two blanks a level; a list of scalars on one line.
    func json(indentation: String = "") -> String {
        let inner = indentation + "  "
        switch self {
        case .text(let text): return Self.quoted(text)
        case .integer(let value): return String(value)
        case .flag(let value): return value ? "true" : "false"
        case .list(let values):
            let parts = values.map { $0.json(indentation: inner) }
            guard values.contains(where: { !$0.isScalar }) else { return "[" + parts.joined(separator: ", ") + "]" }
            return "[\n" + inner + parts.joined(separator: ",\n" + inner) + "\n" + indentation + "]"
        case .object(let members):
            guard !members.isEmpty else { return "{}" }
            let parts = members.map { Self.quoted($0.name) + ": " + $0.value.json(indentation: inner) }
            return "{\n" + inner + parts.joined(separator: ",\n" + inner) + "\n" + indentation + "}"
        }
    }

    private var isScalar: Bool {
        switch self {
        case .text, .integer, .flag: true
        case .list, .object: false
        }
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            if scalar.value < 0x20 {
                result += "\\u" + scalar.value.zeroPadded(to: 4, radix: 16)
                continue
            }
            if scalar == "\"" || scalar == "\\" { result += "\\" }
            result.unicodeScalars.append(scalar)
        }
        return result + "\""
    }
}
