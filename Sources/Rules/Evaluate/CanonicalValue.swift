package import AgentKit

/// Values of rules and projections as canonical JSON, for people and clients.
package enum CanonicalValue {
    /// The value's canonical JSON: timestamps and durations as decisions write them, an optional as what it holds or
    /// `null`; nil for what JSON cannot carry.
    package static func bytes(of value: Value) -> [UInt8]? {
        var content = value
        if case .optional(let optional) = value { content = optional.value ?? .null }
        var writer = ValueWriter()
        guard (try? writer.write(content, .dyn, nil)) != nil else { return nil }
        return writer.takeBytes()
    }
}
