/// A type of the CEL type system.
package indirect enum CELType: Hashable, Sendable {
    case dyn
    case null
    case bool
    case int
    case uint
    case double
    case string
    case bytes
    case timestamp
    case duration
    /// An amount with its currency: an extension of the language; the embedding program provides the values.
    case money
    /// The type of a type.
    case type(CELType)
    case list(CELType)
    case map(CELType, CELType)
    case optional(CELType)
    /// A record declared with `CELEnvironment.declare(record:)`.
    case record(String)
    case opaque(String, [CELType])
    /// A type parameter of a function's signature.
    case parameter(String)
    case error
    /// A type still to be inferred; a finished program has none.
    case variable(Int)
}

extension CELType: CustomStringConvertible {
    /// The type as a message names it: `map(string, list(int))`.
    package var description: String {
        switch self {
        case .dyn, .variable: "dyn"
        case .null: "null"
        case .bool: "bool"
        case .int: "int"
        case .uint: "uint"
        case .double: "double"
        case .string: "string"
        case .bytes: "bytes"
        case .timestamp: "timestamp"
        case .duration: "duration"
        case .money: "money"
        case .type: "type"
        case .list(let element): "list(\(element))"
        case .map(let key, let value): "map(\(key), \(value))"
        case .optional(let value): "optional(\(value))"
        case .record(let name), .parameter(let name): name
        case .opaque(let name, let parameters):
            parameters.isEmpty ? name : name + "(" + parameters.map(\.description).joined(separator: ", ") + ")"
        case .error: "error"
        }
    }

    /// The name of the `type` value at run time: `list`, `google.protobuf.Timestamp`.
    package var name: String {
        switch self {
        case .null: "null_type"
        case .timestamp: "google.protobuf.Timestamp"
        case .duration: "google.protobuf.Duration"
        case .list: "list"
        case .map, .record: "map"
        case .optional: "optional_type"
        case .opaque(let name, _): name
        default: description
        }
    }
}

/// A declared record: a map whose members are known, so that an unknown one is a compile error.
package struct RecordType: Sendable {
    package struct Field: Sendable {
        package let name: String
        package let type: CELType
        /// Set if the member may be absent, so that `has()` is meaningful.
        package let isOptional: Bool
        /// The values a string member can take, for semantic checks; empty if it can take any.
        package let values: [String]

        package init(_ name: String, _ type: CELType, isOptional: Bool = false, values: [String] = []) {
            self.name = name
            self.type = type
            self.isOptional = isOptional
            self.values = values
        }
    }

    package let name: String
    package let fields: [Field]

    package init(_ name: String, _ fields: [Field]) {
        self.name = name
        self.fields = fields
    }
}
