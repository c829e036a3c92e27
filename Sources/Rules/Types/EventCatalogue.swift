/// Documents made from declared event types: an AsyncAPI document, JSON Schema and a page to read.
package struct EventCatalogue: Sendable {
    private typealias Members = [(name: String, value: SchemaValue)]

    private let types: [EventType]

    package init(_ types: EventTypes) { self.types = types.all }

    // MARK: JSON Schema

    /// JSON Schema (2020-12) of the data of each type, in `$defs` by the type's name.
    package var schema: String {
        SchemaValue.object([
            ("$schema", .text(Self.dialect)), ("title", .text("The data of events")),
            ("$defs", .object(types.map { ($0.name, Self.schema(of: $0)) })),
        ]).json() + "\n"
    }

    /// JSON Schema of the data of one type; nil where it is not declared.
    package func schema(of name: String) -> String? {
        guard let type = types.first(where: { $0.name == name }),
            case .object(let members) = Self.schema(of: type)
        else { return nil }
        return SchemaValue.object([("$schema", .text(Self.dialect))] + members).json() + "\n"
    }

    private static let dialect = "https://json-schema.org/draft/2020-12/schema"

    private static func schema(of type: EventType) -> SchemaValue {
        guard case .object(let members) = schema(of: type.schema, isSent: type.kind.isFromOutside) else {
            return .object([])
        }
        return .object([("title", .text(type.name)), ("description", .text(type.described))] + members)
    }

    /// - Parameter isSent: whether producers send it; else only the log holds it.
    private static func schema(of record: RecordSchema, isSent: Bool) -> SchemaValue {
        let declared = record.declaredOrder.map { record.members[$0] }
        return .object(
            [
                ("type", .text("object")),
                ("properties", .object(declared.map { ($0.name, schema(of: $0, isSent)) })),
                ("required", .list(declared.filter { !$0.isOptional }.map { .text($0.name) })),
                ("additionalProperties", .flag(false)),
            ] + dependents(of: record))
    }

    /// The constraint that an optional currency is there exactly where an amount is.
    private static func dependents(of record: RecordSchema) -> Members {
        guard record.currency == .optional else { return [] }
        let currency = SchemaValue.list([.text("currency")])
        let ways = record.amounts.map { SchemaValue.object([("required", .list([.text($0)]))]) }
        return [
            ("dependentRequired", .object(record.amounts.map { ($0, currency) })),
            ("dependentSchemas", .object([("currency", .object([("anyOf", .list(ways))]))])),
        ]
    }

    private static func schema(of member: RecordSchema.Member, _ isSent: Bool) -> SchemaValue {
        let plain = schema(of: member.type, member.constraint, isSent)
        guard let minimising = member.minimising, case .object(let members) = plain else { return plain }
        return .object(members + [("description", .text(minimising.described))])
    }

    private static func schema(of type: DeclaredType, _ constraint: Constraint?, _ isSent: Bool) -> SchemaValue {
        switch type {
        // The ids that rules mint may be longer.
        case .id where isSent:
            .object([("type", .text("string")), ("pattern", .text(Constraint.identifierPattern))])
        case .string, .id: .object([("type", .text("string"))])
        case .int:
            .object([
                ("type", .text("integer")),
                ("minimum", .integer(constraint == .notNegative ? 0 : constraint == .positive ? 1 : -integerMax)),
                ("maximum", .integer(integerMax)),
            ])
        case .money:
            .object([
                ("type", .text("integer")), ("minimum", .integer(0)), ("maximum", .integer(integerMax)),
                (
                    "description",
                    .text("Minor units of the currency in `currency` of this object or of the nearest around it.")
                ),
            ])
        case .double: .object([("type", .text("number"))])
        case .bool: .object([("type", .text("boolean"))])
        case .timestamp: .object([("type", .text("string")), ("format", .text("date-time"))])
        case .duration: .object([("type", .text("string")), ("pattern", .text(#"^-?[0-9]{1,18}(\.[0-9]{1,9})?s$"#))])
        case .dyn: .object([])
        case .list(let element):
            .object([("type", .text("array")), ("items", schema(of: element, constraint, isSent))])
        case .map(let value):
            .object([("type", .text("object")), ("additionalProperties", schema(of: value, nil, isSent))])
        case .record(let record): schema(of: record, isSent: isSent)
        case .oneOf(let values): .object([("enum", .list(values.map { .text($0) }))])
        case .personal(let inner) where isSent:
            .object([
                ("anyOf", .list([schema(of: inner, nil, isSent), sealed])),
                ("description", .text("Personal: sent as the first form, held by the log as the second.")),
            ])
        case .personal:
            .object([
                ("allOf", .list([sealed])), ("description", .text("Personal: passed on as the log holds it.")),
            ])
        }
    }

    /// The form in which the log holds a personal member.
    private static var sealed: SchemaValue {
        let base64 = SchemaValue.object([("type", .text("string")), ("contentEncoding", .text("base64"))])
        return .object([
            ("description", .text("Sealed under the key of the person in `userId`.")), ("type", .text("object")),
            ("properties", .object([("commitment", base64), ("sealed", base64)])),
            ("required", .list([.text("commitment"), .text("sealed")])), ("additionalProperties", .flag(false)),
        ])
    }

    /// The greatest integer that JSON carries exactly, 2^53 − 1.
    private static let integerMax: Int64 = 9_007_199_254_740_991

    // MARK: AsyncAPI

    /// An AsyncAPI 3.0 document: what the ledger takes, and what its log tells.
    package var asyncAPI: String {
        let taken = types.filter(\.kind.isFromOutside)
        let messages: Members = types.map { ($0.name, Self.message($0)) }
        var schemas: Members = [("cloudevent", Self.cloudEvent)]
        for type in types { schemas.append((type.name, Self.schema(of: type))) }
        let components: Members = [("messages", .object(messages)), ("schemas", .object(schemas))]
        let info: Members = [
            ("title", .text("The events of a Docket ledger")), ("version", .text("1.0.0")),
            ("description", .text("Written by `docket types` from the declarations of a rule set.")),
        ]
        let channels: Members = [
            ("events", channel("/v1/events", "What producers send.", taken)),
            ("log", channel("/v1/log", "What was recorded, in the order of the log.", types)),
        ]
        let operations: Members = [
            ("append", operation("receive", "events", "The ledger takes an event.")),
            ("read", operation("send", "log", "The ledger tells what it recorded.")),
        ]
        let document: Members = [
            ("asyncapi", .text("3.0.0")), ("info", .object(info)),
            ("defaultContentType", .text("application/cloudevents+json")), ("channels", .object(channels)),
            ("operations", .object(operations)), ("components", .object(components)),
        ]
        return SchemaValue.object(document).json() + "\n"
    }

    private func channel(_ address: String, _ about: String, _ types: [EventType]) -> SchemaValue {
        .object([
            ("address", .text(address)), ("description", .text(about)),
            ("messages", .object(types.map { ($0.name, Self.reference("components/messages/" + $0.name)) })),
        ])
    }

    private func operation(_ action: String, _ channel: String, _ about: String) -> SchemaValue {
        .object([
            ("action", .text(action)), ("channel", Self.reference("channels/" + channel)), ("summary", .text(about)),
        ])
    }

    private static func reference(_ path: String) -> SchemaValue { .object([("$ref", .text("#/" + path))]) }

    private static func message(_ type: EventType) -> SchemaValue {
        let own: Members = [
            ("type", .object([("const", .text(type.name))])), ("data", reference("components/schemas/" + type.name)),
        ]
        let parts = [reference("components/schemas/cloudevent"), .object([("properties", .object(own))])]
        return .object([
            ("name", .text(type.name)), ("summary", .text(type.described)),
            ("contentType", .text("application/cloudevents+json")), ("payload", .object([("allOf", .list(parts))])),
        ])
    }

    /// The envelope of every event (CloudEvents 1.0).
    private static var cloudEvent: SchemaValue {
        let text = SchemaValue.object([("type", .text("string")), ("minLength", .integer(1))])
        let attributes: Members = [
            ("specversion", .object([("const", .text("1.0"))])), ("id", text), ("source", text), ("type", text),
            ("subject", text), ("time", .object([("type", .text("string")), ("format", .text("date-time"))])),
            ("data", .object([("type", .text("object"))])),
        ]
        let required = ["specversion", "id", "source", "type"].map { SchemaValue.text($0) }
        return .object([
            ("type", .text("object")), ("properties", .object(attributes)), ("required", .list(required)),
        ])
    }
}

extension EventType {
    /// `trigger of order: {buyerId} orders {quantity} × …`, for people.
    fileprivate var described: String {
        let whose = owner == "any" ? "any agent" : owner
        return (isRefusal ? "refusing " : "") + kind.rawValue + " of " + whose + (say.map { ": " + $0.text } ?? "")
    }
}

extension Minimising {
    fileprivate var described: String {
        let terms =
            "in lower case, of \(Self.termLetters.lowerBound) to \(Self.termLetters.upperBound) letters, none with an @ or five digits"
        return switch self {
        case .terms: "Minimal: the first \(Self.termsMax) are kept, \(terms)."
        case .words: "Minimal: the first \(Self.termsMax) words are kept, \(terms). No place for personal data."
        case .place: "Minimal: degrees are kept to 0.01."
        }
    }
}

extension EventCatalogue {
    /// `rules/EVENTS.md`: every type with its kind, identity, sentence and data.
    package static func page(_ types: EventTypes) -> String {
        var lines = [
            "# Event types", "",
            "Written by `tools/generate` from the declarations in `rules/*.yaml` and in the program; change those.", "",
            "Facts and triggers are what producers send: a fact is folded as it is, on a trigger only rules act. Decisions are what",
            "rules emit. `once` names the members that make an event one fact in the world. In a sentence braces hold CEL of the",
            "members. `money` is an integer of minor units; its currency is the member `currency` beside it, or of what it is part of,",
            "which these declarations do not name where the amount brings it.", "",
            "`personal` members are sealed under the key of the person in `userId` before they are hashed; an erasure destroys the key.",
            "Of `minimal` members the door keeps a part, before anything is hashed: of search terms the first \(Minimising.termsMax), in lower case, of",
            "\(Minimising.termLetters.lowerBound) to \(Minimising.termLetters.upperBound) letters, none with an `@` or five digits; of a text the words that are such terms, or `\(Minimising.withheld)`; of a place its",
            "degrees to 0.01. Nothing else can be erased: no other member is a place for personal data, neither what is said as a",
            "`reason` nor `because` of the administrators' events, which is recorded in plain text, as it is written. Ids and subjects have no `@`.",
        ]
        var owners: [String] = []
        for type in types.all where !owners.contains(type.owner) { owners.append(type.owner) }
        for owner in owners {
            lines += ["", "## " + title(owner)]
            for kind in EventKind.allCases {
                let own = types.all.filter { $0.owner == owner && $0.kind == kind }
                guard !own.isEmpty else { continue }
                lines += ["", "### " + title(kind), ""]
                for type in own { lines += entry(type) }
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func title(_ owner: String) -> String {
        switch owner {
        case "engine": "The engine"
        case "any": "Any agent"
        case "administrator": "Administrators"
        default: owner.prefix(1).uppercased() + owner.dropFirst()
        }
    }

    private static func title(_ kind: EventKind) -> String {
        switch kind {
        case .fact: "Facts"
        case .trigger: "Triggers"
        case .decision: "Decisions"
        case .engine: "Entries of its own"
        }
    }

    private static func entry(_ type: EventType) -> [String] {
        var head = "- **`\(type.name)`**"
        if type.isRefusal { head += ", a refusal" }
        if type.isCorrectable { head += ", an override may emit it" }
        if let once = type.once { head += ", once " + words(once) }
        if let say = type.say { head += ": " + say.text }
        return [head, "  `\(type.schema.text)`"]
    }

    private static func words(_ once: OnceKey) -> String {
        func list(_ names: [String]) -> String { names.map { "`\($0)`" }.joined(separator: ", ") }
        let notes =
            (once.changes.isEmpty ? [] : ["later ones may change \(list(once.changes))"])
            + (once.ignores.isEmpty ? [] : ["\(list(once.ignores)) of later ones says nothing"])
        return list(once.members) + (notes.isEmpty ? "" : " (" + notes.joined(separator: "; ") + ")")
            + (once.isFreedByRefusal ? " unless refused" : "")
    }
}
