import JSON
import Rules

/// What a module's `folds.yaml` asks for, with the declarations of the members.
struct Wanted {
    struct Problem: Error, CustomStringConvertible {
        let description: String
    }

    /// An event type with the members that are read.
    struct Event {
        let type: EventType
        let members: [Member]
    }

    /// A member that is read.
    struct Member {
        let name: String
        let type: DeclaredType
        let isOptional: Bool
        /// The members of the record it is, or that its elements are.
        let members: [Member]
        /// Whether every member of it is read, whatever its name.
        let isMap: Bool
    }

    private(set) var folds: [Event] = []
    private(set) var reads: [Event] = []
    private(set) var emits: [EventType] = []

    init(_ file: RuleFile, _ types: EventTypes) throws {
        let root = try Document(adopting: try file.content()).root
        folds = try Self.events(root["folds"], types)
        reads = try Self.events(root["reads"], types)
        if let names = root["emits"] {
            for name in names.children { emits.append(try Self.type(name.string ?? "", types)) }
        }
    }

    private static func type(_ name: String, _ types: EventTypes) throws -> EventType {
        guard let type = types[name] else { throw Problem(description: "no type `\(name)` is declared") }
        return type
    }

    private static func events(_ section: View?, _ types: EventTypes) throws -> [Event] {
        guard let section else { return [] }
        var events: [Event] = []
        for entry in section.children {
            let type = try type(entry.name ?? "", types)
            let paths = entry.children.map { ($0.string ?? "").split(separator: ".").map(String.init) }
            events.append(Event(type: type, members: try members(paths, of: type.schema, in: type.name)))
        }
        return events
    }

    /// The members that paths name; all where there is no path.
    private static func members(
        _ paths: [[String]], of schema: RecordSchema, in place: String
    ) throws -> [Member] {
        var names: [String] = []
        for path in paths {
            guard let name = path.first else { continue }
            if !names.contains(name) { names.append(name) }
        }
        return try names.map { name in
            guard let member = schema.members.first(where: { $0.name == name }) else {
                throw Problem(description: "`\(place)` declares no `\(name)`")
            }
            let inner = paths.filter { $0.first == name }.map { Array($0.dropFirst()) }.filter { !$0.isEmpty }
            let isMap = inner == [["*"]]
            var members: [Member] = []
            if !isMap, let record = member.type.record {
                let all = record.members.map { [$0.name] }
                members = try Self.members(inner.isEmpty ? all : inner, of: record, in: place + "." + name)
            }
            return Member(
                name: name, type: member.type, isOptional: member.isOptional, members: members,
                isMap: isMap || (member.type.isMap && member.type.record == nil))
        }
    }
}

extension DeclaredType {
    /// The record it is, or that its elements or values are.
    var record: RecordSchema? {
        switch self {
        case .record(let schema): schema
        case .list(.record(let schema)), .map(.record(let schema)): schema
        default: nil
        }
    }

    var isMap: Bool { if case .map = self { true } else { false } }
    var isList: Bool { if case .list = self { true } else { false } }
}
