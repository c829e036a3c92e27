package import AgentKit

/// The members of events that one agent's reducer, or the engine, reads.
package struct AgentReadings: Sendable {
    /// The agent's name, or `engine`.
    package let reader: String
    package let readings: [EventReading]

    package init(reader: String, readings: [EventReading]) {
        self.reader = reader
        self.readings = readings
    }
}

/// Checks the declarations of a rule set against the members that this program's reducers read: a member that is gone
/// would be read as empty.
struct ReadingCheck {
    let declared: [String: EventTypesBuilder.Declared]
    let types: EventTypes

    /// Notes in the files every member that is read and not declared alike; each once.
    func report(_ agents: [AgentReadings]) {
        var seen: Set<String> = []
        for agent in agents {
            for reading in agent.readings {
                guard let declared = declared[reading.type], let type = types[reading.type] else { continue }
                for member in reading.members {
                    guard let problem = problem(member, type.schema, of: reading.type, agent.reader),
                        seen.insert(reading.type + "\n" + member.path).inserted
                    else { continue }
                    declared.file.error(declared.place(of: member.path), problem, length: reading.type.utf8.count)
                }
            }
        }
    }

    private func problem(
        _ member: EventReading.Member, _ schema: RecordSchema, of type: String, _ reader: String
    ) -> String? {
        let names = member.path.split(separator: ".").map { $0.hasSuffix("[]") ? String($0.dropLast(2)) : String($0) }
        let reader = reader == "engine" ? "the engine" : "the \(reader)'s reducer"
        var record = schema
        for (depth, name) in names.enumerated() {
            guard let found = record.members.first(where: { $0.name == name }) else {
                // Of a record that is gone its members are not missed one by one.
                return depth == names.count - 1
                    ? "`\(type)` no longer declares `\(name)`, which \(reader) reads" : nil
            }
            if depth < names.count - 1 {
                guard let inner = found.type.innerRecord else { return nil }
                record = inner
                continue
            }
            guard member.form.reads(found.type) else {
                return "`\(type)` declares `\(name)` as `\(found.type.text)`, which \(reader) reads as "
                    + member.form.described
            }
            if found.isOptional, !member.isOptional, member.form.needsValue {
                return "`\(type)` declares `\(name)` as optional, and \(reader) reads it in every event"
            }
        }
        return nil
    }
}

extension DeclaredType {
    /// The record it is, or that its elements or values are.
    fileprivate var innerRecord: RecordSchema? {
        switch self {
        case .record(let schema), .list(.record(let schema)), .map(.record(let schema)): schema
        default: nil
        }
    }
}

extension EventReading.Form {
    fileprivate var described: String { rawValue.hasPrefix("a ") ? rawValue : "`\(rawValue)`" }

    /// Indicates that an absent member reads otherwise than an empty one.
    fileprivate var needsValue: Bool {
        switch self {
        case .text, .integer, .decimal, .flag, .moment, .length, .record: true
        case .texts, .records, .map, .any: false
        }
    }

    /// Returns true if it can read values of a declared type.
    fileprivate func reads(_ type: DeclaredType) -> Bool {
        switch (self, type) {
        case (.text, .string), (.text, .id), (.text, .oneOf), (.integer, .int), (.integer, .money), (.decimal, .double),
            (.decimal, .int),
            (.flag, .bool), (.moment, .timestamp), (.length, .duration), (.texts, .list(.string)), (.texts, .list(.id)),
            (.texts, .list(.oneOf)), (.record, .record), (.records, .list(.record)), (.map, .map), (.map, .record),
            (.any, _):
            true
        default: false
        }
    }
}
