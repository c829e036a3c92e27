import AgentKit

/// The names the expressions of a rule set may use; the same variable has the same slot in every rule.
struct RuleEnvironment {
    struct Slots {
        let event: Int
        let params: Int
        let variables: Int
        /// In the order of the projections.
        let projections: [Int]
        /// In the order of the tables that rule files declare.
        let tables: [Int]
        /// The number of slots, with those of `table` and `item`, which only some expressions have.
        let count: Int
    }

    /// The variable whose members the names of `let` stand for; a word that no expression can say.
    static let locals = "let"

    /// Everything but what a rule brings itself.
    private(set) var base: CELEnvironment
    let slots: Slots
    let currencies: Currencies
    let projections: [AnyTable]
    /// The tables that rule files declare.
    let tables: [DeclaredTable]
    /// The environment of folds: `event`, `row` and the functions that need no state.
    private(set) var foldBase = CELEnvironment()
    /// The members that may be absent, by record.
    private(set) var optionalFields: [String: Set<String>] = [:]
    /// The texts that members can be, by record and member.
    private var texts: [String: [String: [String]]] = [:]

    init(
        types: EventTypes, host: RuleHost, currencies: Currencies, calendar: Calendar, tables: [DeclaredTable] = []
    ) {
        self.currencies = currencies
        var environment = CELEnvironment()
        environment.convertsDeclaredScalars = true
        let projections = host.projections.filter(\.isProjection)
        let event = environment.declare(variable: "event", .dyn)
        let params = environment.declare(variable: "params", .dyn)
        let variables = environment.declare(variable: Self.locals, .dyn)
        let projectionSlots = projections.map { environment.declare(variable: $0.name, $0.celType) }
        let tableSlots = tables.map { environment.declare(variable: $0.name, .map(.string, .record($0.schema.name))) }
        slots = Slots(
            event: event, params: params, variables: variables, projections: projectionSlots, tables: tableSlots,
            count: 5 + projections.count + tables.count)
        base = environment
        self.projections = projections
        self.tables = tables
        for record in projections.flatMap(\.recordTypes) { declare(record, &environment) }
        for table in tables {
            for record in DeclaredType.record(table.schema).recordTypes { declare(record, &environment) }
            note(.record(table.schema))
        }
        for type in types.all {
            for record in DeclaredType.record(type.schema).recordTypes { declare(record, &environment) }
            note(.record(type.schema))
            declare(Self.event(of: [type]), &environment)
        }
        let pure = Self.pureFunctions(currencies, calendar)
        foldBase = Self.foldBase(environment, pure)
        let lookups = tables.flatMap(\.lookups)
        for function in pure + host.functions + lookups {
            environment.declare(function: function)
        }
        environment.share()
        base = environment
    }

    /// The records of an environment with the variables and functions of folds.
    private static func foldBase(_ environment: CELEnvironment, _ functions: [Function]) -> CELEnvironment {
        var base = environment.withoutVariables
        precondition(base.declare(variable: "event", .dyn) == Folder.slots.event)
        precondition(base.declare(variable: "row", .dyn) == Folder.slots.row)
        for function in functions { base.declare(function: function) }
        base.share()
        return base
    }

    /// The tables that rules may read by name: the program's projections and the tables of rule files.
    var projectionNames: [String] { projections.map(\.name) + tables.map(\.name) }

    private mutating func declare(_ record: RecordType, _ environment: inout CELEnvironment) {
        environment.declare(record: record)
        optionalFields[record.name] = Set(record.fields.filter(\.isOptional).map(\.name))
        for field in record.fields where !field.values.isEmpty {
            texts[record.name, default: [:]][field.name] = field.values
        }
    }

    /// Notes the members that are enums.
    private mutating func note(_ type: DeclaredType) {
        switch type {
        case .list(let element): note(element)
        case .map(let value): note(value)
        case .record(let schema):
            for member in schema.members {
                if case .oneOf(let values) = member.type { texts[schema.name, default: [:]][member.name] = values }
                note(member.type)
            }
        default: break
        }
    }

