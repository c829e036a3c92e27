package import JSON

/// The data of an event of one type that is about to be recorded. `tools/generate` writes what conforms to it.
package protocol EventData {
    /// The event type.
    static var type: String { get }
    /// Writes the data as an object, its members in the order of RFC 8785.
    func write(to writer: inout CanonicalWriter)
}

extension EventData {
    /// The data as canonical JSON.
    package var bytes: [UInt8] {
        var writer = CanonicalWriter(capacity: 256)
        write(to: &writer)
        return writer.bytes
    }
}
