import AgentKit

/// The JCS form of parsed YAML: what a rule set's digest is made of.
enum YamlCanonical {
    /// The canonical JSON of a node; notes in `file` what JSON cannot say.
    static func bytes(_ node: YamlNode, in file: SourceFile) -> [UInt8] {
        var writer = CanonicalWriter(capacity: 256)
        write(node, in: file, into: &writer)
        return unsafe writer.withBytes { unsafe [UInt8]($0) }
    }

    /// Writes a node; notes in `file` what JSON cannot say.
    static func write(_ node: YamlNode, in file: SourceFile, into writer: inout CanonicalWriter) {
        switch node.content {
        case .scalar: write(node.scalar ?? .null, at: node.place, in: file, into: &writer)
        case .sequence(let elements):
            writer.beginArray()
            for element in elements { write(element, in: file, into: &writer) }
            writer.endArray()
        case .mapping(let entries):
            writer.beginObject()
            for entry in entries.sorted(by: { JCS.precedes($0.key, $1.key) }) {
                writer.key(entry.key)
                write(entry.value, in: file, into: &writer)
            }
            writer.endObject()
        }
    }

    private static func write(
        _ scalar: YamlScalar, at place: SourcePlace, in file: SourceFile, into writer: inout CanonicalWriter
    ) {
        switch scalar {
        case .null: writer.null()
        case .bool(let value): writer.bool(value)
        case .int(let value) where value.magnitude <= Limits.integerMagnitudeMax.magnitude: writer.int(value)
        case .double(let value):
            do {
                try writer.double(value)
            } catch {
                file.error(place, "a number beyond what JSON carries exactly")
                writer.null()
            }
        case .string(let value): writer.string(value)
        case .int, .tooLarge:
            file.error(place, "a number beyond what JSON carries exactly")
            writer.null()
        }
    }
}