    /// The texts that members can be in a rule on the given types, by record and member.
    func texts(seenBy types: [EventType]) -> [String: [String: [String]]] {
        var result = texts
        let event = Self.event(of: types)
        result[event.name] = ["type": types.map(\.name)]
        guard types.count > 1 else { return result }
        let data = Self.common(types)
        for field in data.fields {
            let declaring = types.filter { $0.schema.index(of: field.name) != nil }
            let lists = declaring.compactMap { texts[$0.schema.name]?[field.name] }
            guard lists.count == declaring.count else { continue }
            let all = lists.flatMap { $0 }
            result[data.name, default: [:]][field.name] = all.indices.filter { all.firstIndex(of: all[$0]) == $0 }.map {
                all[$0]
            }
        }
        return result
    }

    /// Functions that need no state, as constants of a rule file may call them too.
    static func pureFunctions(_ currencies: Currencies, _ calendar: Calendar) -> [Function] {
        MoneyFunctions.all(currencies) + [calendar.monthsAfter] + SentenceFunctions.words
    }

    /// Sets what `event` is in a rule on the given types.
    static func extend(_ base: CELEnvironment, on types: [EventType]) -> CELEnvironment {
        var environment = base
        let record = event(of: types)
        if types.count > 1 {
            environment.declare(record: common(types))
            environment.declare(record: record)
        }
        environment.declare(variable: "event", .record(record.name))
        return environment
    }

    /// Sets `event` where its type is unknown: its data may be anything.
    static func withAnyEvent(_ base: CELEnvironment) -> CELEnvironment {
        var environment = base
        let record = attributes("event:?", data: .dyn)
        environment.declare(record: record)
        environment.declare(variable: "event", .record(record.name))
        return environment
    }

    /// The attributes of an entry, with the data of its type.
    private static func event(of types: [EventType]) -> RecordType {
        let names = types.map(\.name).joined(separator: "|")
        return attributes(
            "event:" + names, data: .record(types.count == 1 ? types[0].schema.name : "event." + names))
    }

    private static func attributes(_ name: String, data: CELType) -> RecordType {
        RecordType(
            name,
            [
                RecordType.Field("id", .string),
                RecordType.Field("source", .string),
                RecordType.Field("type", .string),
                RecordType.Field("sequence", .string),
                RecordType.Field("recordedtime", .timestamp),
                RecordType.Field("data", data),
                RecordType.Field("subject", .string, isOptional: true),
                RecordType.Field("time", .timestamp, isOptional: true),
                RecordType.Field("authid", .string, isOptional: true),
                RecordType.Field("correlationid", .string, isOptional: true),
                RecordType.Field("causationid", .string, isOptional: true),
                RecordType.Field("agent", .string, isOptional: true),
                RecordType.Field("rule", .string, isOptional: true),
                RecordType.Field("because", .string, isOptional: true),
            ])
    }

    /// The members, in the data of several types, that not all declare, each with the types that lack it; and those
    /// that all declare and that may be absent.
    static func uncertain(
        _ types: [EventType]
    ) -> (record: String, lacking: [String: [String]], optional: Set<String>) {
        let data = common(types)
        var lacking: [String: [String]] = [:]
        var optional: Set<String> = []
        for field in data.fields where field.isOptional {
            let without = types.filter { $0.schema.index(of: field.name) == nil }.map(\.name)
            if without.isEmpty { optional.insert(field.name) } else { lacking[field.name] = without }
        }
        return (data.name, lacking, optional)
    }

    /// The members of several types' data: one that not all declare is optional, one that they declare differently dyn.
    private static func common(_ types: [EventType]) -> RecordType {
        var fields: [RecordType.Field] = []
        var seen: Set<String> = []
        for type in types {
            for field in type.schema.recordType.fields where seen.insert(field.name).inserted {
                let all = types.compactMap { type in type.schema.recordType.fields.first { $0.name == field.name } }
                let isOptional = all.count < types.count || all.contains(where: \.isOptional)
                let isAlike = all.allSatisfy { $0.type == field.type }
                fields.append(RecordType.Field(field.name, isAlike ? field.type : .dyn, isOptional: isOptional))
            }
        }
        return RecordType("event." + types.map(\.name).joined(separator: "|"), fields)
    }
}
