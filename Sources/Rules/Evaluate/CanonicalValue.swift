package import AgentKit

/// Values of rules and projections as canonical JSON, for people and clients.
package enum CanonicalValue {
    /// The value's canonical JSON: timestamps and durations as decisions write them; nil where it has none.
    package static func bytes(of value: Value) -> [UInt8]? {
        var writer = ValueWriter()
        guard (try? writer.write(value, .dyn, nil)) != nil else { return nil }
        return writer.takeBytes()
    }
}
