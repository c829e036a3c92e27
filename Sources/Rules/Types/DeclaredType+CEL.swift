import AgentKit

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

    /// Whether a value of the CEL type may be one of this type; what the check cannot tell is held to it when it is
    /// written.
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
