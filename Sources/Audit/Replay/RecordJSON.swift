package import AgentKit
package import JSON

/// Values of the rule language, and so rows of projections, as canonical JSON. What JSON cannot say, such as bytes, is
/// null.
package enum RecordJSON {
    /// A value as canonical JSON.
    package static func bytes(_ value: Value) -> [UInt8] {
        var writer = CanonicalWriter(capacity: 512)
        write(value, to: &writer)
        return writer.bytes
    }

    /// Writes a value.
    package static func write(_ value: Value, to writer: inout CanonicalWriter) {
        switch value {
        case .bool(let flag): writer.bool(flag)
        case .int(let number): write(number, to: &writer)
        case .uint(let number): write(Int64(clamping: number), to: &writer)
        case .double(let number):
            if (try? writer.double(number)) == nil { writer.null() }
        case .string(let text): writer.string(text)
        case .text(let host, let node): unsafe writer.string(utf8: host.text(node))
        case .timestamp(let timestamp): writer.string(Instant(timestamp).text)
        case .duration(let duration): writer.string(seconds(duration.nanos))
        case .list(let items):
            writer.beginArray()
            for item in items { write(item, to: &writer) }
            writer.endArray()
        case .map(let map): write(zip(map.keys, map.values).map { ($0.0, $0.1) }, to: &writer)
        case .optional(let optional):
            if let value = optional.value { write(value, to: &writer) } else { writer.null() }
        case .host(let host, let node): write(host, node, to: &writer)
        default: writer.null()
        }
    }

    private static func write(_ number: Int64, to writer: inout CanonicalWriter) {
        if (try? writer.integer(number)) == nil { writer.string(String(number)) }
    }

    private static func write(_ host: any HostObject, _ node: UInt32, to writer: inout CanonicalWriter) {
        if host.kind(node) == .list {
            writer.beginArray()
            for index in 0..<host.count(node) { write(host.element(node, index) ?? .null, to: &writer) }
            writer.endArray()
        } else {
            let keys = (0..<host.count(node)).map { host.key(node, at: $0) }
            write(keys.map { ($0, host.member(node, key: $0) ?? .null) }, to: &writer)
        }
    }

    private static func write(_ entries: [(Value, Value)], to writer: inout CanonicalWriter) {
        let named = entries.map { ($0.0.stringValue ?? text(of: $0.0), $0.1) }
        writer.beginObject()
        for (name, value) in named.sorted(by: { JCS.precedes($0.0, $1.0) }) {
            writer.key(name)
            write(value, to: &writer)
        }
        writer.endObject()
    }

    private static func text(of key: Value) -> String {
        switch key {
        case .int(let number): String(number)
        case .uint(let number): String(number)
        case .bool(let flag): String(flag)
        default: ""
        }
    }

    /// `21600s`, `0.5s`, as entries write durations.
    private static func seconds(_ nanos: Int64) -> String {
        let magnitude = nanos.magnitude
        var fraction = String(magnitude % 1_000_000_000)
        fraction = String(repeating: "0", count: 9 - fraction.utf8.count) + fraction
        while fraction.hasSuffix("0") { fraction.removeLast() }
        return (nanos < 0 ? "-" : "") + String(magnitude / 1_000_000_000) + (fraction.isEmpty ? "" : "." + fraction)
            + "s"
    }
}
