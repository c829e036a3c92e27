import AgentKit

/// The type of a member of an event's data, as rule files declare it.
package indirect enum DeclaredType: Hashable, Sendable {
    case string
    /// A string that names something: where it comes from outside it is held to the pattern of ids; minted ids may be
    /// longer.
    case id
    case int
    /// Minor units, 0 or more, whose currency stands in `currency` of their record or of the nearest one around it.
    case money
    case double
    case bool
    case timestamp
    case duration
    case dyn
    case list(DeclaredType)
    /// A map with string keys.
    case map(DeclaredType)
    case record(RecordSchema)
    /// One of the texts named.
    case oneOf([String])
    /// Sealed before it is hashed; rules pass it on but cannot read it.
    case personal(DeclaredType)
}

extension DeclaredType {
    /// The scalar types and `dyn` by their names.
    static let named: [String: DeclaredType] = [
        "string": .string, "id": .id, "int": .int, "money": .money, "double": .double, "bool": .bool,
        "timestamp": .timestamp,
        "duration": .duration, "dyn": .dyn,
    ]

    /// The type as a file would declare it.
    package var text: String {
        switch self {
        case .string: "string"
        case .id: "id"
        case .int: "int"
        case .money: "money"
        case .double: "double"
        case .bool: "bool"
        case .timestamp: "timestamp"
        case .duration: "duration"
        case .dyn: "dyn"
        case .list(let element): "[" + element.text + "]"
        case .map(let value): "{string: " + value.text + "}"
        case .record(let schema): schema.text
        case .oneOf(let values): values.joined(separator: "|")
        case .personal(let type): "personal " + type.text
        }
    }

    /// Indicates an amount or a list of them, in the currency of the record that has it as a member.
    var holdsAmounts: Bool {
        switch self {
        case .money: true
        case .list(let element): element.holdsAmounts
        default: false
        }
    }

    /// The amounts in the record that it is, or that its elements or values are.
    var amountMembers: AmountMembers {
        switch self {
        case .list(let element): element.amountMembers
        case .map(let value): value.amountMembers
        case .record(let schema): schema.amountMembers
        default: .none
        }
    }

    /// Indicates that an amount is anywhere in it.
    var holdsMoney: Bool {
        switch self {
        case .money: true
        case .list(let element): element.holdsMoney
        case .map(let value): value.holdsMoney
        case .record(let schema): schema.holdsMoney
        default: false
        }
    }

    /// Indicates that amounts in it are in the currency of a record around it.
    var borrowsCurrency: Bool {
        switch self {
        case .money: true
        case .list(let element): element.borrowsCurrency
        case .map(let value): value.borrowsCurrency
        case .record(let schema): schema.borrowsCurrency
        default: false
        }
    }

    /// Indicates that its values are strings in JSON too, as they are declared.
    package var isText: Bool {
        switch self {
        case .string, .id, .oneOf: true
        default: false
        }
    }

    /// Returns true if its values are those of another type: an id is a string.
    func isAlike(_ other: DeclaredType) -> Bool {
        switch (self, other) {
        case (.string, .id), (.id, .string): true
        default: self == other
        }
    }

    /// Indicates that it, or a part of it, is sealed.
    var holdsPersonal: Bool {
        switch self {
        case .personal: true
        case .list(let element): element.holdsPersonal
        case .map(let value): value.holdsPersonal
        case .record(let schema): schema.members.contains { $0.type.holdsPersonal }
        default: false
        }
    }

    /// Indicates that a record in it has a member of which the door would keep only a part.
    var holdsMinimal: Bool {
        switch self {
        case .list(let type), .map(let type), .personal(let type): type.holdsMinimal
        case .record(let schema): schema.members.contains { $0.minimising != nil || $0.type.holdsMinimal }
        default: false
        }
    }

    /// Indicates that a value of any depth can be in it.
    var holdsAnything: Bool {
        switch self {
        case .string, .id, .int, .money, .double, .bool, .timestamp, .duration, .oneOf, .personal: false
        case .dyn: true
        case .list(let element): element.holdsAnything
        case .map(let value): value.holdsAnything
        case .record(let schema): schema.holdsAnything
        }
    }

    /// Indicates that the canonical bytes of a value in an entry are its canonical bytes in a decision: nothing in it
    /// is rewritten, as timestamps and durations are.
    var isCopiedAsWritten: Bool {
        switch self {
        case .string, .id, .int, .money, .double, .bool, .dyn, .oneOf, .personal: true
        case .timestamp, .duration: false
        case .list(let element): element.isCopiedAsWritten
        case .map(let value): value.isCopiedAsWritten
        case .record(let schema): schema.isCopiedAsWritten
        }
    }
}

extension DeclaredType {
    /// The type rules see.
    var celType: CELType {
        switch self {
        case .string, .id, .oneOf: .string
        case .int: .int
        case .money: .money
        case .double: .double
        case .bool: .bool
        case .timestamp: .timestamp
        case .duration: .duration
        case .dyn: .dyn
        case .list(let element): .list(element.celType)
        case .map(let value): .map(.string, value.celType)
        case .record(let schema): .record(schema.name)
        case .personal: TypeText.personal
        }
    }

    /// The records it is made of.
    var recordTypes: [RecordType] {
        switch self {
        case .list(let element): element.recordTypes
        case .map(let value): value.recordTypes
        case .record(let schema): [schema.recordType] + schema.members.flatMap(\.type.recordTypes)
        default: []
        }
    }

    /// Returns true if a value of the CEL type may be one of this type; what cannot be told then is checked when the
    /// value is written.
    func mayBe(_ type: CELType) -> Bool {
        switch (self, type) {
        case (.dyn, _), (_, .dyn): true
        case (.string, .string), (.id, .string), (.oneOf, .string), (.int, .int), (.double, .double), (.double, .int),
            (.bool, .bool),
            (.timestamp, .timestamp), (.duration, .duration), (.money, .money):
            true
        case (.list(let element), .list(let other)): element.mayBe(other)
        case (.map(let value), .map(let key, let other)): (key == .string || key == .dyn) && value.mayBe(other)
        case (.map, .record), (.record, .record): true
        case (.record, .map(let key, _)): key == .string || key == .dyn
        case (.personal, _): type == TypeText.personal
        default: false
        }
    }
}

extension RecordSchema {
    /// In the order of the declaration.
    var recordType: RecordType {
        RecordType(
            name,
            declaredOrder.map {
                RecordType.Field(members[$0].name, members[$0].type.celType, isOptional: members[$0].isOptional)
            })
    }
}
