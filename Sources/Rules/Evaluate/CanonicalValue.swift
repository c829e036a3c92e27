package import AgentKit

/// Values of rules and projections as canonical JSON, for people and clients.
package enum CanonicalValue {
    /// The value's canonical JSON: timestamps and durations as decisions write them, an optional as what it holds or
    /// `null`, and what decisions cannot write by CEL's mapping (`9007199254740992` as a string); nil where there is
    /// none.
    package static func bytes(of value: Value) -> [UInt8]? { bytes(ValueWriter(), value) }

    /// A member of a row in that currency: its amounts are minor units.
    package static func bytes(of value: Value, in currency: CurrencyCode?) -> [UInt8]? {
        bytes(ValueWriter(row: currency), value)
    }

    /// The same for explanations of what a rule looked at: every amount with its currency.
    static func told(_ value: Value) -> [UInt8]? { bytes(ValueWriter(tells: true), value) }

    private static func bytes(_ writer: consuming ValueWriter, _ value: Value) -> [UInt8]? {
        var content = value
        if case .optional(let optional) = value { content = optional.value ?? .null }
        var writer = writer
        if (try? writer.write(content, .dyn, nil)) != nil { return writer.takeBytes() }
        return (try? content.json()).flatMap { try? Document(adopting: $0) }?.bytes
    }
}

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
