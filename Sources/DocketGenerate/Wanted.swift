import JSON
import Rules

/// Contents of a module's `folds.yaml`, with the declarations of the members that it names.
struct Wanted {
    struct Problem: Error, CustomStringConvertible {
        let description: String
    }

    /// An event type with the members that are read.
    struct Event {
        let type: EventType
        let members: [Member]
    }

    /// A member that is read, with the members of it that are.
    struct Member {
        let name: String
        let type: DeclaredType
        let isOptional: Bool
        /// The members of the record it is, or that its elements are.
        let members: [Member]
        /// Indicates that every member of it is read, whatever its name.
        let isMap: Bool
    }

    /// A record that several types share, with the members that are read.
    struct Record {
        let name: String
        let members: [Member]
    }

    private(set) var folds: [Event] = []
    private(set) var reads: [Event] = []
    /// Events read from entries to which no rule set is held.
    private(set) var views: [Event] = []
    private(set) var recordViews: [Record] = []
    private(set) var emits: [EventType] = []
    /// The shared records that are written.
    private(set) var records: [RecordSchema] = []
    /// Names of those that are mostly written without their optional members, many at a time.
    private(set) var lines: Set<String> = []

    init(_ file: RuleFile, _ types: EventTypes) throws {
        let root = try Document(adopting: try file.content()).root
        folds = try Self.events(root["folds"], types)
        reads = try Self.events(root["reads"], types)
        lines = Set((root["lines"]?.children).map { $0.compactMap(\.string) } ?? [])
        views = try Self.events(root["views"], types) { !$0.hasPrefix("_") }
        for entry in root["views"].map({ Array($0.children) }) ?? [] {
            guard let name = entry.name, name.hasPrefix("_") else { continue }
            let schema = try Self.shared(name, types)
            recordViews.append(Record(name: name, members: try Self.members(Self.paths(entry), of: schema, in: name)))
        }
        if let names = root["emits"] {
            for name in names.children {
                let name = name.string ?? ""
                if name.hasPrefix("_") {
                    records.append(try Self.shared(name, types))
                } else {
                    emits.append(try Self.type(name, types))
                }
            }
        }
    }

    /// The record `_name`, found where a type has it.
    private static func shared(_ name: String, _ types: EventTypes) throws -> RecordSchema {
        let own = "event." + name.dropFirst()
        for type in types.all {
            for member in type.schema.members {
                if let record = member.type.record, record.name == own { return record }
            }
        }
        throw Problem(description: "no type has members of the record `\(name)`")
    }

    private static func paths(_ entry: View) -> [[String]] {
        entry.children.map { ($0.string ?? "").split(separator: ".").map(String.init) }
    }

    private static func type(_ name: String, _ types: EventTypes) throws -> EventType {
        guard let type = types[name] else { throw Problem(description: "no type `\(name)` is declared") }
        return type
    }

    private static func events(
        _ section: View?, _ types: EventTypes, where isWanted: (String) -> Bool = { _ in true }
    ) throws -> [Event] {
        guard let section else { return [] }
        var events: [Event] = []
        for entry in section.children where isWanted(entry.name ?? "") {
            let type = try type(entry.name ?? "", types)
            events.append(Event(type: type, members: try members(paths(entry), of: type.schema, in: type.name)))
        }
        return events
    }

    /// The members that paths name; a record named alone stands for all of its members.
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
