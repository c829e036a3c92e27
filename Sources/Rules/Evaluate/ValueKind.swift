import AgentKit

/// The kind of a value by its name in messages.
enum ValueKind {
    static func name(_ value: Value) -> String {
        switch value {
        case .null: "null"
        case .bool: "a bool"
        case .int: "an int"
        case .uint: "a uint"
        case .double: "a double"
        case .string, .text: "a string"
        case .bytes: "bytes"
        case .timestamp: "a timestamp"
        case .duration: "a duration"
        case .money: "money"
        case .list: "a list"
        case .map: "a map"
        case .type: "a type"
        case .optional: "an optional"
        case .host(let host, let node): host.kind(node) == .list ? "a list" : "a map"
        case .error: "an error"
        }
    }
}
