package import CEL
package import JSON

/// A host object that can write itself as canonical JSON faster than by being walked member by member.
package protocol JSONWritableHost: HostObject {
    /// The declared record (`posted` for `_posted`) that every element of node 0, a list, is certain to fit.
    var listedRecord: String { get }

    /// Writes the node in RFC 8785 form; false, having written nothing, where that must be done by walking.
    func writeCanonical(_ node: UInt32, into writer: inout CanonicalWriter) -> Bool
}
