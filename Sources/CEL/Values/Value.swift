/// A CEL value; an error is a value too, so that `&&` and `||` can absorb it.
///
/// Strings are compared as UTF-8. `host` and `text` refer to foreign data, which is read in place.
package enum Value: Sendable {
    case null
    case bool(Bool)
    case int(Int64)
    case uint(UInt64)
    case double(Double)
    case string(String)
    /// A string inside a host object: the object and its node.
    case text(any HostObject, UInt32)
    case bytes([UInt8])
    case timestamp(Timestamp)
    case duration(Duration)
    case money(Money)
    case list([Value])
    case map(MapValue)
    case type(CELType)
    case optional(OptionalValue)
    /// A map or list inside a host object: the object and its node.
    case host(any HostObject, UInt32)
    case error(EvaluationError)
}

extension Value {
    /// The text of a string, copied out of its host if it is in one; nil for any other type.
    package var stringValue: String? {
        switch self {
        case .string(let text): return text
        case .text(let host, let node): return unsafe String(decoding: host.text(node), as: UTF8.self)
        default: return nil
        }
    }

    package var boolValue: Bool? { if case .bool(let value) = self { value } else { nil } }

    package var intValue: Int64? { if case .int(let value) = self { value } else { nil } }

    package var moneyValue: Money? { if case .money(let value) = self { value } else { nil } }

    /// The error, if evaluation failed.
    package var errorValue: EvaluationError? { if case .error(let error) = self { error } else { nil } }

    /// An optional that holds `value`.
    package static func some(_ value: Value) -> Value { .optional(OptionalValue(value)) }

    /// The empty optional.
    package static var none: Value { .optional(OptionalValue(nil)) }

    /// An error value of the given code.
    package static func failure(_ code: EvaluationError.Code, _ message: String) -> Value {
        .error(EvaluationError(code, message))
    }
}

/// The content of an `optional_type` value: a value or nothing.
package struct OptionalValue: Sendable {
    private final class Box: Sendable {
        let value: Value
        init(_ value: Value) { self.value = value }
    }

    private let box: Box?

    package init(_ value: Value?) { box = value.map(Box.init) }

    /// The value; nil if the optional is empty.
    package var value: Value? { box?.value }
}

extension Value {
    /// The type as `type()` returns it: containers without the types of their content.
    package var runtimeType: CELType {
        switch self {
        case .null: .null
        case .bool: .bool
        case .int: .int
        case .uint: .uint
        case .double: .double
        case .string, .text: .string
        case .bytes: .bytes
        case .timestamp: .timestamp
        case .duration: .duration
        case .money: .money
        case .list: .list(.dyn)
        case .map: .map(.dyn, .dyn)
        case .host(let host, let node): host.kind(node) == .list ? .list(.dyn) : .map(.dyn, .dyn)
        case .type: .type(.dyn)
        case .optional: .optional(.dyn)
        case .error: .error
        }
    }

    /// The name of the type: `int`, `null_type`, `google.protobuf.Timestamp`.
    package var typeName: String { runtimeType.name }

    static let noOverload = Value.failure(.noSuchOverload, "no such overload")
    static let costPassed = Value.failure(.costExceeded, "the expression costs more than its limit")
    static let overflow = Value.failure(.overflow, "the number overflows")
    static let noCurrency = Value.failure(.typeMismatch, "the amount has no currency")
    static let currenciesDiffer = Value.failure(.currency, "the amounts have different currencies")
    static let outOfTime = Value.failure(.overflow, "the time is out of range")
}
