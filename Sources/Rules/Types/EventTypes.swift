/// All event types of a rule set, by name and by index. Immutable: any thread may read it.
package final class EventTypes: Sendable {
    /// In the order of their indexes.
    package let all: [EventType]
    private let byName: [String: EventType]

    init(_ all: [EventType]) {
        self.all = all
        byName = Dictionary(all.map { ($0.name, $0) }) { first, _ in first }
    }

    package subscript(_ name: String) -> EventType? { byName[name] }

    package var count: Int { all.count }

    /// The engine's own types.
    package static let ofEngine: EventTypes = {
        var builder = EventTypesBuilder()
        _ = builder.addBuiltIn(SourceFile(BuiltInTypes.file), correctable: [])
        return EventTypes(builder.types)
    }()
}
