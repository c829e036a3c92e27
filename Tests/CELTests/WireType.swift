import CEL

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

    /// A declared function, which is there to be checked only.
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
