package import JSON

/// The data of an event of one type, read by name where it lies. `tools/generate` writes the views.
package protocol EventView {
    /// The event type.
    static var type: String { get }
    init(_ data: View)
}

/// A record inside the data of an event, read by name where it lies.
@usableFromInline package protocol RecordView {
    /// - Parameter object: the node of the record; of anything else every member is absent.
    init(_ document: Document, _ object: UInt32)
}

/// The events that a reducer folds: a case for each type, with the view of its data.
package protocol EventFold {
    /// For each case, in their order, what its view reads.
    static var readings: [EventReading] { get }
    /// Readings of events that the agent does not fold.
    static var otherReadings: [EventReading] { get }
    /// The case of that number, from 0.
    init(_ number: Int, _ data: View)
}

extension EventFold {
    package static var otherReadings: [EventReading] { [] }

    /// The number of the case that folds a type; nil where none does.
    package static func number(of type: String) -> Int? { readings.firstIndex { $0.type == type } }

    /// The case that folds an entry; nil where there is none.
    package init?(_ entry: Event) {
        guard let number = Self.number(of: entry.type) else { return nil }
        self.init(number, entry.data)
    }
}

/// The nodes of a list's elements or of an object's members, one after the other; it stands on the hot path.
@usableFromInline package struct ChildNodes {
    @usableFromInline let document: Document
    @usableFromInline var node: UInt32
    @usableFromInline let end: UInt32

    /// - Parameter parent: of anything but what holds them there are none; 0 is absent.
    @inlinable init(_ document: Document, of parent: UInt32, _ kind: Kind) {
        self.document = document
        let isParent = document.kind(of: parent) == kind
        node = isParent ? parent + 1 : 0
        end = isParent ? document.nodeAfter(parent) : 0
    }

    /// No nodes.
    init(none document: Document) {
        self.document = document
        node = 0
        end = 0
    }

    @inlinable package mutating func next() -> UInt32? {
        guard node < end else { return nil }
        defer { node = document.nodeAfter(node) }
        return node
    }
}

/// The records of a list, read one after the other.
@usableFromInline package struct RecordList<Element: RecordView>: Sequence {
    @usableFromInline package let document: Document
    /// The node of the list; of anything else there are no records.
    @usableFromInline package let node: UInt32

    @inlinable package init(_ document: Document, _ node: UInt32) {
        self.document = document
        self.node = node
    }

    package var count: Int { document.kind(of: node) == .array ? document.count(of: node) : 0 }

    @inlinable package func makeIterator() -> Iterator { Iterator(nodes: ChildNodes(document, of: node, .array)) }

    @usableFromInline package struct Iterator: IteratorProtocol {
        @usableFromInline var nodes: ChildNodes

        @inlinable init(nodes: ChildNodes) { self.nodes = nodes }

        @inlinable package mutating func next() -> Element? {
            guard let node = nodes.next() else { return nil }
            return Element(nodes.document, node)
        }
    }
}

/// The records of a map, read one after the other with their names.
package struct RecordMap<Value: RecordView>: Sequence {
    package let document: Document
    /// The node of the map; 0 where it is absent.
    package let node: UInt32

    package init(_ document: Document, _ node: UInt32) {
        self.document = document
        self.node = node
    }

    package func makeIterator() -> Iterator {
        Iterator(nodes: node == 0 ? ChildNodes(none: document) : ChildNodes(document, of: node, .object))
    }

    package struct Iterator: IteratorProtocol {
        fileprivate var nodes: ChildNodes

        package mutating func next() -> (name: String, value: Value)? {
            guard let node = nodes.next() else { return nil }
            return (View(document: nodes.document, node: node).name ?? "", Value(nodes.document, node))
        }
    }
}

/// Reads the values of members by their nodes, 0 where a member is absent. Views alone call it.
package enum Field {
    /// The node of a member of an event's data.
    package static func node(_ data: View, _ name: StaticString) -> UInt32 {
        data.document.member(of: data.node, name) ?? 0
    }

    /// Empty where it is absent.
    package static func text(_ document: Document, _ node: UInt32) -> String { textIfAny(document, node) ?? "" }
    package static func textIfAny(_ document: Document, _ node: UInt32) -> String? {
        node == 0 ? nil : document.string(of: node)
    }

    /// 0 where it is absent.
    package static func integer(_ document: Document, _ node: UInt32) -> Int64 { integerIfAny(document, node) ?? 0 }
    package static func integerIfAny(_ document: Document, _ node: UInt32) -> Int64? {
        node == 0 ? nil : document.int(of: node)
    }

    /// False where it is absent.
    package static func flag(_ document: Document, _ node: UInt32) -> Bool { flagIfAny(document, node) ?? false }
    package static func flagIfAny(_ document: Document, _ node: UInt32) -> Bool? {
        node == 0 ? nil : document.bool(of: node)
    }

    /// The first moment of all where it is absent.
    package static func moment(_ document: Document, _ node: UInt32) -> Instant {
        momentIfAny(document, node) ?? .earliest
    }
    package static func momentIfAny(_ document: Document, _ node: UInt32) -> Instant? {
        textIfAny(document, node).flatMap { Instant(rfc3339: $0) }
    }

    /// Empty where it is absent.
    package static func texts(_ document: Document, _ node: UInt32) -> [String] {
        var texts: [String] = []
        view(document, node)?.forEachElement { if let text = $0.string { texts.append(text) } }
        return texts
    }

    /// The value itself: a number whose digits count, a map or a value of any type.
    package static func view(_ document: Document, _ node: UInt32) -> View? {
        node == 0 ? nil : View(document: document, node: node)
    }

    /// Returns true if a member is a text that begins with these bytes.
    package static func hasPrefix(_ document: Document, _ node: UInt32, _ text: StaticString) -> Bool {
        view(document, node)?.hasPrefix(text) ?? false
    }
}

/// The members of one event type that a reducer reads: a rule set that declares the type must declare them alike.
package struct EventReading: Sendable {
    /// The way in which a member's value is read.
    package enum Form: String, Sendable {
        case text = "string"
        case integer = "int"
        case decimal = "double"
        case flag = "bool"
        case moment = "timestamp"
        case length = "duration"
        case texts = "[string]"
        /// A record, whose members that are read follow.
        case record = "a record"
        /// A list of records, whose members that are read follow.
        case records = "a list of records"
        /// An object of which every member is read, whatever its name.
        case map = "a map"
        case any = "dyn"
    }

    /// One member, or a member of a record inside it.
    package struct Member: Sendable {
        /// Names joined by dots; `[]` stands behind a list: `transfers[].amount`.
        package let path: String
        package let form: Form
        /// Indicates that the member may be absent.
        package let isOptional: Bool

        package init(_ path: String, _ form: Form, isOptional: Bool = false) {
            self.path = path
            self.form = form
            self.isOptional = isOptional
        }
    }

    package let type: String
    package let members: [Member]

    package init(_ type: String, _ members: [Member]) {
        self.type = type
        self.members = members
    }
}
