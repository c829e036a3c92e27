package import AgentKit

/// CEL values as canonical JSON, for people and clients: rows of projections, variables of an explanation.
package enum ValueJSON {
    /// RFC 8785 canonical JSON; nil for a value JSON cannot carry. Timestamps have three decimals, an optional is what it
    /// holds or `null`.
    package static func bytes(_ value: Value) -> [UInt8]? {
        var content = value
        if case .optional(let optional) = value { content = optional.value ?? .null }
        var writer = ValueWriter()
        do throws(RuleFailure) {
            try writer.write(content, .dyn, nil)
            return writer.takeBytes()
        } catch {
            return nil
        }
    }
}
