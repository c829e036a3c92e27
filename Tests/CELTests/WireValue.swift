import CEL
import Foundation

/// Values in the JSON form of cel.expr.Value.
enum WireValue {
    static func read(_ json: [String: Any]) -> Value {
        guard let (kind, content) = json.first(where: { $0.key != "@type" }) else { return .null }
        switch kind {
        case "nullValue": return .null
        case "boolValue": return .bool(content as? Bool ?? false)
        case "int64Value": return .int(Int64(content as? String ?? "") ?? 0)
        case "uint64Value": return .uint(UInt64(content as? String ?? "") ?? 0)
        case "doubleValue": return .double(double(content))
        case "stringValue": return .string(content as? String ?? "")
        case "bytesValue": return .bytes([UInt8](Data(base64Encoded: content as? String ?? "") ?? Data()))
        case "typeValue": return .type(.opaque(content as? String ?? "", []))
        case "listValue":
            return .list(((content as? [String: Any])?["values"] as? [[String: Any]] ?? []).map(read))
        case "mapValue": return map((content as? [String: Any])?["entries"] as? [[String: Any]] ?? [])
        case "objectValue": return object(content as? [String: Any] ?? [:])
        default: return .failure(.invalidArgument, "unknown kind \(kind)")
        }
    }

    private static func double(_ json: Any) -> Double {
        switch json as? String {
        case "NaN": .nan
        case "Infinity": .infinity
        case "-Infinity": -.infinity
        case let text?: Double(text) ?? .nan
        case nil: (json as? NSNumber)?.doubleValue ?? .nan
        }
    }

    private static func map(_ entries: [[String: Any]]) -> Value {
        let pairs = entries.map {
            (read($0["key"] as? [String: Any] ?? [:]), read($0["value"] as? [String: Any] ?? [:]))
        }
        return .map(MapValue(entries: pairs))
    }

    /// A timestamp or duration, read with the conversions of the language.
    private static func object(_ json: [String: Any]) -> Value {
        let text = json["value"] as? String ?? ""
        let function = (json["@type"] as? String ?? "").hasSuffix("Timestamp") ? "timestamp" : "duration"
        let program = try? CELEnvironment().compile("\(function)('\(text)')")
        return program?.evaluate(Activation(slots: 0)) ?? .failure(.invalidArgument, "unreadable \(json)")
    }

    /// Equality that distinguishes types and equates NaN with itself.
    static func same(_ a: Value, _ b: Value) -> Bool {
        switch (a, b) {
        case (.double(let x), .double(let y)): return x.isNaN && y.isNaN || (x == y && x.sign == y.sign)
        case (.list(let x), .list(let y)): return x.count == y.count && zip(x, y).allSatisfy { same($0, $1) }
        case (.map(let x), .map(let y)):
            return x.count == y.count && zip(x.keys, y.keys).allSatisfy { same($0, $1) }
                && zip(x.values, y.values).allSatisfy { same($0, $1) }
        case (.optional(let x), .optional(let y)):
            guard let p = x.value, let q = y.value else { return x.value == nil && y.value == nil }
            return same(p, q)
        default: return a.runtimeType.name == b.runtimeType.name && a == b
        }
    }
}

/// Types in the JSON form of cel.expr.Type.
enum WireType {
    static func read(_ json: Any?) -> CELType {
        guard let type = json as? [String: Any], let (kind, content) = type.first else { return .dyn }
        let fields = content as? [String: Any] ?? [:]
        switch kind {
        case "primitive", "wrapper": return primitive(content as? String)
        case "null": return .null
        case "wellKnown": return content as? String == "TIMESTAMP" ? .timestamp : .duration
        case "messageType": return message(content as? String ?? "")
        case "listType": return .list(read(fields["elemType"]))
        case "mapType": return .map(read(fields["keyType"]), read(fields["valueType"]))
        case "type": return .type(read(fields))
        case "typeParam": return .parameter(content as? String ?? "")
        case "abstractType":
            let parameters = (fields["parameterTypes"] as? [Any] ?? []).map { read($0) }
            let name = fields["name"] as? String ?? ""
            return name == "optional_type" ? .optional(parameters.first ?? .dyn) : .opaque(name, parameters)
        default: return .dyn
        }
    }

    private static func primitive(_ name: String?) -> CELType {
        switch name {
        case "BOOL": .bool
        case "INT64": .int
        case "UINT64": .uint
        case "DOUBLE": .double
        case "STRING": .string
        case "BYTES": .bytes
        default: .dyn
        }
    }

    private static func message(_ name: String) -> CELType {
        switch name {
        case "google.protobuf.Timestamp": .timestamp
        case "google.protobuf.Duration": .duration
        default: .dyn
        }
    }

    /// A declared function, which is only checked, never called.
    static func function(_ name: String, _ json: [String: Any]) -> Function {
        let overloads = (json["overloads"] as? [[String: Any]] ?? []).map { overload in
            Function.Overload(
                (overload["params"] as? [Any] ?? []).map { read($0) }, result: read(overload["resultType"]),
                isMember: overload["isInstanceFunction"] as? Bool ?? false
            ) { _ in .failure(.noSuchOverload, "declared only") }
        }
        return Function(name, overloads)
    }
}
